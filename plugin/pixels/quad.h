/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quad.h: four floats at once: R'G'B' and alpha, or any four. Photos have millions of
 * pixels, and without it their loops take longer than everything else that is ours. */
#ifndef FEATURESCOPE_PIXELS_QUAD_H
#define FEATURESCOPE_PIXELS_QUAD_H

#include <glib.h>

typedef float Quad __attribute__((vector_size(16), aligned(4), may_alias));
typedef gint32 QuadMask __attribute__((vector_size(16), aligned(4), may_alias));

/* Cut to 0 .. 1; a NaN becomes 0. */
static inline Quad
quad_cut(Quad value)
{
    const Quad none = {0, 0, 0, 0}, one = {1, 1, 1, 1};
    value = (Quad)((value > none) & (QuadMask)value);
    QuadMask small = value < one;
    return (Quad)((small & (QuadMask)value) | (~small & (QuadMask)one));
}

#endif
