/* SPDX-License-Identifier: GPL-3.0-or-later */
/* choice.c: of several ways of a convolution the right one is chosen. */
#include "check.h"
#include "core/fixture/conv_case.h"
#include "core/fixture/conv_define.h"
#include "core/fixture/conv_kinds.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    DcnConvMap map;
    int64_t groups, channels, maps, side, kernel, stride;
    DcnConvUse use; /* by a plan */
    size_t images;
    bool boxed, narrow;
    const char *name;
} Choice;

static const char *
chosen(const Choice *c)
{
    static const DcnBox box = {{0}, {1, 1, 1}};
    DcnConv2d conv = conv_of((size_t)c->groups, c->channels, c->maps);
    for (int axis = 1; axis < 3; axis++) {
        conv.window.kernel[axis] = c->kernel;
        conv.window.stride[axis] = c->stride;
        conv.window.begin[axis] = conv.window.end[axis] = c->kernel / 2;
        conv.window.in[axis] = c->side;
    }
    conv_set_out(&conv.window);
    DcnConvSizes s = dcn_conv_sizes(&conv);
    float *w = calloc(s.weights, sizeof *w), *forms = NULL;
    size_t floats = dcn_conv_forms(c->map, &conv, &c->use), out = conv.maps * s.out;
    if (floats > 0) {
        forms = conv_new_lines(floats);
        dcn_conv_prepare(c->map, &conv, &c->use, w, forms);
    }
    float *signal = calloc(out * c->images, sizeof *signal);
    for (size_t i = 0; i < out * c->images; i++)
        signal[i] = c->narrow ? i == 7 : 1;
    DcnImages y = {signal, out, 1, out};
    DcnConvRun run = {.conv = &conv,
                      .use = &c->use,
                      .images = c->images,
                      .y = &y,
                      .forms = forms,
                      .box = c->boxed ? &box : NULL,
                      .narrow = !c->use.training};
    const char *name = dcn_conv_choose(c->map, &run)->name;
    free(signal);
    free(forms);
    free(w);
    return name;
}

