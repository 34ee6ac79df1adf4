/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seen.c: one layer of an image as a network sees it. */

#include "photo/seen.h"
#include "base/fail.h"

const ParamChoice seen_fits[] = {
    {"crop", N_("Centre crop")},
    {"stretch", N_("Stretch")},
    {"pad", N_("Pad")},
    {NULL, NULL},
};

Fit
seen_fit(const ParamValues *values)
{
    return param_is(values, "fit", "stretch") ? FIT_STRETCH
           : param_is(values, "fit", "pad")   ? FIT_PAD
                                              : FIT_CROP;
}

gboolean
seen_take(Seen *seen,
          HostPixels *pixels,
          const GeglRectangle *item,
          const GeglRectangle *selection,
          const Net *net,
          Fit fit,
          GError **error)
{
    float bars[3];
    gsize pixels_seen = net_pixels(net);
    *seen = (Seen){0};
    if (!region_find(&seen->region, item, selection, fit, net->width, net->height, error))
        return FALSE;
    seen->rgb = g_try_new(float, pixels_seen * 3);
    seen->input = g_try_new(float, net_input_count(net));
    net_neutral(net, bars);
    gboolean ok =
        (seen->rgb && seen->input) ||
        fail_run(error, _("There is not enough memory for the network's input."));
    ok = ok &&
         region_read(&seen->region, pixels, item->x, item->y, bars, seen->rgb, error);
    if (ok)
        net_input(net, seen->rgb, seen->input);
    else
        seen_clear(seen);
    return ok;
}

gboolean
seen_of_drawable(
    Seen *seen, const Run *run, HostItem *drawable, const Net *net, GError **error)
{
    Fit fit = seen_fit(run->values);
    GeglRectangle item = host_item_rect(drawable), selection;
    gboolean selected = host_selection(run->image, &selection);
    HostPixels *pixels = host_item_open(drawable, error);
    if (!pixels)
        return FALSE;
    gboolean ok =
        seen_take(seen, pixels, &item, selected ? &selection : NULL, net, fit, error);
    host_pixels_close(pixels);
    return ok;
}

char *
seen_words(const Run *run)
{
    GeglRectangle item = host_item_rect(run->drawables[0]), selection, part;
    if (!host_selection(run->image, &selection))
        return NULL;
    if (!gegl_rectangle_intersect(&part, &item, &selection))
        return g_strdup(_("The selection lies outside the layer."));
    return g_strdup_printf(_("Looks at the selection, %d × %d pixels."), part.width,
                           part.height);
}

void
seen_clear(Seen *seen)
{
    g_free(seen->rgb);
    g_free(seen->input);
    *seen = (Seen){0};
}
