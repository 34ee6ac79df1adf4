/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut.h: reading mapped files that somebody cuts off. */
#ifndef FEATURESCOPE_NET_CUT_H
#define FEATURESCOPE_NET_CUT_H

/* From now on memory that a file no longer has reads as zeroes in this process, instead
 * of ending it by SIGBUS. Who reads a mapped file asks afterwards whether it has changed:
 * net_steady(). May be called again. */
void cut_survive(void);

#endif
