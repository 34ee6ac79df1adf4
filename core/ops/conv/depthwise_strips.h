/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depthwise_strips.h: planes of depthwise convolutions, laid out for their inner loop.
 * Inside depthwise*.c only.
 *
 * The padded plane is laid out in phases: phase (a, b) holds its rows a, a + stride ...
 * and of these the columns b, b + stride ... Then what a kernel element sees at all
 * places of the output is one phase, moved by a fixed offset, and the sums are loops over
 * neighbouring floats (depthwise_rows.h), whatever stride, dilation and pads are. Large
 * planes are cut into strips whose phases stay in the first cache. */
#ifndef DCN_OPS_CONV_DEPTHWISE_STRIPS_H
#define DCN_OPS_CONV_DEPTHWISE_STRIPS_H

#include "base/least.h"
#include "ops/conv/depthwise_rows.h"
#include "ops/conv/way.h"

/* A kernel with more elements is left to the matrix product. */
#define DCN_DEPTHWISE_TAPS 128

typedef struct {
    size_t phases_y, phases_x; /* that any element of the kernel sees */
    size_t far_y, far_x;       /* how far in a phase the farthest element sees */
    size_t rows;               /* of the output, in a strip */
    size_t height, width;      /* of a phase of a strip */
    size_t size;               /* floats from one phase to the next */
} DcnPhases;

typedef struct {
    size_t n;
    DcnTaps taps[DCN_DEPTHWISE_TAPS];
} DcnPhaseTaps;

/* Floats of a plane of this size. */
static inline size_t
dcn_plane_size(const int64_t size[3])
{
    return (size_t)(size[1] * size[2]);
}

/* True if each group has one channel, and few maps and kernel elements. */
bool dcn_depthwise_fits(const DcnConv2d *conv);

/* whole: one strip is all of the plane. */
DcnPhases dcn_phases_of(const DcnWindow *w, bool whole);

/* Floats of the phases of a strip. */
size_t dcn_phases_floats(const DcnPhases *l);

/* n planes of x into the phases of the strips that begin with a row of the output. What
 * is outside of the image and always was is zero already. */
void dcn_phases_fill(const DcnWindow *w,
                     const DcnPhases *l,
                     size_t first_row,
                     const float *x,
                     size_t n,
                     float *phases);

/* Planes that are laid out before they are read: several small ones, so that what is
 * written has reached the cache by then. */
size_t dcn_phases_planes(const DcnPhases *l, const DcnWindow *w);

/* A kernel element that is seen at a float of the source; below: it is of the same column
 * as the one before, and may lie right below it. */
void dcn_phases_add_tap(
    DcnPhaseTaps *taps, size_t at, size_t element, size_t width, bool below);

/* What a place of the output sees in the phases. */
void dcn_phases_taps(const DcnWindow *w, const DcnPhases *l, DcnPhaseTaps *taps);

/* Channels that a thread takes at a time: even shares, but no less than pays for waking
 * it. */
size_t dcn_phases_grain(const DcnConvRun *run);

#endif
