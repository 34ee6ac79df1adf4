/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window.c: sizes and reach of a sliding window. */
#include "ops/kit/window.h"
#include "edit.h"
#include "ops/kit/common.h"
#include <string.h>

/* The largest number that a file may state for a window: products of any two fit int64_t,
 * and loops over them end within reasonable time. */
#define LARGEST ((int64_t)1 << 24)
#define LARGEST_PAD ((int64_t)1 << 16)

/* A list with one entry an axis, or all fallback if the node does not have it. */
static bool
read_list(DcnSetup *setup,
          const char *name,
          int axes,
          int64_t least,
          int64_t fallback,
          int64_t values[3])
{
    int64_t list[3];
    int n = dcn_node_ints(setup->node, name, list, 3);
    if (n != 0 && n != axes)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                              "%s needs %d numbers, one an axis; it has %s", name, axes,
                              n < 0 ? "more" : (const char *[]){"0", "1", "2", "3"}[n]);
    for (int i = 0; i < 3; i++)
        values[i] = i < 3 - axes || n == 0 ? fallback : list[i - (3 - axes)];
    for (int i = 0; i < 3 - axes; i++)
        values[i] = 1;
    for (int i = 3 - axes; i < 3; i++)
        if (values[i] < least || values[i] > LARGEST)
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                                  "%s holds %lld, which is out of range", name,
                                  (long long)values[i]);
    return true;
}

static bool
read_pads(DcnSetup *setup, DcnWindow *window)
{
    int64_t list[6];
    int n = dcn_node_ints(setup->node, "pads", list, 6);
    if (n == 0)
        return true;
    if (n != 2 * window->axes)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                              "pads needs %d numbers, two an axis; it has %s",
                              2 * window->axes, n < 0 ? "more" : "another number");
    for (int i = 0; i < n; i++)
        if (list[i] < 0 || list[i] > LARGEST_PAD)
            return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                                  "pads holds %lld, which is out of range",
                                  (long long)list[i]);
    for (int i = 0; i < window->axes; i++) {
        window->begin[3 - window->axes + i] = list[i];
        window->end[3 - window->axes + i] = list[window->axes + i];
    }
    return true;
}

bool
dcn_window_read(DcnSetup *setup, const int64_t *kernel, DcnWindow *window)
{
    const DcnShape *x = setup->in[0];
    char text[128];
    memset(window, 0, sizeof *window);
    if (x->rank < 3 || x->rank > 5)
        return dcn_setup_fail(
            setup, DCN_ERROR_UNSUPPORTED,
            "the input is %s; one to three axes after N and C can be treated",
            dcn_shape_print(x, text));
    window->axes = x->rank - 2;
    for (int i = 0; i < 3; i++) {
        window->in[i] = i < 3 - window->axes ? 1 : x->dim[i + x->rank - 3];
        window->out[i] = 1;
        if (window->in[i] < 1)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is empty: %s",
                                  dcn_shape_print(x, text));
        if (window->in[i] > INT32_MAX)
            return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "an axis of %lld places",
                                  (long long)window->in[i]);
    }
    if (!kernel && dcn_node_ints(setup->node, "kernel_shape", (int64_t[3]){0}, 3) == 0)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "kernel_shape is missing");
    if (!read_list(setup, "kernel_shape", window->axes, 1, 1, window->kernel) ||
        !read_list(setup, "strides", window->axes, 1, 1, window->stride) ||
        !read_list(setup, "dilations", window->axes, 1, 1, window->dilation))
        return false;
    if (kernel) {
        bool stated = dcn_node_attribute(setup->node, "kernel_shape") != NULL;
        for (int i = 0; i < window->axes; i++) {
            int64_t *own = &window->kernel[3 - window->axes + i];
            if (kernel[i] < 1 || kernel[i] > LARGEST)
                return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                      "the weights have a kernel of size %lld",
                                      (long long)kernel[i]);
            if (stated && *own != kernel[i])
                return dcn_setup_fail(
                    setup, DCN_ERROR_SHAPE,
                    "kernel_shape says %lld where the weights have %lld", (long long)*own,
                    (long long)kernel[i]);
            *own = kernel[i];
        }
    }
    return read_pads(setup, window);
}

