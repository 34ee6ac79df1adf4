/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.c: a canvas that shows a picture as large as it fits. */
#include "gtk/picture.h"
#include "gtk/toolkit.h"
#include <gdk/gdkkeysyms.h>

/* A press of an arrow key moves by this share of the picture. */
#define KEY_STEP (1.0 / 28)

typedef struct {
    GtkWidget *widget;
    cairo_surface_t *surface, *cover;
    gboolean crisp, boxed;
    double opacity;
    PictureBox box;
    double mark_x, mark_y;
    void (*chosen)(void *user, double x, double y);
    void *user;
} Picture;

static Picture *
picture_of(GtkWidget *widget)
{
    return g_object_get_data(G_OBJECT(widget), "featurescope-picture");
}

static void
picture_free(gpointer data)
{
    Picture *picture = data;
    if (picture->surface)
        cairo_surface_destroy(picture->surface);
    if (picture->cover)
        cairo_surface_destroy(picture->cover);
    g_free(picture);
}

/* Where the picture lies on the canvas, in pixels of that. */
static PictureBox
place_on(const Picture *picture, int width, int height)
{
    double w = cairo_image_surface_get_width(picture->surface);
    double h = cairo_image_surface_get_height(picture->surface);
    double scale = MIN(width / w, height / h);
    return (PictureBox){(width - w * scale) / 2, (height - h * scale) / 2, w * scale,
                        h * scale};
}

/* --- drawing --- */

static void
draw_surface(cairo_t *cairo,
             cairo_surface_t *surface,
             const PictureBox *place,
             cairo_filter_t filter,
             double opacity)
{
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    cairo_save(cairo);
    cairo_rectangle(cairo, place->x, place->y, place->width, place->height);
    cairo_clip(cairo);
    cairo_translate(cairo, place->x, place->y);
    cairo_scale(cairo, place->width / width, place->height / height);
    cairo_set_source_surface(cairo, surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo), filter);
    cairo_pattern_set_extend(cairo_get_source(cairo), CAIRO_EXTEND_PAD);
    cairo_paint_with_alpha(cairo, opacity);
    cairo_restore(cairo);
}

/* Yellow on black, which can be seen on every picture. */
static void
stroke_twice(cairo_t *cairo)
{
    cairo_set_source_rgba(cairo, 0, 0, 0, 0.75);
    cairo_set_line_width(cairo, 3.5);
    cairo_stroke_preserve(cairo);
    cairo_set_source_rgb(cairo, 1, 0.85, 0.2);
    cairo_set_line_width(cairo, 1.5);
    cairo_stroke(cairo);
}

static void
draw(cairo_t *cairo, int width, int height, void *user)
{
    const Picture *picture = user;
    if (!picture->surface) {
        cairo_rectangle(cairo, 0.5, 0.5, width - 1, height - 1);
        cairo_set_source_rgba(cairo, 0.5, 0.5, 0.5, 0.5);
        cairo_set_line_width(cairo, 1);
        cairo_stroke(cairo);
        return;
    }
    PictureBox place = place_on(picture, width, height);
    draw_surface(cairo, picture->surface, &place,
                 picture->crisp ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD, 1);
    if (picture->cover)
        draw_surface(cairo, picture->cover, &place, CAIRO_FILTER_GOOD, picture->opacity);
    if (picture->boxed) {
        const PictureBox *box = &picture->box;
        cairo_rectangle(cairo, place.x + box->x * place.width,
                        place.y + box->y * place.height, box->width * place.width,
                        box->height * place.height);
        stroke_twice(cairo);
    }
    if (picture->mark_x >= 0) {
        double x = place.x + picture->mark_x * place.width;
        double y = place.y + picture->mark_y * place.height;
        cairo_move_to(cairo, x - 5, y);
        cairo_line_to(cairo, x + 5, y);
        cairo_move_to(cairo, x, y - 5);
        cairo_line_to(cairo, x, y + 5);
        stroke_twice(cairo);
    }
    if (picture->chosen && gtk_widget_has_focus(picture->widget)) {
        cairo_rectangle(cairo, 1, 1, width - 2, height - 2);
        cairo_set_source_rgb(cairo, 0.30, 0.55, 0.85);
        cairo_set_line_width(cairo, 2);
        cairo_stroke(cairo);
    }
}

