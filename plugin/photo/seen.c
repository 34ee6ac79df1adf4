/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seen.c: one layer of an image as a network sees it. */

#include "photo/seen.h"
#include "base/fail.h"
#include <math.h>

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

gboolean
seen_selected(const Run *run, GeglRectangle *part)
{
    GeglRectangle item = host_item_rect(run->drawables[0]), selection;
    return host_selection(run->image, &selection) &&
           gegl_rectangle_intersect(part, &item, &selection);
}

gboolean
seen_region(
    const Run *run, ProcedureLook look, const Net *net, Region *region, GError **error)
{
    GeglRectangle item = host_item_rect(run->drawables[0]), selection;
    gboolean selected = host_selection(run->image, &selection);
    if (look == LOOK_PART && !selected)
        return fail_input(error, _("Nothing is selected: the selection marks the part."));
    /* A part that lies outside is told of as a picture would be. */
    return region_find(region, &item, selected ? &selection : NULL, seen_fit(run->values),
                       net->width, net->height, error) &&
           (look != LOOK_PART || region_find(region, &item, NULL, seen_fit(run->values),
                                             net->width, net->height, error));
}

/* What of the part the network is shown. */
static const char *
share_words(const GeglRectangle *part, const Region *region)
{
    const GeglRectangle *photo = &region->photo, *seen = &region->seen;
    if (photo->width < part->width || photo->height < part->height)
        return _("The network sees the framed %d × %d pixels.");
    if (seen->width > photo->width || seen->height > photo->height)
        return _("The network sees all of it, with bars.");
    return _("The network sees all of it.");
}

/* A mask is what a person works on if its layer was told to edit it. */
static const char *
whole_words(HostKind kind)
{
    switch (kind) {
    case HOST_GROUP:
        return _("Looks at the whole layer group, %d × %d pixels.");
    case HOST_CHANNEL:
        return _("Looks at the whole channel, %d × %d pixels.");
    case HOST_MASK:
        return _("Looks at the whole layer mask, %d × %d pixels.");
    case HOST_LAYER:
        break;
    }
    return _("Looks at the whole layer, %d × %d pixels.");
}

static const char *
part_words(ProcedureLook look, HostKind kind, gboolean selected)
{
    if (!selected)
        return whole_words(kind);
    return look == LOOK_PART ? _("The selection, %d × %d pixels, marks the part.")
                             : _("Looks at the selection, %d × %d pixels.");
}

char *
seen_words(const Run *run, ProcedureLook look, const Region *region)
{
    GeglRectangle item = host_item_rect(run->drawables[0]), part = item;
    gboolean selected = seen_selected(run, &part);
    GString *text = g_string_new(NULL);
    if (run->n_drawables > 1)
        g_string_printf(text, _("Looks at %d layers; here is the first."),
                        (int)run->n_drawables);
    if (text->len)
        g_string_append_c(text, '\n');
    g_string_append_printf(text,
                           part_words(look, host_item_kind(run->drawables[0]), selected),
                           part.width, part.height);
    if (region) {
        const GeglRectangle *photo = &region->photo;
        g_string_append_c(text, '\n');
        g_string_append_printf(text,
                               share_words(look == LOOK_PART ? &item : &part, region),
                               photo->width, photo->height);
    }
    return g_string_free(text, FALSE);
}

float *
seen_small(const Run *run, int side, int *width, int *height, GError **error)
{
    static const float bars[3] = {0.5f, 0.5f, 0.5f}; /* the photo has none */
    GeglRectangle item = host_item_rect(run->drawables[0]);
    Region all;
    double scale = fmin(1, (double)side / MAX(1, MAX(item.width, item.height)));
    *width = (int)fmax(1, floor(item.width * scale + 0.5));
    *height = (int)fmax(1, floor(item.height * scale + 0.5));
    float *rgb = g_try_new(float, 3 * (gsize)*width * (gsize)*height);
    HostPixels *pixels = rgb ? host_item_open(run->drawables[0], error) : NULL;
    if (!rgb)
        fail_run(error, _("There is not enough memory to read the photo."));
    gboolean ok = pixels &&
                  region_find(&all, &item, NULL, FIT_STRETCH, *width, *height, error) &&
                  region_read(&all, pixels, item.x, item.y, bars, rgb, error);
    if (pixels)
        host_pixels_close(pixels);
    if (!ok)
        g_clear_pointer(&rgb, g_free);
    return rgb;
}

static const char *
text_if_any(const ParamValues *values, const char *name)
{
    return param_values_have(values, name) ? param_text(values, name) : "";
}

char *
seen_key(const Run *run)
{
    GeglRectangle item = host_item_rect(run->drawables[0]), part = {0};
    host_selection(run->image, &part);
    return g_strdup_printf("%s\n%s\n%d %d %d %d\n%d %d %d %d",
                           text_if_any(run->values, "model"),
                           text_if_any(run->values, "fit"), item.x, item.y, item.width,
                           item.height, part.x, part.y, part.width, part.height);
}

ProcedureLook
seen_always(const ParamValues *values)
{
    (void)values;
    return LOOK_SEEN;
}

void
seen_clear(Seen *seen)
{
    g_free(seen->rgb);
    g_free(seen->input);
    *seen = (Seen){0};
}
