/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resize: axes made longer or shorter, by factors or to sizes, from the nearest places or
 * by linear or cubic weights (place.h). Opset 10 knows factors only, x = o / scale, and
 * takes the place below. */
#include "ops/resize/factor.h"
#include <math.h>
#include <string.h>

enum { X, ROI, SCALES, SIZES };

/* A word's place in a list; -1 and an error if it is not there. */
static int
word(DcnSetup *setup, const char *name, const char *const *words, int n, int fallback)
{
    const char *said = dcn_node_string(setup->node, name, words[fallback]);
    for (int i = 0; i < n; i++)
        if (strcmp(said, words[i]) == 0)
            return i;
    dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "%s is \"%.40s\"", name, said);
    return -1;
}

/* The words are in the order of place.h. */
static const char *const modes[] = {"nearest", "linear", "cubic"};
static const char *const roundings[] = {"round_prefer_floor", "round_prefer_ceil",
                                        "floor", "ceil"};
static const char *const coordinates[] = {
    "half_pixel",    "half_pixel_symmetric", "pytorch_half_pixel", "tf_half_pixel_for_nn",
    "align_corners", "asymmetric",           "tf_crop_and_resize"};

static bool
read_rule(DcnSetup *setup, DcnResizeRule *rule)
{
    int mode = word(setup, "mode", modes, setup->opset < 11 ? 2 : 3, 0);
    int nearest = DCN_FLOOR, how = DCN_ASYMMETRIC;
    if (setup->opset >= 11) {
        nearest = word(setup, "nearest_mode", roundings, 4, DCN_PREFER_FLOOR);
        how =
            word(setup, "coordinate_transformation_mode", coordinates, 7, DCN_HALF_PIXEL);
    }
    if (mode < 0 || nearest < 0 || how < 0)
        return false;
    rule->mode = (DcnResizeMode)mode;
    rule->nearest = (DcnNearest)nearest;
    rule->coordinates = (DcnCoordinates)how;
    rule->cubic = dcn_node_float(setup->node, "cubic_coeff_a", -0.75F);
    rule->exclude_outside = dcn_node_int(setup->node, "exclude_outside", 0) != 0;
    rule->antialias = dcn_node_int(setup->node, "antialias", 0) != 0;
    return true;
}

/* The axes that scales, sizes and region name, in their order. Returns how many, -1 and
 * an error if they are wrong. */
static int
read_axes(DcnSetup *setup, int axes[DCN_MAX_RANK])
{
    int64_t list[DCN_MAX_RANK];
    int rank = setup->in[X]->rank;
    int n = dcn_node_ints(setup->node, "axes", list, DCN_MAX_RANK);
    bool named[DCN_MAX_RANK] = {false};
    if (n < 0) {
        dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "more than %d axes", DCN_MAX_RANK);
        return -1;
    }
    for (int i = 0; i < n; i++) {
        if (!dcn_setup_axis(setup, list[i], rank, false, &axes[i]))
            return -1;
        if (named[axes[i]]) {
            dcn_setup_fail(setup, DCN_ERROR_FORMAT, "axis %d is named twice", axes[i]);
            return -1;
        }
        named[axes[i]] = true;
    }
    for (int i = 0; n == 0 && i < rank; i++)
        axes[i] = i;
    return n == 0 ? rank : n;
}

static bool
by_scales(DcnSetup *setup, const float *scales, const int *axes, int n)
{
    for (int i = 0; i < n; i++)
        if (!dcn_factor_axis(setup, axes[i], scales[i]))
            return false;
    return true;
}

/* With a policy all axes get one factor: the largest with which none is longer than asked
 * for, or the smallest with which none is shorter. */