static void
the_first_that_fits_and_pays_is_chosen(void)
{
    static const DcnConvUse one = {.images = 1, .forms = true, .transform = true},
                            ahead = {.images = 1,
                                     .forms = true,
                                     .transform = true,
                                     .ahead = true},
                            any = {.forms = true, .transform = true},
                            small = {.images = 1, .forms = true}, plain = {.images = 1},
                            training = {
                                .training = true, .forms = true, .transform = true};
    const Choice choices[] = {
        {DCN_CONV_FORWARD, 1, 64, 64, 56, 3, 1, one, 1, 0, 0, "winograd"},
        {DCN_CONV_FORWARD, 1, 64, 64, 56, 3, 1, small, 1, 0, 0, "direct"},
        {DCN_CONV_FORWARD, 1, 64, 64, 56, 3, 1, plain, 1, 0, 0, "columns"},
        {DCN_CONV_FORWARD, 1, 64, 64, 14, 3, 1, one, 1, 0, 0, "winograd2"},
        {DCN_CONV_FORWARD, 1, 64, 64, 14, 3, 1, any, 1, 0, 0, "packed"},
        {DCN_CONV_FORWARD, 1, 64, 64, 14, 3, 1, any, 8, 0, 0, "winograd"},
        {DCN_CONV_FORWARD, 1, 64, 64, 14, 3, 1, one, 2, 0, 0,
         "columns"}, /* not planned */
        {DCN_CONV_FORWARD, 1, 64, 64, 56, 1, 1, one, 1, 0, 0, "packed"},
        {DCN_CONV_FORWARD, 64, 1, 1, 56, 3, 1, one, 1, 0, 0, "depthwise"},
        {DCN_CONV_FORWARD, 32, 4, 4, 56, 3, 1, one, 1, 0, 0, "direct"},
        {DCN_CONV_FORWARD, 25, 16, 16, 14, 3, 2, any, 9, 0, 0, "direct"},
        {DCN_CONV_FORWARD, 2, 64, 64, 28, 3, 1, one, 1, 0, 0, "direct"},
        {DCN_CONV_FORWARD, 1, 128, 128, 28, 3, 2, one, 1, 0, 0, "packed"},
        {DCN_CONV_FORWARD, 1, 3, 64, 224, 7, 2, one, 1, 0, 0, "direct"},
        {DCN_CONV_FORWARD, 1, 64, 16, 1, 1, 1, one, 1, 0, 0, "one place"},
        {DCN_CONV_FORWARD, 1, 64, 16, 1, 1, 1, any, 2, 0, 0, "packed"},
        {DCN_CONV_FORWARD, 1, 64, 16, 1, 1, 1, plain, 1, 0, 0, "columns"},
        {DCN_CONV_FORWARD, 1, 3, 64, 224, 3, 1, one, 1, 0, 0, "packed"},
        {DCN_CONV_BACK, 1, 3, 64, 56, 7, 2, one, 1, 0, 0, "taps"},
        {DCN_CONV_BACK, 1, 3, 64, 56, 7, 2, one, 1, 0, 1, "columns"},
        {DCN_CONV_BACK, 1, 3, 64, 56, 7, 2, training, 1, 0, 0, "columns"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 3, 1, one, 1, 0, 0, "turned"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 3, 1, one, 1, 0, 1, "columns"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 3, 1, training, 1, 0, 1, "turned"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 3, 1, one, 1, 1, 0, "columns"},
        {DCN_CONV_BACK, 64, 1, 1, 56, 3, 1, one, 1, 0, 0, "depthwise"},
        {DCN_CONV_BACK, 4, 16, 16, 56, 3, 2, one, 1, 0, 0, "direct"},
        {DCN_CONV_BACK, 4, 16, 16, 56, 3, 2, one, 1, 0, 1, "columns"},
        {DCN_CONV_BACK, 4, 16, 16, 56, 3, 1, one, 1, 0, 0, "turned"},
        {DCN_CONV_BACK, 1, 3, 64, 56, 3, 1, one, 1, 0, 0, "taps"},
        {DCN_CONV_BACK, 1, 3, 64, 56, 3, 1, ahead, 1, 0, 0, "columns"},
        {DCN_CONV_BACK, 1, 32, 64, 56, 4, 2, ahead, 1, 0, 0, "taps"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 3, 1, ahead, 1, 0, 0, "turned"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 1, 1, one, 1, 0, 0, "turned"},
        {DCN_CONV_BACK, 1, 64, 64, 56, 1, 1, ahead, 1, 0, 0, "columns"},
        {DCN_CONV_WEIGHTS, 1, 64, 64, 56, 3, 1, training, 1, 0, 0, "winograd"},
        {DCN_CONV_WEIGHTS, 1, 64, 64, 8, 3, 1, training, 1, 0, 0, "places"},
        {DCN_CONV_WEIGHTS, 1, 64, 64, 56, 1, 1, training, 1, 0, 0, "places"},
        {DCN_CONV_WEIGHTS, 1, 3, 64, 56, 7, 2, training, 1, 0, 0, "columns"},
        {DCN_CONV_WEIGHTS, 1, 64, 64, 56, 3, 1, one, 1, 0, 0, "columns"},
        {DCN_CONV_WEIGHTS, 64, 1, 1, 56, 3, 1, training, 1, 0, 0, "depthwise"},
    };
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        char text[64];
        snprintf(text, sizeof text, "choice %zu, %s", i, conv_map_names[choices[i].map]);
        if (strcmp(chosen(&choices[i]), choices[i].name) != 0)
            check_fail("%s: %s, not %s", text, chosen(&choices[i]), choices[i].name);
    }
}

CHECK_MAIN(CHECK_TEST(the_first_that_fits_and_pays_is_chosen))
