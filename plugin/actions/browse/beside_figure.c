/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beside_figure.c: two that are compared, as a figure:
 *
 *     (a) photo, or both   (b) first's projection   (c) other's   (d) difference
 *                          (e) first's heat map     (f) other's   (g) difference */

#include "actions/browse/beside.h"
#include "base/text.h"
#include "result/figure.h"

#define HEAT_OPACITY 65

typedef struct {
    const Run *run;
    const BesideSide *sides;
    gboolean fits, heats;
    Plate plate;
    HostLayer *photos[2];
} Figure;

static const Region *
region_of(const BesideSide *side)
{
    return &browse_seen(side->browse)->region;
}

/* What the unit sees, unless that is everything. FALSE: no frame. */
static gboolean
field_of_view(const BesideSide *side, GeglRectangle *field)
{
    const Region *region = region_of(side);
    const Field *seen = &browse_view(side->browse)->seen;
    double across = (double)region->seen.width / region->width;
    double down = (double)region->seen.height / region->height;
    *field = (GeglRectangle){region->seen.x + (int)(seen->left * across),
                             region->seen.y + (int)(seen->top * down),
                             (int)(seen->width * across), (int)(seen->height * down)};
    return gegl_rectangle_intersect(field, field, &region->photo) &&
           !gegl_rectangle_equal(field, &region->photo);
}

static void
frame_field(Panel *panel, const BesideSide *side)
{
    GeglRectangle field;
    if (field_of_view(side, &field))
        panel_frame(panel, &field);
}

/* A layer over what a side sees, the panel's first. */
static HostLayer *
add_layer(Panel *panel,
          const BesideSide *side,
          RegionGrid *grid,
          const char *name,
          GError **error)
{
    *grid = region_grid(region_of(side));
    return layers_add(panel_pictures(panel), region_of(side), grid, FALSE, name, error);
}

/* --- panels --- */

/* One if both look at the same layer. */
static gboolean
add_photos(Figure *figure, GError **error)
{
    gboolean two = figure->sides[0].drawable != figure->sides[1].drawable;
    for (int k = 0; k <= two; k++) {
        const BesideSide *side = &figure->sides[k];
        char *name = two ? host_item_name(side->drawable) : g_strdup(_("Photo"));
        Panel *panel = plate_add(&figure->plate, name, &region_of(side)->photo);
        figure->photos[k] =
            figure_photo(&figure->plate, side->drawable, region_of(side), error);
        g_free(name);
        if (!figure->photos[k])
            return FALSE;
        g_ptr_array_add(panel_pictures(panel), figure->photos[k]);
        frame_field(panel, side);
    }
    return TRUE;
}

/* The photo below a heat map: that of a panel if the side has the same, else read. */
static gboolean
add_ground(Figure *figure, Panel *panel, int k, GError **error)
{
    const BesideSide *side = &figure->sides[k];
    gboolean same = gegl_rectangle_equal(&region_of(side)->photo,
                                         &region_of(&figure->sides[0])->photo);
    const HostLayer *known =
        figure->photos[k] ? figure->photos[k] : (same ? figure->photos[0] : NULL);
    HostLayer *photo =
        known ? figure_copy(known, error)
              : figure_photo(&figure->plate, side->drawable, region_of(side), error);
    if (photo)
        g_ptr_array_add(panel_pictures(panel), photo);
    return photo != NULL;
}

static gboolean
add_projection(Figure *figure, int k, GError **error)
{
    RegionGrid grid;
    const BesideSide *side = &figure->sides[k];
    const BrowseView *view = browse_view(side->browse);
    const Net *net = browse_net(side->browse);
    Panel *panel = plate_add(&figure->plate, side->name, &region_of(side)->photo);
    HostLayer *layer = add_layer(panel, side, &grid, view->name, error);
    if (!layer)
        return FALSE;
    paint_signal(view->signal, net->height, net->width, &grid, side->scale,
                 layer->pixels);
    panel_note(panel, view->name);
    frame_field(panel, side);
    return TRUE;
}

