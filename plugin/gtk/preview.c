/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preview.c: a picture beside a dialog's rows of what the run would make.
 *
 * Projection and occlusion have one, computed by the browser's engine (engine.h). What
 * a unit sees of the photo is in a box and below it in words, as in the browser. A
 * preview that cannot be made is no failure: its line says why, and so does the run. */
#include "gtk/preview.h"
#include "actions/browse/browse.h"
#include "gtk/picture.h"
#include "gtk/toolkit.h"
#include "photo/fill.h"

#define SIDE 260
#define LETTERS 34 /* of a line below it */

/* Time without a change before a picture is computed, since typing makes several
 * changes. */
#define SETTLE_MS 150
#define HEAT_OPACITY 0.65

typedef struct {
    const Run *run;
    const ParamValues *values;
    gboolean occlusion;
    GtkWidget *widget, *picture, *line;
    Browse *browse;
    Labels labels;
    gsize classes;
    char *opened; /* model and fit of the browse */
    guint timer;
} Preview;

static void
close_net(Preview *preview)
{
    browse_free(preview->browse);
    preview->browse = NULL;
    labels_clear(&preview->labels);
    g_clear_pointer(&preview->opened, g_free);
}

static void
preview_free(gpointer data)
{
    Preview *preview = data;
    if (preview->timer)
        g_source_remove(preview->timer);
    close_net(preview);
    g_free(preview);
}

static void
tell(Preview *preview, const char *text)
{
    gtk_label_set_text(GTK_LABEL(preview->line), text ? text : "");
}

/* No picture of values that are there no longer. */
static void
fail(Preview *preview, const char *text)
{
    picture_box(preview->picture, NULL);
    picture_cover(preview->picture, NULL, 0);
    picture_set(preview->picture, NULL, FALSE);
    tell(preview, text);
}

/* --- what came --- */

static void
show_view(Preview *preview)
{
    const BrowseView *view = browse_view(preview->browse);
    double percentile = PAINT_PERCENTILE;
    if (!preview->occlusion)
        percentile = param_double(preview->values, "percentile");
    const Net *net = browse_net(preview->browse);
    const Field *seen = &view->seen;
    PictureBox box = {seen->left / net->width, seen->top / net->height,
                      seen->width / net->width, seen->height / net->height};
    gboolean field_only =
        !preview->occlusion && param_is(preview->values, "area", "field");
    float scale = browse_scale(preview->browse, view, percentile);
    char *words = g_strdup_printf("%s\n%s", view->name, view->field);
    picture_cover(preview->picture, NULL, 0);
    picture_set(preview->picture,
                browse_paint_as(preview->browse, view, field_only, scale), FALSE);
    picture_box(preview->picture,
                field_only || (box.width >= 1 && box.height >= 1) ? NULL : &box);
    tell(preview, words);
    g_free(words);
}

static void
show_heat(Preview *preview)
{
    const BrowseHeat *heat = browse_heat(preview->browse);
    Heat *map = browse_heat_map(preview->browse, heat, &preview->labels, NULL);
    char *name = heat_name(map);
    picture_box(preview->picture, NULL);
    picture_cover(preview->picture,
                  browse_paint_heat(preview->browse, heat, &preview->labels),
                  HEAT_OPACITY);
    tell(preview, name);
    g_free(name);
    heat_free(map);
}

/* --- what is asked for --- */

/* Of several labels the first; a fill other than a colour is shown as gray. */
static void
occlude(Preview *preview)
{
    const ParamValues *values = preview->values;
    gboolean colored = param_is(values, "fill", "color");
    float color[3];
    fill_color(colored ? param_text(values, "color") : FILL_GRAY, 1, color);
    BrowseSquare square = {.size = param_int(values, "size"),
                           .step = param_int(values, "step"),
                           .follow = param_is(values, "show", "activity"),
                           .map = param_int(values, "map"),
                           .class_index = -1};
    char **names = param_list(values, "labels");
    gsize found;
    if (names[0] &&
        labels_find(&preview->labels, preview->classes, names[0], &found, NULL))
        square.class_index = (gint64)found;
    g_strfreev(names);
    picture_cover(preview->picture, NULL, 0);
    picture_set(preview->picture, browse_paint_photo(preview->browse), FALSE);
    browse_occlude(preview->browse, &square, color);
}