static bool
by_sizes(DcnSetup *setup, const int64_t *sizes, const int *axes, int n)
{
    DcnWeighted *p = setup->params;
    static const char *const policies[] = {"stretch", "not_larger", "not_smaller"};
    int policy = word(setup, "keep_aspect_ratio_policy", policies, 3, 0);
    float scale = 0;
    if (policy < 0)
        return false;
    for (int i = 0; i < n; i++) {
        DcnResizeAxis *axis = &p->axis[axes[i]];
        int64_t size = sizes[i];
        if (axes[i] == 0 && axis->in == 1 && setup->file_batch > 1 &&
            size == setup->file_batch)
            size = 1; /* the batch is the plan's */
        if (size < 1 || size > INT32_MAX)
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "a size is %lld",
                                  (long long)size);
        axis->out = size;
        axis->width = (float)size;
        axis->scale = (float)size / (float)axis->in;
        axis->same = size == axis->in;
        if (i == 0 || (policy == 1) == (axis->scale < scale))
            scale = axis->scale;
    }
    for (int i = 0; policy != 0 && i < n; i++) {
        DcnResizeAxis *axis = &p->axis[axes[i]];
        if (!dcn_factor_axis(setup, axes[i], scale))
            return false;
        axis->out = (int64_t)floorf(axis->width + 0.5F);
    }
    return true;
}

/* begin of each axis, then end of each */
static bool
read_region(DcnSetup *setup, const int *axes, int n)
{
    DcnWeighted *p = setup->params;
    float region[2 * DCN_MAX_RANK];
    int count = dcn_factor_floats(setup, ROI, region, 2 * DCN_MAX_RANK);
    if (count < 0)
        return false;
    if (count != 2 * n)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                              "a region of %d numbers for %d axes", count, n);
    for (int i = 0; i < n; i++) {
        DcnResizeAxis *axis = &p->axis[axes[i]];
        axis->begin = region[i];
        axis->end = region[n + i];
        if (axis->begin != 0 || axis->end != 1)
            axis->same = false;
        if (!isfinite(axis->begin) || !isfinite(axis->end))
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "the region is not finite");
    }
    return true;
}

static bool
resize_setup(DcnSetup *setup)
{
    DcnWeighted *p = setup->params;
    int axes[DCN_MAX_RANK], n = read_axes(setup, axes), n_sizes = 0;
    int64_t sizes[DCN_MAX_RANK];
    float scales[DCN_MAX_RANK];
    if (n < 0 || !read_rule(setup, &p->rule))
        return false;
    dcn_factor_start(setup);
    int n_scales =
        dcn_factor_floats(setup, setup->opset < 11 ? 1 : SCALES, scales, DCN_MAX_RANK);
    if (n_scales < 0)
        return false;
    if (setup->opset >= 11) {
        n_sizes = dcn_setup_ints(setup, SIZES, sizes, DCN_MAX_RANK);
        if (n_sizes == -1)
            return false;
        n_sizes = n_sizes < 0 ? 0 : n_sizes;
    }
    if (n_scales + n_sizes != n || (n_scales && n_sizes))
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                              "%d factors and %d sizes for %d axes", n_scales, n_sizes,
                              n);
    if (!(n_scales ? by_scales(setup, scales, axes, n) : by_sizes(setup, sizes, axes, n)))
        return false;
    if (p->rule.coordinates == DCN_TF_CROP_AND_RESIZE && !read_region(setup, axes, n))
        return false;
    p->extrapolation = dcn_node_float(setup->node, "extrapolation_value", 0);
    return dcn_weighted_setup(setup);
}

const DcnOp dcn_op_resize = {
    .name = "Resize",
    .inputs = {1, 4},
    .outputs = {1, 1},
    .since = 10,
    .params_size = sizeof(DcnWeighted),
    .setup = resize_setup,
    .forward = dcn_weighted_forward,
    .rule = DCN_RULE_TRANSPOSED,
    .back = DCN_BACK_ALL(dcn_weighted_back),
    .reach.ahead = dcn_weighted_reach_ahead,
    .reach.back = dcn_weighted_reach_back,
    .layer = "resize",
};