/* --- a person --- */

static void
choose(Picture *picture, double x, double y)
{
    if (x >= 0 && y >= 0 && x <= 1 && y <= 1)
        picture->chosen(picture->user, x, y);
}

static gboolean
pressed(GtkWidget *widget, GdkEventButton *event, Picture *picture)
{
    GtkAllocation size;
    if (event->button != 1 || !picture->surface)
        return FALSE;
    gtk_widget_grab_focus(widget);
    gtk_widget_get_allocation(widget, &size);
    PictureBox place = place_on(picture, size.width, size.height);
    choose(picture, (event->x - place.x) / place.width,
           (event->y - place.y) / place.height);
    return TRUE;
}

static gboolean
key_pressed(GtkWidget *widget, GdkEventKey *event, Picture *picture)
{
    double dx = 0, dy = 0;
    (void)widget;
    switch (event->keyval) {
    case GDK_KEY_Left:
        dx = -KEY_STEP;
        break;
    case GDK_KEY_Right:
        dx = KEY_STEP;
        break;
    case GDK_KEY_Up:
        dy = -KEY_STEP;
        break;
    case GDK_KEY_Down:
        dy = KEY_STEP;
        break;
    default:
        return FALSE;
    }
    double x = picture->mark_x, y = picture->mark_y;
    if (x < 0)
        x = y = 0.5;
    choose(picture, CLAMP(x + dx, 0, 1), CLAMP(y + dy, 0, 1));
    return TRUE;
}

static gboolean
focus_changed(GtkWidget *widget, GdkEventFocus *event, Picture *picture)
{
    (void)event;
    (void)picture;
    gtk_widget_queue_draw(widget);
    return FALSE;
}

GtkWidget *
picture_new(int width,
            int height,
            void (*chosen)(void *user, double x, double y),
            void *user)
{
    Picture *picture = g_new0(Picture, 1);
    GtkWidget *widget = toolkit_canvas(width, height, draw, picture);
    picture->widget = widget;
    picture->chosen = chosen;
    picture->user = user;
    picture->mark_x = -1;
    g_object_set_data_full(G_OBJECT(widget), "featurescope-picture", picture,
                           picture_free);
    if (chosen) {
        gtk_widget_set_can_focus(widget, TRUE);
        gtk_widget_add_events(widget, GDK_BUTTON_PRESS_MASK | GDK_KEY_PRESS_MASK |
                                          GDK_FOCUS_CHANGE_MASK);
        g_signal_connect(widget, "button-press-event", G_CALLBACK(pressed), picture);
        g_signal_connect(widget, "key-press-event", G_CALLBACK(key_pressed), picture);
        g_signal_connect(widget, "focus-in-event", G_CALLBACK(focus_changed), picture);
        g_signal_connect(widget, "focus-out-event", G_CALLBACK(focus_changed), picture);
    }
    return widget;
}

/* --- what is shown --- */

static void
replace(cairo_surface_t **place, cairo_surface_t *surface)
{
    if (*place)
        cairo_surface_destroy(*place);
    *place = surface;
}

void
picture_set(GtkWidget *widget, cairo_surface_t *surface, gboolean crisp)
{
    Picture *picture = picture_of(widget);
    replace(&picture->surface, surface);
    picture->crisp = crisp;
    gtk_widget_queue_draw(widget);
}

void
picture_cover(GtkWidget *widget, cairo_surface_t *surface, double opacity)
{
    Picture *picture = picture_of(widget);
    replace(&picture->cover, surface);
    picture->opacity = opacity;
    gtk_widget_queue_draw(widget);
}

void
picture_box(GtkWidget *widget, const PictureBox *box)
{
    Picture *picture = picture_of(widget);
    picture->boxed = box != NULL;
    if (box)
        picture->box = *box;
    gtk_widget_queue_draw(widget);
}

void
picture_mark(GtkWidget *widget, double x, double y)
{
    Picture *picture = picture_of(widget);
    picture->mark_x = x;
    picture->mark_y = y;
    gtk_widget_queue_draw(widget);
}