static void
news_came(void *user, BrowseNews news)
{
    Preview *preview = user;
    if (news == BROWSE_MAPS && preview->occlusion &&
        param_is(preview->values, "show", "activity"))
        occlude(preview);
    else if (news == BROWSE_VIEW)
        show_view(preview);
    else if (news == BROWSE_HEAT)
        show_heat(preview);
    else if (news == BROWSE_ERROR)
        fail(preview, browse_error(preview->browse));
}

static gboolean
open_net(Preview *preview, GError **error)
{
    char *wanted = g_strdup_printf("%s\n%s", param_text(preview->values, "model"),
                                   param_text(preview->values, "fit"));
    if (preview->opened && g_str_equal(preview->opened, wanted)) {
        g_free(wanted);
        return TRUE;
    }
    Seen seen;
    DcnClassifier classifier;
    Run run = *preview->run;
    run.values = preview->values;
    close_net(preview);
    Net *net = net_open(param_text(preview->values, "model"), error);
    if (!net || !net_survey(net, error) ||
        !seen_of_drawable(&seen, &run, run.drawables[0], net, error)) {
        g_free(wanted);
        return FALSE;
    }
    preview->classes = 0;
    if (net_classifier(net, &classifier, NULL)) {
        preview->classes = classifier.classes;
        preview->labels = net_labels(net, classifier.classes);
    }
    preview->browse =
        browse_new(net, &seen, param_int(preview->values, "threads"), news_came, preview);
    preview->opened = wanted;
    seen_clear(&seen);
    return TRUE;
}

static void
choose(Preview *preview)
{
    const ParamValues *values = preview->values;
    BrowseChoice choice = {.map = param_int(values, "map")};
    if (!preview->occlusion) {
        int x, y;
        param_point(values, "point", &x, &y);
        choice.method = probe_method(values);
        choice.unit = param_is(values, "unit", "map") ? BROWSE_WHOLE : BROWSE_UNIT;
        if (param_is(values, "unit", "point") &&
            region_point(&browse_seen(preview->browse)->region, x + 0.5, y + 0.5,
                         &choice.x, &choice.y))
            choice.unit = BROWSE_POINT;
    }
    browse_choose(preview->browse, &choice);
}

static gboolean
update(gpointer user)
{
    Preview *preview = user;
    const ParamValues *values = preview->values;
    GError *error = NULL;
    preview->timer = 0;
    if (!open_net(preview, &error)) {
        fail(preview, error->message);
        g_error_free(error);
        return G_SOURCE_REMOVE;
    }
    gboolean heat = preview->occlusion && !param_is(values, "show", "projection");
    browse_no_heat(preview->browse);
    /* A map's occlusion begins when its layer has come. */
    if (!heat || param_is(values, "show", "activity"))
        browse_open(preview->browse, param_text(values, "layer"), BROWSE_NO_THUMBS,
                    BROWSE_STRENGTH, DCN_DECONVNET);
    if (browse_error(preview->browse))
        return G_SOURCE_REMOVE; /* no such layer: news_came() has told */
    if (!heat)
        choose(preview);
    else if (!param_is(values, "show", "activity"))
        occlude(preview);
    return G_SOURCE_REMOVE;
}

void
preview_changed(GtkWidget *widget)
{
    Preview *preview = g_object_get_data(G_OBJECT(widget), "featurescope-preview");
    if (preview->timer)
        g_source_remove(preview->timer);
    preview->timer = g_timeout_add(SETTLE_MS, update, preview);
}

GtkWidget *
preview_new(const Procedure *procedure, const Run *run, const ParamValues *values)
{
    if (procedure->preview == PREVIEW_NONE)
        return NULL;
    Preview *preview = g_new0(Preview, 1);
    preview->run = run;
    preview->values = values;
    preview->occlusion = procedure->preview == PREVIEW_OCCLUSION;
    preview->widget = toolkit_box(GTK_ORIENTATION_VERTICAL, 6);
    preview->picture = picture_new(SIDE, SIDE, NULL, NULL);
    preview->line = gtk_label_new(NULL);
    g_object_set(preview->line, "xalign", 0.0, NULL);
    gtk_label_set_line_wrap(GTK_LABEL(preview->line), TRUE);
    g_object_set(preview->line, "max-width-chars", LETTERS, NULL);
    gtk_widget_set_size_request(preview->line, SIDE, -1); /* GTK 2 wraps at that */
    gtk_box_pack_start(GTK_BOX(preview->widget), preview->picture, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(preview->widget), preview->line, FALSE, FALSE, 0);
    g_object_set_data_full(G_OBJECT(preview->widget), "featurescope-preview", preview,
                           preview_free);
    preview_changed(preview->widget);
    return preview->widget;
}
