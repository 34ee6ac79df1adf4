/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.c: an occlusion as a figure, as figure 7 of Zeiler & Fergus 2014 is made:
 *
 *     (a) photo and square   (b) activity   (c) projection   (d) probability   (e) class */

#include "result/figure.h"
#include "actions/occlusion/map_projection.h"
#include "actions/occlusion/show.h"
#include "base/fail.h"
#include "base/text.h"

typedef struct {
    const Occlusion *occlusion;
    const Run *run;
    Plate plate;
    GPtrArray *heats, *projections;
    HostItem *drawable; /* the one whose turn it is */
    const Region *seen;
    HostLayer *photo; /* of it */
} Figure;

/* --- the square --- */

/* The drawable's map whose lowest place is looked for: of a label, else of the activity;
 * NULL: none has values. */
static const Heat *
followed(const Figure *figure)
{
    const Heat *found = NULL;
    for (guint i = 0; i < figure->heats->len; i++) {
        const Heat *heat = g_ptr_array_index(figure->heats, i);
        if (heat->drawable == figure->drawable && heat->values &&
            (!found || found->kind == HEAT_ACTIVITY))
            found = heat;
    }
    return found;
}

/* Where a square with its middle at y, x of the network's input lies on the photo. */
static GeglRectangle
square_at(const Figure *figure, int y, int x)
{
    const Region *region = figure->seen;
    const GeglRectangle *seen = &region->seen;
    int size = figure->occlusion->size, left = x - size / 2, top = y - size / 2;
    int right = MIN(left + size, region->width), bottom = MIN(top + size, region->height);
    left = MAX(left, 0);
    top = MAX(top, 0);
    GeglRectangle square = {
        seen->x + (int)((gint64)left * seen->width / region->width),
        seen->y + (int)((gint64)top * seen->height / region->height),
        (int)((gint64)(right - left) * seen->width / region->width),
        (int)((gint64)(bottom - top) * seen->height / region->height)};
    gegl_rectangle_intersect(&square, &square, &region->photo);
    return square;
}

static void
show_square(const Figure *figure, Panel *panel)
{
    const Occlusion *occlusion = figure->occlusion;
    int y = figure->seen->height / 2, x = figure->seen->width / 2;
    const Heat *heat = followed(figure);
    char *note;
    if (heat) {
        gsize lowest = 0;
        for (gsize i = 1; i < heat->rows * heat->columns; i++)
            if (heat->values[i] < heat->values[lowest])
                lowest = i;
        y = (int)(lowest / heat->columns) * occlusion->step + occlusion->step / 2;
        x = (int)(lowest % heat->columns) * occlusion->step + occlusion->step / 2;
        /* TRANSLATORS: below a photo with a square in it; "P(tabby)". */
        note = g_strdup_printf(_("The square of %d × %d pixels where %s is lowest"),
                               occlusion->size, occlusion->size, heat->what);
    } else {
        note = g_strdup_printf(_("The square of %d × %d pixels"), occlusion->size,
                               occlusion->size);
    }
    GeglRectangle square = square_at(figure, y, x);
    if (!gegl_rectangle_is_empty(&square))
        panel_frame(panel, &square);
    panel_note(panel, note);
    g_free(note);
}

/* --- panels --- */

static Panel *
add_panel(Figure *figure, const char *title)
{
    return plate_add(&figure->plate, title, &figure->seen->photo);
}

static gboolean
add_photo(Figure *figure, gboolean slides, GError **error)
{
    char *name = figure->run->n_drawables > 1 ? host_item_name(figure->drawable)
                                              : g_strdup(_("Photo"));
    Panel *panel = add_panel(figure, name);
    figure->photo = figure_photo(&figure->plate, figure->drawable, figure->seen, error);
    if (figure->photo)
        g_ptr_array_add(panel_pictures(panel), figure->photo);
    if (slides)
        show_square(figure, panel);
    g_free(name);
    return figure->photo != NULL;
}

