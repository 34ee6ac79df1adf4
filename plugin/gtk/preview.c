/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preview.c: a picture beside a dialog's rows of what the run would make.
 *
 * A projection is computed by the browser's engine (engine.h); what the unit sees of the
 * photo is in a box and below it in words, as in the browser. An occlusion's maps are
 * computed by the action's own steps (ahead.h), several as small pictures with titles. A
 * preview that cannot be made is no failure: its line says why, and so does the run. */
#include "gtk/preview.h"
#include "actions/browse/browse.h"
#include "actions/occlusion/ahead.h"
#include "base/fail.h"
#include "gtk/picture.h"
#include "gtk/toolkit.h"

#define SIDE 260
#define SMALL 127 /* of one of several */

/* On a low screen it is less high, so that all options fit. */
#define LOW_SCREEN 900
#define LOW_SIDE 208
#define LOW_SMALL 100

#define LETTERS 34 /* of a line below it */

/* Time without a change before a picture is computed, since typing makes several
 * changes. */
#define SETTLE_MS 150

typedef struct {
    GtkWidget *box, *picture, *title;
} Small;

typedef struct {
    const Run *run;
    const ParamValues *values;
    GtkWidget *widget, *picture, *several, *line;
    Small small[AHEAD_MOST];
    Ahead *ahead; /* of an occlusion; else NULL */
    Browse *browse;
    char *opened; /* what the browse looks at */
    guint timer;
} Preview;

static void
close_net(Preview *preview)
{
    browse_free(preview->browse);
    preview->browse = NULL;
    g_clear_pointer(&preview->opened, g_free);
}

static void
preview_free(gpointer data)
{
    Preview *preview = data;
    if (preview->timer)
        g_source_remove(preview->timer);
    ahead_free(preview->ahead);
    close_net(preview);
    g_free(preview);
}

static void
tell(const Preview *preview, const char *text)
{
    gtk_label_set_text(GTK_LABEL(preview->line), text ? text : "");
}

static void
show_several(Preview *preview, gboolean several)
{
    gtk_widget_set_visible(preview->picture, !several);
    gtk_widget_set_visible(preview->several, several);
}

/* No picture of values that are there no longer. */
static void
fail(Preview *preview, const char *text)
{
    picture_box(preview->picture, NULL);
    picture_cover(preview->picture, NULL, 0);
    picture_set(preview->picture, NULL, FALSE);
    show_several(preview, FALSE);
    tell(preview, text);
}

/* --- a projection --- */

static void
show_view(Preview *preview)
{
    const BrowseView *view = browse_view(preview->browse);
    const Net *net = browse_net(preview->browse);
    const Field *seen = &view->seen;
    PictureBox box = {seen->left / net->width, seen->top / net->height,
                      seen->width / net->width, seen->height / net->height};
    gboolean field_only = param_is(preview->values, "area", "field");
    float scale =
        browse_scale(preview->browse, view, param_double(preview->values, "percentile"));
    char *words = g_strdup_printf("%s\n%s", view->name, view->field);
    picture_set(preview->picture,
                browse_paint_as(preview->browse, view, field_only, scale), FALSE);
    picture_box(preview->picture,
                field_only || (box.width >= 1 && box.height >= 1) ? NULL : &box);
    tell(preview, words);
    g_free(words);
}

static void
news_came(void *user, BrowseNews news)
{
    Preview *preview = user;
    if (news == BROWSE_VIEW)
        show_view(preview);
    else if (news == BROWSE_ERROR)
        fail(preview, browse_error(preview->browse));
}

static gboolean
open_net(Preview *preview, const Run *run, GError **error)
{
    Seen seen;
    char *wanted = seen_key(run);
    if (preview->opened && g_str_equal(preview->opened, wanted)) {
        g_free(wanted);
        return TRUE;
    }
    close_net(preview);
    Net *net = net_open(param_text(preview->values, "model"), error);
    if (!net || !net_survey(net, error) ||
        !seen_of_drawable(&seen, run, run->drawables[0], net, error)) {
        g_free(wanted);
        return FALSE;
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
    BrowseChoice choice = {.map = param_int(values, "map"),
                           .method = probe_method(values),
                           .unit = param_is(values, "unit", "map") ? BROWSE_WHOLE
                                                                   : BROWSE_UNIT};
    int x, y;
    param_point(values, "point", &x, &y);
    if (param_is(values, "unit", "point") &&
        region_point(&browse_seen(preview->browse)->region, x + 0.5, y + 0.5, &choice.x,
                     &choice.y))
        choice.unit = BROWSE_POINT;
    browse_choose(preview->browse, &choice);
}

static gboolean
project(Preview *preview, const Run *run, GError **error)
{
    if (!open_net(preview, run, error))
        return FALSE;
    browse_open(preview->browse, param_text(preview->values, "layer"), BROWSE_NO_THUMBS,
                BROWSE_STRENGTH, DCN_DECONVNET);
    if (!browse_error(preview->browse)) /* else news_came() has told */
        choose(preview);
    return TRUE;
}

/* --- an occlusion --- */

static void
show_map(const Preview *preview, GtkWidget *picture, const AheadMap *map)
{
    picture_set(picture, ahead_photo(preview->ahead), FALSE);
    picture_cover(picture, cairo_surface_reference(map->picture), map->opacity);
}

/* The name of one; and which maps are plain, and why. */
static void
tell_maps(const Preview *preview, const GPtrArray *maps)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < maps->len; i++) {
        const AheadMap *map = g_ptr_array_index(maps, i);
        const char *lines[] = {maps->len == 1 ? map->name : NULL, map->remark};
        for (int k = 0; k < 2; k++)
            if (lines[k])
                g_string_append_printf(text, "%s%s", text->len ? "\n" : "", lines[k]);
    }
    tell(preview, text->str);
    g_string_free(text, TRUE);
}

