/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forms.c: see forms.h. */
#include "ops/conv/forms.h"
#include "ops/conv/packed.h"
#include "ops/conv/winograd.h"
#include "ops/conv/winograd2.h"

typedef enum {
    NONE,
    LARGE_TILES,
    SMALL_TILES,
} Transform;

/* For any number of images only what gains with many. */
static Transform
transform_of(const DcnConv2d *conv, size_t planned)
{
    if (planned == 0 ? dcn_winograd_fits(conv) : dcn_winograd_pays(conv, planned))
        return LARGE_TILES;
    return planned > 0 && dcn_winograd2_pays(conv, planned) ? SMALL_TILES : NONE;
}

bool
dcn_forms_fit(const DcnConv2d *conv)
{
    return dcn_packed_fits(conv);
}

/* The packed form comes first. */
size_t
dcn_forms_floats(const DcnConv2d *conv, size_t planned, bool transform)
{
    Transform kind = transform ? transform_of(conv, planned) : NONE;
    return dcn_packed_weights(conv) + (kind == LARGE_TILES   ? dcn_winograd_weights(conv)
                                       : kind == SMALL_TILES ? dcn_winograd2_weights(conv)
                                                             : 0);
}

void
dcn_forms_prepare(const DcnConv2d *conv,
                  size_t planned,
                  const float *w,
                  bool transform,
                  float *prepared)
{
    Transform kind = transform ? transform_of(conv, planned) : NONE;
    dcn_packed_prepare(conv, w, prepared);
    prepared += dcn_packed_weights(conv);
    if (kind == LARGE_TILES)
        dcn_winograd_prepare(conv, w, prepared);
    else if (kind == SMALL_TILES)
        dcn_winograd2_prepare(conv, w, prepared);
}

size_t
dcn_forms_scratch(const DcnConv2d *conv, size_t planned)
{
    Transform kind = transform_of(conv, planned);
    size_t packed = dcn_packed_scratch(conv),
           transformed = kind == LARGE_TILES   ? dcn_winograd_scratch(conv)
                         : kind == SMALL_TILES ? dcn_winograd2_scratch(conv, planned)
                                               : 0;
    return packed > transformed ? packed : transformed;
}

void
dcn_forms_forward(const DcnConv2d *conv,
                  size_t planned,
                  DcnContext *context,
                  size_t images,
                  const DcnImages *y,
                  const DcnImages *x,
                  const float *prepared,
                  bool transformed,
                  const float *bias,
                  DcnClamp clamp,
                  bool add)
{
    Transform kind = transformed ? transform_of(conv, planned) : NONE;
    const float *weights = prepared + dcn_packed_weights(conv);
    if (kind == LARGE_TILES && dcn_winograd_pays(conv, images))
        dcn_winograd_forward(conv, context, images, y, x, weights, bias, clamp, add);
    else if (kind == SMALL_TILES && images <= planned)
        dcn_winograd2_forward(conv, context, images, y, x, weights, bias, clamp, add);
    else
        dcn_packed_forward(conv, context, images, y, x, prepared, bias, clamp, add);
}
