/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nine_strip.c: the strongest nine of a map, in a strip. */
#include "gtk/windows/nine_strip.h"
#include "base/procedure.h"
#include "base/text.h"
#include "gtk/toolkit.h"
#include <gdk/gdkkeysyms.h>

#define GAP 4

typedef struct {
    GtkWidget *canvas;
    const BrowseNine *nine;
    gssize pointed, marked; /* by the pointer; by the keys; -1: none */
    void (*chosen)(void *user, gsize pair);
    void *user;
} Strip;

static Strip *
strip_of(GtkWidget *widget)
{
    return g_object_get_data(G_OBJECT(widget), "featurescope-strip");
}

/* Side of a picture on a canvas of this size. */
static double
side_on(int width, int height)
{
    return MAX(
        1, MIN((width - (TOP_BEST - 1) * GAP) / (double)TOP_BEST, (height - GAP) / 2.0));
}

static gssize
pair_at(const Strip *strip, double x, double y)
{
    GtkAllocation size;
    gtk_widget_get_allocation(strip->canvas, &size);
    double side = side_on(size.width, size.height);
    gssize pair = x < 0 || y < 0 || y > 2 * side + GAP ? -1 : (gssize)(x / (side + GAP));
    return strip->nine && pair < (gssize)strip->nine->count ? pair : -1;
}

/* --- drawing --- */

static void
draw_picture(cairo_t *cairo, cairo_surface_t *surface, double x, double y, double side)
{
    if (!surface) {
        cairo_rectangle(cairo, x + 0.5, y + 0.5, side - 1, side - 1);
        cairo_set_source_rgba(cairo, 0.5, 0.5, 0.5, 0.4);
        cairo_set_line_width(cairo, 1);
        cairo_stroke(cairo);
        return;
    }
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    double scale = side / MAX(width, height);
    cairo_save(cairo);
    cairo_translate(cairo, x + (side - width * scale) / 2,
                    y + (side - height * scale) / 2);
    cairo_scale(cairo, scale, scale);
    cairo_set_source_surface(cairo, surface, 0, 0);
    cairo_pattern_set_extend(cairo_get_source(cairo), CAIRO_EXTEND_PAD);
    cairo_rectangle(cairo, 0, 0, width, height);
    cairo_fill(cairo);
    cairo_restore(cairo);
}

/* A cross says that the picture cannot be shown; the tip says why. */
static void
draw_cross(cairo_t *cairo, double x, double y, double side)
{
    double part = side / 4;
    cairo_move_to(cairo, x + part, y + part);
    cairo_line_to(cairo, x + side - part, y + side - part);
    cairo_move_to(cairo, x + side - part, y + part);
    cairo_line_to(cairo, x + part, y + side - part);
    cairo_set_source_rgb(cairo, 0.8, 0.35, 0.3);
    cairo_set_line_width(cairo, 2);
    cairo_stroke(cairo);
}

static void
draw(cairo_t *cairo, int width, int height, void *user)
{
    const Strip *strip = user;
    gboolean focused = gtk_widget_has_focus(strip->canvas);
    double side = side_on(width, height);
    for (gsize i = 0; strip->nine && i < strip->nine->count; i++) {
        const BrowsePair *pair = &strip->nine->pairs[i];
        double x = (double)i * (side + GAP);
        draw_picture(cairo, pair->projection, x, 0, side);
        draw_picture(cairo, pair->picture, x, side + GAP, side);
        if (pair->problem)
            draw_cross(cairo, x, side + GAP, side);
        if ((gssize)i != strip->pointed && !(focused && (gssize)i == strip->marked))
            continue;
        cairo_rectangle(cairo, x + 1, 1, side - 2, 2 * side + GAP - 2);
        cairo_set_source_rgb(cairo, 0.30, 0.55, 0.85);
        cairo_set_line_width(cairo, 2);
        cairo_stroke(cairo);
    }
}

/* --- a person --- */

static void
point(Strip *strip, gssize pair)
{
    if (pair == strip->pointed)
        return;
    strip->pointed = pair;
    gtk_widget_queue_draw(strip->canvas);
    gtk_widget_trigger_tooltip_query(strip->canvas);
}

static gboolean
moved(GtkWidget *canvas, GdkEventMotion *event, Strip *strip)
{
    (void)canvas;
    point(strip, pair_at(strip, event->x, event->y));
    return FALSE;
}

static gboolean
left(GtkWidget *canvas, GdkEventCrossing *event, Strip *strip)
{
    (void)canvas;
    (void)event;
    point(strip, -1);
    return FALSE;
}

