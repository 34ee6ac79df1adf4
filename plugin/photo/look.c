/* SPDX-License-Identifier: GPL-3.0-or-later */
/* look.c: one layer of an image as a network sees it. */

#include "photo/look.h"
#include "base/fail.h"

const ParamChoice look_fits[] = {
    {"crop", N_("Centre crop")},
    {"stretch", N_("Stretch")},
    {"pad", N_("Pad")},
    {NULL, NULL},
};

Fit
look_fit(const ParamValues *values)
{
    return param_is(values, "fit", "stretch") ? FIT_STRETCH
           : param_is(values, "fit", "pad")   ? FIT_PAD
                                              : FIT_CROP;
}

gboolean
look_take(Look *look,
          HostPixels *pixels,
          const GeglRectangle *item,
          const GeglRectangle *selection,
          const Net *net,
          Fit fit,
          GError **error)
{
    float bars[3];
    gsize pixels_seen = (gsize)net->height * (gsize)net->width;
    *look = (Look){0};
    if (!region_find(&look->region, item, selection, fit, net->width, net->height, error))
        return FALSE;
    look->rgb = g_try_new(float, pixels_seen * 3);
    look->input = g_try_new(float, net_input_count(net));
    net_neutral(net, bars);
    gboolean ok =
        (look->rgb && look->input) ||
        fail_run(error, _("There is not enough memory for the network's input."));
    ok = ok &&
         region_read(&look->region, pixels, item->x, item->y, bars, look->rgb, error);
    if (ok)
        dcn_input_from_rgb(&net->card.how, &net->layout, (size_t)net->height,
                           (size_t)net->width, look->rgb, look->input);
    else
        look_clear(look);
    return ok;
}

gboolean
look_at(Look *look, const Run *run, HostItem *drawable, const Net *net, GError **error)
{
    Fit fit = look_fit(run->values);
    GeglRectangle item = host_item_rect(drawable), selection;
    gboolean selected = host_selection(run->image, &selection);
    HostPixels *pixels = host_item_open(drawable, error);
    if (!pixels)
        return FALSE;
    gboolean ok =
        look_take(look, pixels, &item, selected ? &selection : NULL, net, fit, error);
    host_pixels_close(pixels);
    return ok;
}

void
look_clear(Look *look)
{
    g_free(look->rgb);
    g_free(look->input);
    *look = (Look){0};
}
