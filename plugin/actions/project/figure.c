/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.c: projections as a figure:
 *
 *     (a) photo   (b) projection, ...   (c) what its unit sees   (d) the same, projected */

#include "result/figure.h"
#include "actions/project/project.h"
#include "base/fail.h"
#include "base/text.h"
#include "draw/paint.h"
#include "result/frame.h"

/* Of the region: a unit that sees more of it is not shown once more, enlarged. */
#define MOST_SEEN 0.6

typedef struct {
    const Run *run;
    const Probe *probe;
    Plate plate;
    const Region *seen;     /* of the drawable whose turn it is */
    GPtrArray *projections; /* of it, of Projection; not owned */
    HostLayer *photo;
} Figure;

static Region
field_of_unit(const Figure *figure, const Projection *projection)
{
    return field_region(figure->probe, &projection->target.unit, figure->seen);
}

/* TRUE if there is something to see, and its unit sees a part of the photo only. */
static gboolean
has_field(const Probe *probe, const Region *seen, const Projection *projection)
{
    Region region = field_region(probe, &projection->target.unit, seen);
    double field = (double)region.photo.width * region.photo.height;
    double all = (double)seen->photo.width * seen->photo.height;
    return !projection->target.whole && projection->scale > 0 && field <= MOST_SEEN * all;
}

static GPtrArray *
of_drawable(GPtrArray *projections, const HostItem *drawable)
{
    GPtrArray *some = g_ptr_array_new();
    for (guint i = 0; i < projections->len; i++) {
        Projection *projection = g_ptr_array_index(projections, i);
        if (projection->drawable == drawable)
            g_ptr_array_add(some, projection);
    }
    return some;
}

/* A single unit's field is shown twice: the photo's part, and its projection. */
static gsize
count_panels(const Run *run, const Probe *probe, const Region *seen, GPtrArray *all)
{
    gsize count = 0;
    for (gsize i = 0; i < run->n_drawables; i++) {
        GPtrArray *some = of_drawable(all, run->drawables[i]);
        gsize fields = 0;
        for (guint k = 0; k < some->len; k++)
            fields += has_field(probe, &seen[i], g_ptr_array_index(some, k));
        count += 1 + some->len + fields + (some->len == 1 && fields);
        g_ptr_array_unref(some);
    }
    return count;
}

/* --- panels --- */

static void
frame_field(const Figure *figure, Panel *panel, const Projection *projection)
{
    if (has_field(figure->probe, figure->seen, projection)) {
        Region region = field_of_unit(figure, projection);
        panel_frame(panel, &region.photo);
    }
}

static gboolean
add_photo(Figure *figure, HostItem *drawable, GError **error)
{
    char *name =
        figure->run->n_drawables > 1 ? host_item_name(drawable) : g_strdup(_("Photo"));
    Panel *panel = plate_add(&figure->plate, name, &figure->seen->photo);
    figure->photo = figure_photo(&figure->plate, drawable, figure->seen, error);
    if (figure->photo)
        g_ptr_array_add(panel_pictures(panel), figure->photo);
    if (figure->projections->len == 1)
        frame_field(figure, panel, g_ptr_array_index(figure->projections, 0));
    g_free(name);
    return figure->photo != NULL;
}

/* Below what becomes transparent, the photo. */
static gboolean
add_ground(const Figure *figure, GPtrArray *layers, GError **error)
{
    if (!param_is(figure->run->values, "zero", "clear"))
        return TRUE;
    HostLayer *photo = figure_copy(figure->photo, error);
    if (photo)
        g_ptr_array_add(layers, photo);
    return photo != NULL;
}

static gboolean
add_projection(Figure *figure, const Projection *projection, GError **error)
{
    const Target *target = &projection->target;
    char number[TEXT_NUMBER];
    char *title = g_strdup_printf(target->whole ? _("Projection of the whole map %d")
                                                : _("Projection of map %d"),
                                  (int)target->unit.channel);
    char *note = target->silent
                     ? g_strdup(_("silent"))
                     : g_strdup_printf(_("Activation %s"),
                                       text_number(number, (double)target->unit.value));
    Panel *panel = plate_add(&figure->plate, title, &figure->seen->photo);
    panel_note(panel, note);
    frame_field(figure, panel, projection);
    probe_tell(figure->probe, target);
    g_free(note);
    g_free(title);
    return project_show(figure->run, figure->probe, projection, panel_pictures(panel),
                        error) &&
           add_ground(figure, panel_pictures(panel), error);
}

/* The photo's part that the unit sees. */
static gboolean
add_patch(Figure *figure, const Projection *projection, GError **error)
{
    Region region = field_of_unit(figure, projection);
    Panel *panel = plate_add(&figure->plate, _("What the unit sees"), &region.photo);
    HostLayer *photo = figure_photo(&figure->plate, projection->drawable, &region, error);
    if (photo)
        g_ptr_array_add(panel_pictures(panel), photo);
    return photo != NULL;
}

static gboolean
add_field(Figure *figure, const Projection *projection, GError **error)
{
    Projection part = *projection;
    part.region = field_of_unit(figure, projection);
    char *title =
        g_strdup_printf(_("Map %d, enlarged"), (int)projection->target.unit.channel);
    Panel *panel = plate_add(&figure->plate, title, &part.region.photo);
    g_free(title);
    return project_show(figure->run, figure->probe, &part, panel_pictures(panel), error);
}

static gboolean
add_drawable(Figure *figure, HostItem *drawable, GError **error)
{
    GPtrArray *some = figure->projections;
    gboolean ok = add_photo(figure, drawable, error);
    for (guint i = 0; ok && i < some->len; i++)
        ok = add_projection(figure, g_ptr_array_index(some, i), error);
    for (guint i = 0; ok && i < some->len; i++) {
        const Projection *one = g_ptr_array_index(some, i);
        if (has_field(figure->probe, figure->seen, one))
            ok = (some->len > 1 || add_patch(figure, one, error)) &&
                 add_field(figure, one, error);
    }
    return ok;
}

/* --- all of it --- */

gboolean
project_figure(const Run *run,
               const Probe *probe,
               const Region *seen,
               GPtrArray *projections,
               GError **error)
{
    Figure figure = {.run = run, .probe = probe};
    gboolean ok = TRUE;
    figure_open(&figure.plate, run, count_panels(run, probe, seen, projections));
    for (gsize i = 0; ok && i < run->n_drawables; i++) {
        figure.seen = &seen[i];
        figure.projections = of_drawable(projections, run->drawables[i]);
        ok = add_drawable(&figure, run->drawables[i], error);
        g_ptr_array_unref(figure.projections);
    }
    if (ok) {
        char *method = figure_value(run, "method");
        char *facts = figure_layer(probe->layer.shown, method);
        char *caption = figure_caption(
            run, probe->net,
            _("Feature projection: what in the photo excites a feature map, taken back to the picture; gray is zero. A frame is what the unit sees."),
            facts);
        ok = figure_finish(run, &figure.plate, _("Feature projection"), caption, error);
        g_free(caption);
        g_free(facts);
        g_free(method);
    }
    plate_clear(&figure.plate);
    return ok;
}
