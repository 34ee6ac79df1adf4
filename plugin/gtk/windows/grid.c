/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grid.c: many small pictures in rows, of which one is chosen.
 *
 * A canvas beside a scrollbar of its own: a canvas as high as a layer of 2000 maps is
 * more than a window of X11 can be. */
#include "gtk/windows/grid.h"
#include "gtk/toolkit.h"
#include <gdk/gdkkeysyms.h>
#include <math.h>

#define GAP 6
#define LABEL_HEIGHT 14

typedef struct {
    GridSource source;
    GtkWidget *canvas;
    GtkAdjustment *scroll; /* in pixels */
    int made, side;        /* see grid_new() */
    gsize count;
    gssize chosen, pointed;
} Grid;

static Grid *
grid_of(GtkWidget *widget)
{
    return g_object_get_data(G_OBJECT(widget), "featurescope-grid");
}

/* --- places --- */

static int
pitch_x(const Grid *grid)
{
    return grid->side + GAP;
}

static int
pitch_y(const Grid *grid)
{
    return grid->side + LABEL_HEIGHT + GAP;
}

static gsize
columns(const Grid *grid, int width)
{
    return (gsize)MAX(1, (width - GAP) / pitch_x(grid));
}

static gssize
place_at(const Grid *grid, double x, double y)
{
    GtkAllocation size;
    gtk_widget_get_allocation(grid->canvas, &size);
    gsize across = columns(grid, size.width);
    y += gtk_adjustment_get_value(grid->scroll);
    if (x < 0 || y < 0)
        return -1;
    gsize column = (gsize)x / (gsize)pitch_x(grid);
    gsize place = (gsize)y / (gsize)pitch_y(grid) * across + column;
    return column < across && place < grid->count ? (gssize)place : -1;
}

/* --- drawing --- */

/* At most as wide as a column. */
static void
draw_label(const Grid *grid, cairo_t *cairo, const char *text, double middle, double top)
{
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    PangoFontDescription *font = pango_font_description_from_string("Sans 7");
    int width;
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text, -1);
    pango_layout_get_pixel_size(layout, &width, NULL);
    if (width > pitch_x(grid)) {
        width = pitch_x(grid);
        pango_layout_set_width(layout, width * PANGO_SCALE);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
    cairo_move_to(cairo, (int)(middle - width / 2.0), top);
    pango_cairo_show_layout(cairo, layout);
    pango_font_description_free(font);
    g_object_unref(layout);
}

static void
draw_tile(
    const Grid *grid, cairo_t *cairo, gsize place, int x, int y, const double ink[3])
{
    char label[GRID_LABEL] = "";
    cairo_surface_t *surface = grid->source.tile(grid->source.user, place, label);
    int side = grid->side;
    if (surface) {
        double scale = (double)side / grid->made;
        double width = scale * cairo_image_surface_get_width(surface);
        double height = scale * cairo_image_surface_get_height(surface);
        cairo_save(cairo);
        cairo_translate(cairo, x + floor((side - width) / 2),
                        y + floor((side - height) / 2));
        cairo_scale(cairo, scale, scale);
        cairo_set_source_surface(cairo, surface, 0, 0);
        cairo_pattern_set_extend(cairo_get_source(cairo), CAIRO_EXTEND_PAD);
        cairo_rectangle(cairo, 0, 0, width / scale, height / scale);
        cairo_fill(cairo);
        cairo_restore(cairo);
    } else {
        cairo_rectangle(cairo, x + 0.5, y + 0.5, side - 1, side - 1);
        cairo_set_source_rgba(cairo, 0.5, 0.5, 0.5, 0.4);
        cairo_set_line_width(cairo, 1);
        cairo_stroke(cairo);
    }
    if ((gssize)place == grid->chosen || (gssize)place == grid->pointed) {
        gboolean chosen = (gssize)place == grid->chosen;
        cairo_rectangle(cairo, x - 1.5, y - 1.5, side + 3, side + 3);
        cairo_set_source_rgba(cairo, 0.30, 0.55, 0.85, chosen ? 1 : 0.6);
        cairo_set_line_width(cairo, chosen && gtk_widget_has_focus(grid->canvas) ? 4 : 2);
        cairo_stroke(cairo);
    }
    cairo_set_source_rgb(cairo, ink[0], ink[1], ink[2]);
    draw_label(grid, cairo, label, x + side / 2.0, y + side + 1);
}