/* Extent of a kernel with its dilation. */
static int64_t
extent(const DcnWindow *window, int axis)
{
    return (window->kernel[axis] - 1) * window->dilation[axis] + 1;
}

int64_t
dcn_window_count(
    int64_t n, int64_t begin, int64_t end, int64_t extent, int64_t stride, bool ceil)
{
    int64_t room = n + begin + end - extent;
    if (room < 0)
        return 0;
    int64_t count = (ceil ? dcn_ceil_div(room, stride) : room / stride) + 1;
    /* The last window must not start in the padding at the end. */
    return ceil && (count - 1) * stride - begin >= n ? count - 1 : count;
}

bool
dcn_window_setup(DcnSetup *setup, const int64_t *kernel, DcnWindow *window)
{
    if (!dcn_window_read(setup, kernel, window))
        return false;
    const char *pad = dcn_node_string(setup->node, "auto_pad", "NOTSET");
    bool upper = strcmp(pad, "SAME_UPPER") == 0, lower = strcmp(pad, "SAME_LOWER") == 0;
    bool valid = strcmp(pad, "VALID") == 0;
    if (!upper && !lower && !valid && strcmp(pad, "NOTSET") != 0 && *pad)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "auto_pad is \"%.40s\"", pad);
    bool ceil = dcn_node_int(setup->node, "ceil_mode", 0) != 0;
    for (int i = 3 - window->axes; i < 3; i++) {
        int64_t n = window->in[i], stride = window->stride[i];
        if (valid)
            window->begin[i] = window->end[i] = 0;
        if (upper || lower) {
            window->out[i] = dcn_ceil_div(n, stride);
            int64_t total = (window->out[i] - 1) * stride + extent(window, i) - n;
            total = dcn_max_i64(total, 0);
            window->begin[i] = upper ? total / 2 : total - total / 2;
            window->end[i] = total - window->begin[i];
            continue;
        }
        int64_t room = n + window->begin[i] + window->end[i] - extent(window, i);
        if (room < 0)
            return dcn_setup_fail(
                setup, DCN_ERROR_SHAPE,
                "a kernel of extent %lld does not fit into %lld places with their padding",
                (long long)extent(window, i),
                (long long)(n + window->begin[i] + window->end[i]));
        int64_t out = dcn_window_count(n, window->begin[i], window->end[i],
                                       extent(window, i), stride, ceil);
        if (out < 1)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "no window touches the input");
        window->out[i] = out;
    }
    return true;
}

bool
dcn_window_pool_setup(DcnSetup *setup, DcnWindow *window)
{
    if (!dcn_window_setup(setup, NULL, window))
        return false;
    for (int i = 3 - window->axes; i < 3; i++)
        if (dcn_max_i64(window->begin[i], window->end[i]) >= extent(window, i))
            return dcn_setup_fail(
                setup, DCN_ERROR_UNSUPPORTED,
                "pads of %lld and %lld reach the extent of the kernel, which is %lld, so "
                "a window could see nothing but padding",
                (long long)window->begin[i], (long long)window->end[i],
                (long long)extent(window, i));
    return true;
}

bool
dcn_window_volume(DcnSetup *setup, const DcnWindow *window, size_t most, size_t *volume)
{
    DcnShape shape = dcn_shape(3, window->kernel);
    if (!dcn_shape_elements(&shape, volume) || *volume > most)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "a window of %lld x %lld x %lld is too large",
                              (long long)window->kernel[0], (long long)window->kernel[1],
                              (long long)window->kernel[2]);
    return true;
}

DcnShape
dcn_window_shape(const DcnWindow *window, int64_t n, int64_t channels)
{
    DcnShape shape = {.rank = window->axes + 2, .dim = {n, channels}};
    for (int i = 0; i < window->axes; i++)
        shape.dim[2 + i] = window->out[3 - window->axes + i];
    return shape;
}

