/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net_private.h: what the files of net.h share. */
#ifndef FEATURESCOPE_NET_NET_PRIVATE_H
#define FEATURESCOPE_NET_NET_PRIVATE_H

#include "base/fail.h"
#include "net/net.h"

/* Settles a classifier that is unsure by one run of the net, and tells the user what its
 * numbers were taken for; once for a net that is open. A net that cannot be run stays
 * unsure. judge.c */
void net_judge(Net *net, DcnClassifier *classifier);

#endif