static void
draw(cairo_t *cairo, int width, int height, void *user)
{
    const Grid *grid = user;
    gsize across = columns(grid, width);
    int top = (int)gtk_adjustment_get_value(grid->scroll);
    double ink[3];
    toolkit_text_color(grid->canvas, ink);
    gsize row = (gsize)MAX(0, top / pitch_y(grid));
    for (gsize place = row * across; place < grid->count; place++) {
        int y = (int)(place / across) * pitch_y(grid) + GAP - top;
        int x = (int)(place % across) * pitch_x(grid) + GAP;
        if (y > height)
            break;
        draw_tile(grid, cairo, place, x, y, ink);
    }
}

/* --- scrolling --- */

static void
settle_scroll(Grid *grid)
{
    GtkAllocation size;
    gtk_widget_get_allocation(grid->canvas, &size);
    gsize across = columns(grid, size.width), rows = (grid->count + across - 1) / across;
    double whole = MAX((double)rows * pitch_y(grid) + GAP, (double)size.height);
    double value = gtk_adjustment_get_value(grid->scroll);
    gtk_adjustment_configure(grid->scroll, CLAMP(value, 0, whole - size.height), 0, whole,
                             pitch_y(grid), size.height, size.height);
}

static void
scroll_to(Grid *grid, gsize place)
{
    GtkAllocation size;
    gtk_widget_get_allocation(grid->canvas, &size);
    double top = (double)(place / columns(grid, size.width)) * pitch_y(grid);
    gtk_adjustment_clamp_page(grid->scroll, top, top + pitch_y(grid) + GAP);
}

static void
scrolled(GtkAdjustment *scroll, Grid *grid)
{
    (void)scroll;
    gtk_widget_queue_draw(grid->canvas);
}

static void
placed(GtkWidget *canvas, GtkAllocation *size, Grid *grid)
{
    (void)canvas;
    (void)size;
    settle_scroll(grid);
}

static gboolean
wheel_turned(GtkWidget *canvas, GdkEventScroll *event, Grid *grid)
{
    (void)canvas;
    double step = event->direction == GDK_SCROLL_UP     ? -pitch_y(grid)
                  : event->direction == GDK_SCROLL_DOWN ? pitch_y(grid)
                                                        : 0;
    double value = gtk_adjustment_get_value(grid->scroll) + step;
    double last = gtk_adjustment_get_upper(grid->scroll) -
                  gtk_adjustment_get_page_size(grid->scroll);
    gtk_adjustment_set_value(grid->scroll, CLAMP(value, 0, last));
    return TRUE;
}

/* --- choosing --- */

static void
choose(Grid *grid, gsize place)
{
    grid->chosen = (gssize)place;
    scroll_to(grid, place);
    gtk_widget_queue_draw(grid->canvas);
    grid->source.chosen(grid->source.user, place);
}

static gboolean
pressed(GtkWidget *canvas, GdkEventButton *event, Grid *grid)
{
    gtk_widget_grab_focus(canvas);
    gssize place = place_at(grid, event->x, event->y);
    if (event->button == 1 && place >= 0)
        choose(grid, (gsize)place);
    return TRUE;
}

static void
point(Grid *grid, gssize place)
{
    if (place == grid->pointed)
        return;
    grid->pointed = place;
    gtk_widget_queue_draw(grid->canvas);
    grid->source.pointed(grid->source.user, place);
}

static gboolean
moved(GtkWidget *canvas, GdkEventMotion *event, Grid *grid)
{
    (void)canvas;
    point(grid, place_at(grid, event->x, event->y));
    return FALSE;
}

static gboolean
left(GtkWidget *canvas, GdkEventCrossing *event, Grid *grid)
{
    (void)canvas;
    (void)event;
    point(grid, -1);
    return FALSE;
}