static void
explain(Panel *panel, const Heat *heat)
{
    if (heat->kind == HEAT_CLASS) {
        LegendRow rows[HEAT_ROWS];
        gsize n_rows = heat_rows(heat, rows);
        panel_rows(panel, rows, n_rows);
        for (gsize i = 0; i < n_rows; i++)
            g_free(rows[i].text);
        return;
    }
    char number[TEXT_NUMBER];
    text_number(number, heat->base);
    if (heat->kind == HEAT_PROBABILITY)
        text_probability(number, heat->base);
    /* TRANSLATORS: a number, the value without a square. */
    char *title = g_strdup_printf(
        heat->change ? _("Change from %s") : _("Value; %s without the square"), number);
    panel_bar(panel, title, heat->color_low, heat->color_high, heat->map);
    g_free(title);
}

/* Those of the drawable and of a kind, over the photo. */
static gboolean
add_heats(Figure *figure, HeatKind kind, GError **error)
{
    for (guint i = 0; i < figure->heats->len; i++) {
        const Heat *heat = g_ptr_array_index(figure->heats, i);
        if (heat->drawable != figure->drawable || heat->kind != kind)
            continue;
        Panel *panel = add_panel(figure, heat->title);
        GPtrArray *layers = panel_pictures(panel);
        explain(panel, heat);
        if (!occlusion_show_heat(figure->occlusion, figure->run, heat, layers, error))
            return FALSE;
        HostLayer *photo = figure_copy(figure->photo, error);
        if (!photo)
            return FALSE;
        g_ptr_array_add(layers, photo);
    }
    return TRUE;
}

static gboolean
add_projections(Figure *figure, GError **error)
{
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < figure->projections->len; i++) {
        const MapProjection *projection = g_ptr_array_index(figure->projections, i);
        if (projection->drawable != figure->drawable)
            continue;
        char *title = g_strdup_printf(_("Projection of map %d"),
                                      (int)projection->target.unit.channel);
        Panel *panel = add_panel(figure, title);
        ok = map_projection_show(figure->occlusion, figure->run, projection,
                                 panel_pictures(panel), error);
        g_free(title);
    }
    return ok;
}

/* --- all of it --- */

static char *
caption(const Figure *figure)
{
    const Occlusion *occlusion = figure->occlusion;
    const Net *net = occlusion->net;
    char *square =
        g_strdup_printf(_("Square: %d of %d × %d pixels, step %d"), occlusion->size,
                        net->width, net->height, occlusion->step);
    char *facts = occlusion->layer.shown ? figure_layer(occlusion->layer.shown, square)
                                         : g_strdup(square);
    char *text = figure_caption(
        figure->run, net,
        _("Occlusion sensitivity: a square covers one place of the photo after another; the colour of a place tells what the network makes of the rest."),
        facts);
    g_free(facts);
    g_free(square);
    return text;
}

gboolean
occlusion_figure(const Occlusion *occlusion,
                 const Run *run,
                 const Region *seen,
                 GPtrArray *heats,
                 GPtrArray *projections,
                 GError **error)
{
    Figure figure = {
        .occlusion = occlusion, .run = run, .heats = heats, .projections = projections};
    gboolean ok = TRUE;
    occlusion_set_ranges(run, heats);
    figure_open(&figure.plate, run, run->n_drawables + heats->len + projections->len);
    for (gsize i = 0; ok && i < run->n_drawables; i++) {
        figure.drawable = run->drawables[i];
        figure.seen = &seen[i];
        ok = add_photo(&figure, heats->len > 0, error) &&
             add_heats(&figure, HEAT_ACTIVITY, error) &&
             add_projections(&figure, error) &&
             add_heats(&figure, HEAT_PROBABILITY, error) &&
             add_heats(&figure, HEAT_SCORE, error) &&
             add_heats(&figure, HEAT_CLASS, error);
    }
    if (ok) {
        char *text = caption(&figure);
        ok = figure_finish(run, &figure.plate, _("Occlusion sensitivity"), text, error);
        g_free(text);
    }
    plate_clear(&figure.plate);
    return ok;
}