static gboolean
pressed(GtkWidget *canvas, GdkEventButton *event, Strip *strip)
{
    gtk_widget_grab_focus(canvas);
    gssize pair = pair_at(strip, event->x, event->y);
    if (event->button == 1 && pair >= 0) {
        strip->marked = pair;
        strip->chosen(strip->user, (gsize)pair);
    }
    return TRUE;
}

static gboolean
key_pressed(GtkWidget *canvas, GdkEventKey *event, Strip *strip)
{
    gssize last = strip->nine ? (gssize)strip->nine->count - 1 : -1;
    gssize pair = MAX(strip->marked, 0);
    if (last < 0)
        return FALSE;
    switch (event->keyval) {
    case GDK_KEY_Left:
        pair--;
        break;
    case GDK_KEY_Right:
        pair++;
        break;
    case GDK_KEY_Home:
        pair = 0;
        break;
    case GDK_KEY_End:
        pair = last;
        break;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_space:
        strip->chosen(strip->user, (gsize)MIN(pair, last));
        return TRUE;
    default:
        return FALSE;
    }
    strip->marked = CLAMP(pair, 0, last);
    gtk_widget_queue_draw(canvas);
    return TRUE;
}

static gboolean
focus_changed(GtkWidget *canvas, GdkEventFocus *event, Strip *strip)
{
    (void)event;
    strip->marked = MAX(strip->marked, 0);
    gtk_widget_queue_draw(canvas);
    return FALSE;
}

/* Which file, how strongly, and what is wrong or can be done. */
static gboolean
tell(GtkWidget *canvas, int x, int y, gboolean by_key, GtkTooltip *tip, Strip *strip)
{
    (void)canvas;
    gssize number = by_key ? strip->marked : pair_at(strip, x, y);
    if (!strip->nine || number < 0 || number >= (gssize)strip->nine->count)
        return FALSE;
    const BrowsePair *pair = &strip->nine->pairs[number];
    char value[TEXT_NUMBER];
    text_number(value, pair->value);
    /* TRANSLATORS: a file's name, the value of its strongest unit, and what to do. */
    char *text = g_strdup_printf(
        "%s · %s\n%s", pair->name, value,
        pair->problem
            ? pair->problem
            : _("Click to open this picture, with what the unit sees of it selected."));
    gtk_tooltip_set_text(tip, text);
    g_free(text);
    return TRUE;
}

/* --- the widget --- */

GtkWidget *
nine_strip_new(int side, void (*chosen)(void *user, gsize pair), void *user)
{
    Strip *strip = g_new0(Strip, 1);
    GtkWidget *canvas =
        toolkit_canvas(TOP_BEST * (side + GAP) - GAP, 2 * side + GAP, draw, strip);
    *strip = (Strip){
        .canvas = canvas, .pointed = -1, .marked = -1, .chosen = chosen, .user = user};
    g_object_set_data_full(G_OBJECT(canvas), "featurescope-strip", strip, g_free);
    gtk_widget_set_has_tooltip(canvas, TRUE);
    gtk_widget_add_events(canvas, GDK_BUTTON_PRESS_MASK | GDK_POINTER_MOTION_MASK |
                                      GDK_LEAVE_NOTIFY_MASK | GDK_KEY_PRESS_MASK |
                                      GDK_FOCUS_CHANGE_MASK);
    g_signal_connect(canvas, "motion-notify-event", G_CALLBACK(moved), strip);
    g_signal_connect(canvas, "leave-notify-event", G_CALLBACK(left), strip);
    g_signal_connect(canvas, "button-press-event", G_CALLBACK(pressed), strip);
    g_signal_connect(canvas, "key-press-event", G_CALLBACK(key_pressed), strip);
    g_signal_connect(canvas, "focus-in-event", G_CALLBACK(focus_changed), strip);
    g_signal_connect(canvas, "focus-out-event", G_CALLBACK(focus_changed), strip);
    g_signal_connect(canvas, "query-tooltip", G_CALLBACK(tell), strip);
    return canvas;
}

void
nine_strip_show(GtkWidget *widget, const BrowseNine *nine)
{
    Strip *strip = strip_of(widget);
    gboolean any = nine && nine->count;
    strip->nine = nine;
    strip->marked = any ? MIN(strip->marked, (gssize)nine->count - 1) : -1;
    strip->pointed = any ? MIN(strip->pointed, (gssize)nine->count - 1) : -1;
    gtk_widget_set_can_focus(widget, any);
    gtk_widget_queue_draw(widget);
}
