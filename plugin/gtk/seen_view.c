/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seen_view.c: what of the open photo a dialog's action looks at.
 *
 * What lies outside the frame is darkened. The photo is read once; selection and place
 * are looked at twice a second, as they may change beside the dialog. */
#include "gtk/seen_view.h"
#include "draw/surface.h"
#include "gtk/picture.h"
#include "gtk/toolkit.h"
#include "net/net.h"
#include "photo/seen.h"

#define PIXELS 320 /* of the longer side that is read: sharp on a fine screen */
#define LOOK_MS 500
#define LETTER 7 /* pixels of one, about */
#define SPACE 9
#define SHADE 0.6

typedef struct {
    const Procedure *procedure;
    const Run *run;
    const ParamValues *values;
    GtkWidget *widget, *picture, *line;
    void (*moved)(void *user);
    void *user;
    char *key; /* what was looked at last */
    guint timer;
    gboolean valid;
} View;

static View *
view_of(GtkWidget *widget)
{
    return g_object_get_data(G_OBJECT(widget), "featurescope-seen-view");
}

static void
view_free(gpointer data)
{
    View *view = data;
    g_source_remove(view->timer);
    g_free(view->key);
    g_free(view);
}

static Run
run_of(const View *view)
{
    Run run = *view->run;
    run.values = view->values;
    return run;
}

/* --- the picture --- */

static void
show_photo(View *view)
{
    int width, height;
    Run run = run_of(view);
    float *rgb = seen_small(&run, PIXELS, &width, &height, NULL);
    if (rgb) /* without it, an empty frame: the run will say why */
        picture_set(view->picture, surface_of_pixels(rgb, 3, width, height), FALSE);
    g_free(rgb);
}

static PictureBox
box_of(const GeglRectangle *rect, const GeglRectangle *item)
{
    double width = MAX(1, item->width), height = MAX(1, item->height);
    return (PictureBox){(rect->x - item->x) / width, (rect->y - item->y) / height,
                        rect->width / width, rect->height / height};
}

/* Dark but for the box. */
static cairo_surface_t *
shade(const PictureBox *box)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, PIXELS, PIXELS);
    cairo_t *cairo = cairo_create(surface);
    cairo_paint(cairo);
    cairo_set_operator(cairo, CAIRO_OPERATOR_CLEAR);
    cairo_rectangle(cairo, box->x * PIXELS, box->y * PIXELS, box->width * PIXELS,
                    box->height * PIXELS);
    cairo_fill(cairo);
    cairo_destroy(cairo);
    return surface;
}

/* The frame is what the network sees, or, where that is all, the part that is marked. */
static void
show_frame(View *view, const Run *run, ProcedureLook look, const Region *region)
{
    GeglRectangle item = host_item_rect(run->drawables[0]), part = item;
    gboolean selected = seen_selected(run, &part);
    PictureBox seen = box_of(region ? &region->photo : &part, &item);
    PictureBox marked = box_of(&part, &item);
    picture_cover(view->picture, shade(&seen), SHADE);
    picture_box(view->picture, look == LOOK_PART && selected ? &marked : &seen);
}

static void
show_nothing(View *view, const char *why)
{
    picture_cover(view->picture, NULL, 0);
    picture_box(view->picture, NULL);
    gtk_label_set_text(GTK_LABEL(view->line), why);
}

/* --- what is looked at --- */