static gboolean
key_pressed(GtkWidget *canvas, GdkEventKey *event, Grid *grid)
{
    GtkAllocation size;
    gtk_widget_get_allocation(canvas, &size);
    gssize across = (gssize)columns(grid, size.width);
    gssize page = MAX(1, size.height / pitch_y(grid)) * across;
    gssize last = (gssize)grid->count - 1, place = grid->chosen;
    switch (event->keyval) {
    case GDK_KEY_Left:
        place--;
        break;
    case GDK_KEY_Right:
        place++;
        break;
    case GDK_KEY_Up:
        place -= place >= across ? across : 0;
        break;
    case GDK_KEY_Down:
        place += place + across <= last ? across : 0;
        break;
    case GDK_KEY_Page_Up:
        place -= page;
        break;
    case GDK_KEY_Page_Down:
        place += page;
        break;
    case GDK_KEY_Home:
        place = 0;
        break;
    case GDK_KEY_End:
        place = last;
        break;
    default:
        return FALSE;
    }
    if (last >= 0)
        choose(grid, (gsize)CLAMP(place, 0, last));
    return TRUE;
}

static gboolean
focus_changed(GtkWidget *canvas, GdkEventFocus *event, Grid *grid)
{
    (void)event;
    (void)grid;
    gtk_widget_queue_draw(canvas);
    return FALSE;
}

/* --- the widget --- */

static void
listen(Grid *grid)
{
    GtkWidget *canvas = grid->canvas;
    gtk_widget_set_can_focus(canvas, TRUE);
    gtk_widget_add_events(canvas, GDK_BUTTON_PRESS_MASK | GDK_POINTER_MOTION_MASK |
                                      GDK_LEAVE_NOTIFY_MASK | GDK_SCROLL_MASK |
                                      GDK_KEY_PRESS_MASK | GDK_FOCUS_CHANGE_MASK);
    g_signal_connect(canvas, "button-press-event", G_CALLBACK(pressed), grid);
    g_signal_connect(canvas, "motion-notify-event", G_CALLBACK(moved), grid);
    g_signal_connect(canvas, "leave-notify-event", G_CALLBACK(left), grid);
    g_signal_connect(canvas, "scroll-event", G_CALLBACK(wheel_turned), grid);
    g_signal_connect(canvas, "key-press-event", G_CALLBACK(key_pressed), grid);
    g_signal_connect(canvas, "focus-in-event", G_CALLBACK(focus_changed), grid);
    g_signal_connect(canvas, "focus-out-event", G_CALLBACK(focus_changed), grid);
    g_signal_connect(canvas, "size-allocate", G_CALLBACK(placed), grid);
    g_signal_connect(grid->scroll, "value-changed", G_CALLBACK(scrolled), grid);
}

GtkWidget *
grid_new(const GridSource *source, int made, int side, int width, int height)
{
    Grid *grid = g_new0(Grid, 1);
    *grid = (Grid){
        .source = *source, .made = made, .side = side, .chosen = -1, .pointed = -1};
    grid->scroll = GTK_ADJUSTMENT(gtk_adjustment_new(0, 0, 1, 1, 1, 1));
    grid->canvas = toolkit_canvas(width, height, draw, grid);
    listen(grid);
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_box_pack_start(GTK_BOX(box), grid->canvas, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(box), toolkit_scrollbar(grid->scroll), FALSE, FALSE, 0);
    g_object_set_data_full(G_OBJECT(box), "featurescope-grid", grid, g_free);
    return box;
}

GtkWidget *
grid_focus(GtkWidget *widget)
{
    return grid_of(widget)->canvas;
}

void
grid_fill(GtkWidget *widget, gsize count, gssize chosen)
{
    Grid *grid = grid_of(widget);
    grid->count = count;
    grid->chosen = chosen;
    settle_scroll(grid);
    if (chosen >= 0)
        scroll_to(grid, (gsize)chosen);
    gtk_widget_queue_draw(grid->canvas);
}

void
grid_redraw(GtkWidget *widget)
{
    gtk_widget_queue_draw(grid_of(widget)->canvas);
}

void
grid_set_side(GtkWidget *widget, int side)
{
    Grid *grid = grid_of(widget);
    grid->side = side;
    grid_fill(widget, grid->count, grid->chosen);
}

void
grid_scroll_to_top(GtkWidget *widget)
{
    gtk_adjustment_set_value(grid_of(widget)->scroll, 0);
}
