/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.h: which places of an axis of the input a place of the resized axis is made of,
 * and with which weights; ONNX's rules for Resize.
 *
 * A place o of the output lies at x of the input, by the coordinate mode: with half_pixel
 * and an axis of 2 that becomes 4, o = 0 1 2 3 lie at -0.25 0.25 0.75 1.25. It is made of
 * the places around x. Those outside of the axis are the first or the last one again:
 * with linear weights o = 0 is place 0 alone, o = 1 is 3/4 of place 0 and 1/4 of place 1.
 * Coordinates are computed in float, as other runtimes do: ties then go the same way. */
#ifndef DCN_OPS_RESIZE_PLACE_H
#define DCN_OPS_RESIZE_PLACE_H

#include "ops/op.h"

typedef enum { DCN_RESIZE_NEAREST, DCN_RESIZE_LINEAR, DCN_RESIZE_CUBIC } DcnResizeMode;

typedef enum {
    DCN_HALF_PIXEL,           /* x = (o + 0.5) / scale - 0.5 */
    DCN_HALF_PIXEL_SYMMETRIC, /* the same, the middle of both axes at one place */
    DCN_PYTORCH_HALF_PIXEL,   /* the same, but 0 where the output has one place */
    DCN_TF_HALF_PIXEL_FOR_NN, /* x = (o + 0.5) / scale */
    DCN_ALIGN_CORNERS,        /* first on first, last on last */
    DCN_ASYMMETRIC,           /* x = o / scale */
    DCN_TF_CROP_AND_RESIZE,   /* from a part of the axis, the region of interest */
} DcnCoordinates;

typedef enum { DCN_PREFER_FLOOR, DCN_PREFER_CEIL, DCN_FLOOR, DCN_CEIL } DcnNearest;

typedef struct {
    DcnResizeMode mode;
    DcnCoordinates coordinates;
    DcnNearest nearest;
    float cubic;          /* the cubic polynomial's coefficient a */
    bool exclude_outside; /* places outside have no weight; the others are scaled up */
    bool antialias;       /* where the axis shrinks, weights are wider by as much */
} DcnResizeRule;

typedef struct {
    bool same; /* nothing happens to this axis */
    int64_t in, out;
    float scale;      /* of the node, or out / in */
    float width;      /* in * scale, or out */
    float begin, end; /* the region of interest, 0 and 1 being first and last place */
} DcnResizeAxis;

/* Where one place of the output takes from. */
typedef struct {
    bool outside;  /* of the region of interest: it gets the extrapolation value */
    int64_t first; /* candidate k is place first + k of the input, cut to the axis */
    int64_t count;
    float
        ratio; /* how far x is behind the candidate that is next below it, 0 < ratio <= 1
                  */
    float sum; /* of the weights before they are divided by it */
} DcnPlace;

/* Candidates at most. */
int64_t dcn_resize_candidates(const DcnResizeRule *rule, const DcnResizeAxis *axis);

DcnPlace dcn_resize_place(const DcnResizeRule *rule,
                          const DcnResizeAxis *axis,
                          int64_t o);

/* Weight and place of candidate k; the weight may be 0. */
float dcn_resize_candidate(const DcnResizeRule *rule,
                           const DcnResizeAxis *axis,
                           const DcnPlace *place,
                           int64_t k,
                           int64_t *i);

#endif