static gboolean
add_difference(Figure *figure, GError **error)
{
    RegionGrid grid;
    char number[TEXT_NUMBER];
    const BesideSide *sides = figure->sides;
    const Net *net = browse_net(sides[0].browse);
    Panel *panel =
        plate_add(&figure->plate, _("Difference"), &region_of(&sides[0])->photo);
    HostLayer *layer = add_layer(panel, &sides[0], &grid, _("Difference"), error);
    if (!layer)
        return FALSE;
    float *difference = beside_difference(sides[0].browse, sides[1].browse);
    paint_signal(difference, net->height, net->width, &grid, sides[0].scale,
                 layer->pixels);
    g_free(difference);
    char *note = g_strdup_printf(
        _("correlation %s"),
        text_number(number, beside_correlation(sides[0].browse, sides[1].browse)));
    panel_note(panel, note);
    g_free(note);
    return TRUE;
}

static gboolean
add_heat(Figure *figure, int k, GError **error)
{
    RegionGrid grid;
    char number[TEXT_NUMBER];
    const BesideSide *side = &figure->sides[k];
    const Heat *heat = side->heat;
    Panel *panel = plate_add(&figure->plate, side->name, &region_of(side)->photo);
    char *name = heat_name(heat);
    HostLayer *layer = add_layer(panel, side, &grid, name, error);
    g_free(name);
    if (!layer)
        return FALSE;
    heat_colors(heat, &grid, TRUE, layer->pixels);
    layer->opacity = HEAT_OPACITY;
    text_number(number, heat->base);
    if (heat->kind == HEAT_PROBABILITY)
        text_probability(number, heat->base);
    /* TRANSLATORS: what a heat map shows, "P(tabby)"; a number. */
    char *title = g_strdup_printf(_("%s: change from %s"), heat->what, number);
    panel_bar(panel, title, heat->color_low, heat->color_high, heat->map);
    g_free(title);
    return add_ground(figure, panel, k, error);
}

static gboolean
add_heat_difference(Figure *figure, GError **error)
{
    RegionGrid grid;
    const BesideSide *side = &figure->sides[1];
    const Heat *const heats[2] = {figure->sides[0].heat, side->heat};
    Panel *panel = plate_add(&figure->plate, _("Difference"), &region_of(side)->photo);
    HostLayer *layer = add_layer(panel, side, &grid, _("Difference"), error);
    if (!layer)
        return FALSE;
    beside_heat_difference(heats, &grid, layer->pixels);
    layer->opacity = HEAT_OPACITY;
    panel_bar(panel, _("Difference of the changes"), heats[1]->color_low,
              heats[1]->color_high, heats[1]->map);
    return add_ground(figure, panel, 1, error);
}

/* --- all of it --- */

static char *
caption(const Figure *figure)
{
    const BesideSide *sides = figure->sides;
    const Net *net = browse_net(sides[0].browse);
    char *sentence = g_strdup_printf(
        _("Feature projections beside each other: %s and %s; gray is zero. A difference is the second less the first, on the scale of both. A frame is what the unit sees."),
        sides[0].name, sides[1].name);
    char *method = figure_value(figure->run, "method");
    char *facts = figure_layer(browse_view(sides[0].browse)->layer.shown, method);
    char *text = figure_caption(
        figure->run, browse_net(sides[1].browse) == net ? net : NULL, sentence, facts);
    g_free(facts);
    g_free(method);
    g_free(sentence);
    return text;
}

gboolean
beside_figure(const Run *run,
              const BesideSide sides[2],
              gboolean one_range,
              GError **error)
{
    Figure figure = {
        .run = run,
        .sides = sides,
        .fits = beside_fits(sides[0].browse, sides[1].browse),
        .heats = sides[0].heat && sides[1].heat,
    };
    gboolean two = sides[0].drawable != sides[1].drawable;
    gsize heats = figure.heats ? 2 + one_range : 0;
    figure_open(&figure.plate, run, (gsize)(1 + two + 2 + figure.fits) + heats);
    gboolean ok = add_photos(&figure, error) && add_projection(&figure, 0, error) &&
                  add_projection(&figure, 1, error) &&
                  (!figure.fits || add_difference(&figure, error));
    for (int k = 0; ok && k < 2 && figure.heats; k++)
        ok = add_heat(&figure, k, error);
    if (ok && figure.heats && one_range)
        ok = add_heat_difference(&figure, error);
    if (ok) {
        char *text = caption(&figure);
        ok = figure_finish(run, &figure.plate, _("Comparison"), text, error);
        g_free(text);
    }
    plate_clear(&figure.plate);
    return ok;
}
