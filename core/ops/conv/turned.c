/* SPDX-License-Identifier: GPL-3.0-or-later */
/* turned.c: the way back as a convolution.
 *
 * With kernel K, dilation d and padding p before and q behind, the turned convolution has
 * the padding (K - 1) d - p before and what gives back the input's size behind:
 *
 *     dx[c][i] = sum over m, k of w[m][c][K - 1 - k] dy[m][i - ((K - 1) d - p) + k d] */
#include "ops/conv/turned.h"
#include "ops/conv/depthwise.h"
#include "ops/conv/forms.h"

/* Places behind the ends that windows cut off are not seen by any window: the turned one
 * has to give zero there, which it does if `end` may be larger than the kernel. */
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

bool
dcn_turned_fits(const DcnConv2d *conv)
{
    if (!dcn_forms_fit(conv) || dcn_depthwise_fits(conv))
        return false;
    DcnConv2d back = turned(conv);
    for (int axis = 1; axis < 3; axis++)
        if (conv->window.stride[axis] != 1 || back.window.begin[axis] < 0 ||
            back.window.end[axis] < 0)
            return false;
    return dcn_forms_fit(&back);
}

size_t
dcn_turned_scratch(const DcnConv2d *conv, size_t planned)
{
    DcnConv2d back = turned(conv);
    return dcn_forms_scratch(&back, planned);
}

static size_t
kernel_floats(const DcnConv2d *conv)
{
    return (size_t)(conv->window.kernel[1] * conv->window.kernel[2]);
}

static size_t
weight_floats(const DcnConv2d *conv)
{
    return conv->maps * (conv->channels / conv->groups) * kernel_floats(conv);
}

/* Turned as they are, then in all forms. */
size_t
dcn_turned_floats(const DcnConv2d *conv, size_t planned, bool transform)
{
    DcnConv2d back = turned(conv);
    return weight_floats(conv) + dcn_forms_floats(&back, planned, transform);
}

void
dcn_turned_prepare(const DcnConv2d *conv,
                   size_t planned,
                   const float *w,
                   bool transform,
                   float *prepared)
{
    DcnConv2d back = turned(conv);
    size_t kernel = kernel_floats(conv), maps = conv->maps / conv->groups;
    size_t channels = conv->channels / conv->groups;
    float *to = prepared;
    for (size_t g = 0; g < conv->groups; g++)
        for (size_t c = 0; c < channels; c++)
            for (size_t m = 0; m < maps; m++)
                for (size_t k = kernel; k-- > 0;)
                    *to++ = w[((g * maps + m) * channels + c) * kernel + k];
    dcn_forms_prepare(&back, planned, prepared, transform, to);
}

void
dcn_turned_back(const DcnConv2d *conv,
                size_t planned,
                DcnContext *context,
                size_t images,
                const DcnImages *dx,
                const DcnImages *dy,
                const float *prepared,
                bool transformed,
                DcnClamp clamp,
                bool add)
{
    DcnConv2d back = turned(conv);
    dcn_forms_forward(&back, planned, context, images, dx, dy,
                      prepared + weight_floats(conv), transformed, NULL, clamp, add);
}