static void
maps_came(void *user)
{
    Preview *preview = user;
    const GPtrArray *maps = ahead_maps(preview->ahead);
    if (!maps || !maps->len) {
        fail(preview, ahead_error(preview->ahead));
        return;
    }
    for (guint i = 0; maps->len > 1 && i < AHEAD_MOST; i++) {
        const Small *small = &preview->small[i];
        const AheadMap *map = i < maps->len ? g_ptr_array_index(maps, i) : NULL;
        gtk_widget_set_visible(small->box, map != NULL);
        if (!map)
            continue;
        show_map(preview, small->picture, map);
        gtk_label_set_text(GTK_LABEL(small->title), map->title);
        gtk_widget_set_tooltip_text(small->box, map->name);
    }
    if (maps->len == 1)
        show_map(preview, preview->picture, g_ptr_array_index(maps, 0));
    show_several(preview, maps->len > 1);
    tell_maps(preview, maps);
}

static gboolean
occlude(Preview *preview, const Run *run, GError **error)
{
    if (!ahead_ask(preview->ahead, run, error))
        return FALSE;
    if (!gtk_widget_get_visible(preview->several)) {
        picture_set(preview->picture, ahead_photo(preview->ahead), FALSE);
        picture_cover(preview->picture, NULL, 0);
    }
    return TRUE;
}

/* --- both --- */

static gboolean
update(gpointer user)
{
    Preview *preview = user;
    GError *error = NULL;
    Run run = *preview->run;
    run.values = preview->values;
    preview->timer = 0;
    gboolean ok = host_item_exists(run.drawables[0])
                      ? (preview->ahead ? occlude : project)(preview, &run, &error)
                      : fail_input(&error, _("The layer is gone."));
    if (!ok) {
        fail(preview, error->message);
        g_error_free(error);
    }
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

/* --- the widget --- */

static void
pack(GtkWidget *box, GtkWidget *widget)
{
    gtk_box_pack_start(GTK_BOX(box), widget, FALSE, FALSE, 0);
}

static gboolean
is_low(void)
{
    return toolkit_screen().height < LOW_SCREEN;
}

static void
make_small(Small *small)
{
    small->box = toolkit_box(GTK_ORIENTATION_VERTICAL, 2);
    small->picture = picture_new(SMALL, is_low() ? LOW_SMALL : SMALL, NULL, NULL);
    small->title = gtk_label_new(NULL);
    g_object_set(small->title, "xalign", 0.0, NULL);
    gtk_label_set_ellipsize(GTK_LABEL(small->title), PANGO_ELLIPSIZE_END);
    gtk_widget_set_size_request(small->title, SMALL, -1);
    pack(small->box, small->picture);
    pack(small->box, small->title);
}

/* Rows of two. */
static GtkWidget *
make_several(Preview *preview)
{
    GtkWidget *rows = toolkit_box(GTK_ORIENTATION_VERTICAL, 6), *row = NULL;
    for (int i = 0; i < AHEAD_MOST; i++) {
        if (i % 2 == 0) {
            row = toolkit_box(GTK_ORIENTATION_HORIZONTAL, SIDE - 2 * SMALL);
            pack(rows, row);
        }
        make_small(&preview->small[i]);
        pack(row, preview->small[i].box);
    }
    gtk_widget_show_all(rows);
    gtk_widget_hide(rows);
    gtk_widget_set_no_show_all(rows, TRUE);
    return rows;
}

GtkWidget *
preview_new(const Procedure *procedure, const Run *run, const ParamValues *values)
{
    if (procedure->preview == PREVIEW_NONE)
        return NULL;
    Preview *preview = g_new0(Preview, 1);
    preview->run = run;
    preview->values = values;
    if (procedure->preview == PREVIEW_OCCLUSION)
        preview->ahead = ahead_new(maps_came, preview);
    preview->widget = toolkit_box(GTK_ORIENTATION_VERTICAL, 6);
    preview->picture = picture_new(SIDE, is_low() ? LOW_SIDE : SIDE, NULL, NULL);
    preview->several = make_several(preview);
    preview->line = gtk_label_new(NULL);
    g_object_set(preview->line, "xalign", 0.0, NULL);
    gtk_label_set_line_wrap(GTK_LABEL(preview->line), TRUE);
    g_object_set(preview->line, "max-width-chars", LETTERS, NULL);
    gtk_widget_set_size_request(preview->line, SIDE, -1); /* GTK 2 wraps at that */
    pack(preview->widget, preview->picture);
    pack(preview->widget, preview->several);
    pack(preview->widget, preview->line);
    g_object_set_data_full(G_OBJECT(preview->widget), "featurescope-preview", preview,
                           preview_free);
    preview_changed(preview->widget);
    return preview->widget;
}