static void
look(View *view)
{
    GError *error = NULL;
    Region region;
    Run run = run_of(view);
    ProcedureLook what = view->procedure->looks_at(view->values);
    view->valid = TRUE;
    gtk_widget_set_visible(view->widget, what != LOOK_NOT);
    if (what == LOOK_NOT)
        return;
    if (!procedure_takes(view->procedure, &run, &error)) {
        view->valid = FALSE;
        show_nothing(view, error->message);
        g_error_free(error);
        return;
    }
    const Net *net = param_values_have(view->values, "model")
                         ? net_open(param_text(view->values, "model"), NULL)
                         : NULL;
    /* (A model that cannot be opened is told below its row.) */
    if (net && !seen_region(&run, what, net, &region, &error)) {
        view->valid = FALSE;
        show_nothing(view, error->message);
        g_error_free(error);
        return;
    }
    char *words = seen_words(&run, what, net ? &region : NULL);
    show_frame(view, &run, what, net ? &region : NULL);
    gtk_label_set_text(GTK_LABEL(view->line), words);
    g_free(words);
}

static gboolean
look_again(gpointer user)
{
    View *view = user;
    Run run = run_of(view);
    if (!host_item_exists(run.drawables[0])) {
        if (view->valid) {
            view->valid = FALSE;
            show_nothing(view, _("The layer is gone."));
            view->key[0] = '\0'; /* if it comes back, it is looked at again */
            view->moved(view->user);
        }
        return G_SOURCE_CONTINUE;
    }
    char *key = seen_key(&run);
    if (g_str_equal(key, view->key)) {
        g_free(key);
        return G_SOURCE_CONTINUE;
    }
    g_free(view->key);
    view->key = key;
    look(view);
    view->moved(view->user);
    return G_SOURCE_CONTINUE;
}

void
seen_view_changed(GtkWidget *widget)
{
    View *view = view_of(widget);
    Run run = run_of(view);
    if (!host_item_exists(run.drawables[0]))
        return;
    g_free(view->key);
    view->key = seen_key(&run);
    look(view);
}

gboolean
seen_view_valid(GtkWidget *widget)
{
    return view_of(widget)->valid;
}

/* --- the widget --- */

static GtkWidget *
picture_for(const Run *run, int side)
{
    GeglRectangle item = host_item_rect(run->drawables[0]);
    double scale = (double)side / MAX(1, MAX(item.width, item.height));
    int width = CLAMP((int)(item.width * scale + 0.5), side / 4, side);
    int height = CLAMP((int)(item.height * scale + 0.5), side / 4, side);
    return picture_new(width, height, NULL, NULL);
}

/* width 0: it does not wrap. */
static GtkWidget *
line_new(int width)
{
    GtkWidget *line = gtk_label_new(NULL);
    g_object_set(line, "xalign", 0.0, "yalign", 0.0, NULL);
    if (width) {
        gtk_label_set_line_wrap(GTK_LABEL(line), TRUE);
        g_object_set(line, "max-width-chars", width / LETTER, NULL);
        gtk_widget_set_size_request(line, width, -1); /* GTK 2 wraps at that */
    }
    return line;
}

GtkWidget *
seen_view_new(const Procedure *procedure,
              const Run *run,
              const ParamValues *values,
              GtkOrientation orientation,
              int side,
              int width,
              void (*moved)(void *user),
              void *user)
{
    if (!procedure->looks_at || !run->n_drawables)
        return NULL;
    View *view = g_new0(View, 1);
    view->procedure = procedure;
    view->run = run;
    view->values = values;
    view->moved = moved;
    view->user = user;
    view->widget = toolkit_box(orientation, SPACE);
    view->picture = picture_for(run, side);
    gboolean level = orientation == GTK_ORIENTATION_HORIZONTAL;
    view->line = line_new(width && level ? width - side - SPACE : width);
    gtk_box_pack_start(GTK_BOX(view->widget), view->picture, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(view->widget), view->line, TRUE, TRUE, 0);
    gtk_widget_show_all(view->widget);
    gtk_widget_set_no_show_all(view->widget, TRUE); /* it hides where nothing is seen */
    g_object_set_data_full(G_OBJECT(view->widget), "featurescope-seen-view", view,
                           view_free);
    view->timer = g_timeout_add(LOOK_MS, look_again, view);
    show_photo(view);
    seen_view_changed(view->widget);
    return view->widget;
}