void
dcn_window_ahead(
    const DcnWindow *window, int axis, int64_t begin, int64_t end, int64_t result[2])
{
    int64_t stride = window->stride[axis], pad = window->begin[axis];
    int64_t first = dcn_ceil_div(begin + pad - extent(window, axis) + 1, stride);
    int64_t last = dcn_floor_div(end - 1 + pad, stride) + 1;
    first = dcn_max_i64(first, 0);
    last = dcn_min_i64(last, window->out[axis]);
    /* With gaps (dilation, strides past the kernel) the outermost of these may miss. */
    int64_t step = window->dilation[axis];
    while (first < last) {
        int64_t start = first * stride - pad;
        int64_t k = begin <= start ? 0 : dcn_ceil_div(begin - start, step);
        if (k < window->kernel[axis] && start + k * step < end)
            break;
        first++;
    }
    while (first < last) {
        int64_t start = (last - 1) * stride - pad;
        int64_t k = begin <= start ? 0 : dcn_ceil_div(begin - start, step);
        if (k < window->kernel[axis] && start + k * step < end)
            break;
        last--;
    }
    result[0] = first;
    result[1] = last;
}

void
dcn_window_back(
    const DcnWindow *window, int axis, int64_t begin, int64_t end, int64_t result[2])
{
    int64_t stride = window->stride[axis], step = window->dilation[axis];
    int64_t low = window->in[axis], high = -1, first, last;
    /* Windows that begin in the padding may see their first place of the image further in
     * than the next window does; the same at the end. */
    for (int64_t o = begin; o < end; o++) {
        int64_t start = o * stride - window->begin[axis];
        dcn_window_inside(window, axis, o, &first, &last);
        if (first < last)
            low = dcn_min_i64(low, start + first * step);
        if (start >= 0)
            break;
    }
    for (int64_t o = end - 1; o >= begin; o--) {
        int64_t start = o * stride - window->begin[axis];
        dcn_window_inside(window, axis, o, &first, &last);
        if (first < last)
            high = dcn_max_i64(high, start + (last - 1) * step);
        if (last == window->kernel[axis])
            break;
    }
    result[0] = low <= high ? low : 0;
    result[1] = low <= high ? high + 1 : 0;
}

/* Axis i of the window is axis i - (3 - axes) + 1 of a box (whose axis 0 is channels). */
static void
box_of(const DcnWindow *window,
       const DcnBox *from,
       DcnBox *to,
       void (*map)(const DcnWindow *, int, int64_t, int64_t, int64_t[2]))
{
    DcnBox box = *from;
    if (dcn_box_is_empty(from)) {
        *to = (DcnBox){{0}, {0}};
        return;
    }
    for (int i = 3 - window->axes; i < 3; i++) {
        int axis = i - (3 - window->axes) + 1;
        if (axis > 2)
            break; /* boxes have no fourth axis: the depth of 3-D pools hides the width */
        int64_t result[2];
        map(window, i, from->begin[axis], from->end[axis], result);
        box.begin[axis] = result[0];
        box.end[axis] = result[1];
    }
    *to = box;
}

void
dcn_window_box_ahead(const DcnWindow *window, const DcnBox *in, DcnBox *out)
{
    box_of(window, in, out, dcn_window_ahead);
}

void
dcn_window_box_back(const DcnWindow *window, const DcnBox *out, DcnBox *in)
{
    box_of(window, out, in, dcn_window_back);
}

DcnBox
dcn_window_groups(const DcnBox *box, size_t from, size_t to)
{
    DcnBox other = *box;
    if (!dcn_box_is_empty(box)) {
        other.begin[0] = box->begin[0] / (int64_t)from * (int64_t)to;
        other.end[0] = dcn_ceil_div(box->end[0], (int64_t)from) * (int64_t)to;
    }
    return other;
}

DcnLocality
dcn_window_local(const DcnWindow *window, float fill, DcnLocalWindow *local)
{
    if (window->axes != 2)
        return DCN_LOCAL_NO;
    local->fill = fill;
    for (int i = 0; i < 2; i++) {
        local->stride[i] = window->stride[i + 1];
        local->pad[i] = window->begin[i + 1];
        local->extent[i] = (window->kernel[i + 1] - 1) * window->dilation[i + 1] + 1;
    }
    return DCN_LOCAL_WINDOW;
}
