/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share.h: reading and writing with nothing around it, in milliseconds: what the
 * plug-in's own share is compared to. bare-gimp2.c and bare-gimp3.c. */
#ifndef TEST_GIMP_SHARE_H
#define TEST_GIMP_SHARE_H

#include "host.h"

/* One reading of floats at scale 1, into memory that was touched before. */
double bare_read(HostItem *item, const GeglRectangle *rect);

/* One writing of floats into a layer of this size, which hangs nowhere and is deleted
 * afterwards; the host has all pixels when the clock stops. */
double bare_write(HostImage *image, const GeglRectangle *rect);

#endif
