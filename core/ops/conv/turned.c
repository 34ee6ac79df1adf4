/* SPDX-License-Identifier: GPL-3.0-or-later */
/* turned.c: the way back to the image of a convolution of stride 1.
 *
 * It is a convolution too: over the signal, with the kernels turned round and maps and
 * channels exchanged. So it takes the ways forward, and its form is the turned weights,
 * then their forms for those.
 *
 * With kernel K, dilation d and padding p before and q behind, the turned convolution has
 * the padding (K - 1) d - p before and what gives back the input's size behind:
 *
 *     dx[c][i] = sum over m, k of w[m][c][K - 1 - k] dy[m][i - ((K - 1) d - p) + k d] */
#include "ops/conv/way.h"

/* Some of the input's last places may be seen by no window. The turned convolution has to
 * give zero there, which it does if `end` may be larger than the kernel. */
static DcnConv2d
turned(const DcnConv2d *conv)
{
    DcnConv2d back = *conv;
    back.channels = conv->maps;
    back.maps = conv->channels;
    for (int axis = 0; axis < 3; axis++) {
        const DcnWindow *w = &conv->window;
        int64_t extent = (w->kernel[axis] - 1) * w->dilation[axis];
        back.window.in[axis] = w->out[axis];
        back.window.out[axis] = w->in[axis];
        back.window.begin[axis] = extent - w->begin[axis];
        back.window.end[axis] =
            w->in[axis] + extent - w->out[axis] - back.window.begin[axis];
    }
    return back;
}

/* Floats of the turned weights, in whole lines of 64 bytes. */
static size_t
turned_floats(const DcnConv2d *conv)
{
    return (dcn_conv_sizes(conv).weights + 15) / 16 * 16;
}

static bool
fits(const DcnConv2d *conv)
{
    DcnConv2d back = turned(conv);
    for (int axis = 1; axis < 3; axis++)
        if (conv->window.stride[axis] != 1 || back.window.begin[axis] < 0 ||
            back.window.end[axis] < 0)
            return false;
    return true;
}

/* Ahead, over activations, the transposed map by BLAS is quicker than all of the ways
 * forward that do not transform. */
static bool
pays(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnConv2d back = turned(conv);
    const DcnConvWay *const *ways = dcn_conv_ways(DCN_CONV_FORWARD);
    for (size_t i = 0; use->ahead && ways[i]; i++)
        if (ways[i]->transforms && ways[i]->fits(&back) && ways[i]->pays(&back, use))
            return true;
    return !use->ahead;
}

static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnConv2d back = turned(conv);
    return dcn_conv_scratch(DCN_CONV_FORWARD, &back, use);
}

static size_t
form_floats(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnConv2d back = turned(conv);
    return turned_floats(conv) + dcn_conv_forms(DCN_CONV_FORWARD, &back, use);
}

static void
prepare(const DcnConv2d *conv, const DcnConvUse *use, const float *weights, float *form)
{
    DcnConv2d back = turned(conv);
    DcnConvSizes s = dcn_conv_sizes(conv);
    float *to = form;
    for (size_t g = 0; g < conv->groups; g++)
        for (size_t c = 0; c < s.channels; c++)
            for (size_t m = 0; m < s.maps; m++)
                for (size_t k = s.kernel; k-- > 0;)
                    *to++ = weights[((g * s.maps + m) * s.channels + c) * s.kernel + k];
    dcn_conv_prepare(DCN_CONV_FORWARD, &back, use, form, form + turned_floats(conv));
}

static void
back(const DcnConvRun *run)
{
    DcnConv2d conv = turned(run->conv);
    DcnConvRun ahead = *run;
    ahead.conv = &conv;
    ahead.x = run->y;
    ahead.y = run->x;
    ahead.weights = run->form;
    ahead.forms = run->form + turned_floats(run->conv);
    dcn_conv_run(DCN_CONV_FORWARD, &ahead);
}

const DcnConvWay dcn_way_turned = {
    .name = "turned",
    .fits = fits,
    .pays = pays,
    .wide = true,
    .floats = form_floats,
    .prepare = prepare,
    .scratch = scratch,
    .run = back,
};
