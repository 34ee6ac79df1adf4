/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/toolkit.c: gtk/toolkit.h for GTK 3. */
#include "gtk/toolkit.h"
#include <math.h>

GtkWidget *
toolkit_box(GtkOrientation orientation, int spacing)
{
    return gtk_box_new(orientation, spacing);
}

GtkWidget *
toolkit_panes(GtkWidget *left, GtkWidget *right, gboolean both)
{
    GtkWidget *panes = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
    gtk_paned_pack1(GTK_PANED(panes), left, both, FALSE);
    GtkWidget *apart = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_box_pack_start(GTK_BOX(apart), right, TRUE, TRUE, 4);
    gtk_paned_pack2(GTK_PANED(panes), apart, TRUE, FALSE);
    return panes;
}

void
toolkit_color_set(GtkWidget *button, const char *text)
{
    GdkRGBA color;
    if (gdk_rgba_parse(&color, text))
        gtk_color_chooser_set_rgba(GTK_COLOR_CHOOSER(button), &color);
}

char *
toolkit_color_get(GtkWidget *button)
{
    GdkRGBA color;
    gtk_color_chooser_get_rgba(GTK_COLOR_CHOOSER(button), &color);
    return g_strdup_printf("#%02x%02x%02x",
                           (unsigned)lround(255 * CLAMP(color.red, 0, 1)),
                           (unsigned)lround(255 * CLAMP(color.green, 0, 1)),
                           (unsigned)lround(255 * CLAMP(color.blue, 0, 1)));
}

void
toolkit_entry_hint(GtkWidget *entry, const char *text)
{
    gtk_entry_set_placeholder_text(GTK_ENTRY(entry), text);
}

static gboolean
paint(GtkWidget *canvas, cairo_t *cairo, void *user)
{
    ToolkitDraw draw =
        (ToolkitDraw)g_object_get_data(G_OBJECT(canvas), "featurescope-draw");
    draw(cairo, gtk_widget_get_allocated_width(canvas),
         gtk_widget_get_allocated_height(canvas), user);
    return TRUE;
}

GtkWidget *
toolkit_canvas(int width, int height, ToolkitDraw draw, void *user)
{
    GtkWidget *canvas = gtk_drawing_area_new();
    gtk_widget_set_size_request(canvas, width, height);
    g_object_set_data(G_OBJECT(canvas), "featurescope-draw", (gpointer)draw);
    g_signal_connect(canvas, "draw", G_CALLBACK(paint), user);
    return canvas;
}

void
toolkit_text_color(GtkWidget *widget, double rgb[3])
{
    GdkRGBA color;
    gtk_style_context_get_color(gtk_widget_get_style_context(widget),
                                gtk_widget_get_state_flags(widget), &color);
    rgb[0] = color.red;
    rgb[1] = color.green;
    rgb[2] = color.blue;
}

GtkWidget *
toolkit_scrollbar(GtkAdjustment *adjustment)
{
    return gtk_scrollbar_new(GTK_ORIENTATION_VERTICAL, adjustment);
}

GtkWidget *
toolkit_slider(double min, double max, double value)
{
    GtkWidget *slider = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, min, max, 1);
    gtk_scale_set_draw_value(GTK_SCALE(slider), FALSE);
    gtk_range_set_value(GTK_RANGE(slider), value);
    return slider;
}

void
toolkit_combo_as_list(GtkWidget *combo)
{
    GtkCssProvider *provider = gtk_css_provider_new();
    gtk_css_provider_load_from_data(
        provider, "combobox { -GtkComboBox-appears-as-list: 1; }", -1, NULL);
    gtk_style_context_add_provider(gtk_widget_get_style_context(combo),
                                   GTK_STYLE_PROVIDER(provider),
                                   GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    g_object_unref(provider);
}

void
toolkit_monospace(GtkWidget *text_view)
{
    gtk_text_view_set_monospace(GTK_TEXT_VIEW(text_view), TRUE);
}

/* A window does not grow by itself when what it scrolls does: when an expander opens, or
 * when lines wrap in the width that they got. */
static gboolean
follow_height(gpointer user)
{
    GtkScrolledWindow *scrolled = user;
    GtkWidget *viewport = gtk_bin_get_child(GTK_BIN(scrolled));
    int wanted, max_height = gtk_scrolled_window_get_max_content_height(scrolled);
    if (viewport) {
        gtk_widget_get_preferred_height_for_width(
            viewport, gtk_widget_get_allocated_width(viewport), NULL, &wanted);
        gtk_scrolled_window_set_min_content_height(scrolled, MIN(wanted, max_height));
    }
    g_object_unref(scrolled);
    return G_SOURCE_REMOVE;
}

static void
child_placed(GtkWidget *child, GtkAllocation *place, GtkScrolledWindow *scrolled)
{
    int wanted;
    gtk_widget_get_preferred_height_for_width(child, place->width, NULL, &wanted);
    wanted = MIN(wanted, gtk_scrolled_window_get_max_content_height(scrolled));
    /* The size is changed later, because GTK is allocating sizes during this call. */
    if (gtk_scrolled_window_get_min_content_height(scrolled) < wanted)
        g_idle_add(follow_height, g_object_ref(scrolled));
}

const ToolkitLanguage toolkit_languages[] = {
    {"Script-Fu", SCRIPT_SCHEME_3},
    {"Python", SCRIPT_PYTHON_3},
    {NULL, SCRIPT_SCHEME_3},
};

GdkRectangle
toolkit_screen(void)
{
    GdkDisplay *display = gdk_display_get_default();
    GdkRectangle least = {.width = G_MAXINT, .height = G_MAXINT};
    for (int i = 0; i < gdk_display_get_n_monitors(display); i++) {
        GdkRectangle place;
        gdk_monitor_get_workarea(gdk_display_get_monitor(display, i), &place);
        least.width = MIN(least.width, place.width);
        least.height = MIN(least.height, place.height);
    }
    return least;
}

void
toolkit_pale_labels(GtkWidget *window)
{
    (void)window; /* GTK 3's themes do it */
}

GtkWidget *
toolkit_scrolled(GtkWidget *child, int max_height)
{
    GtkWidget *scrolled = gtk_scrolled_window_new(NULL, NULL);
    GtkScrolledWindow *window = GTK_SCROLLED_WINDOW(scrolled);
    gtk_scrolled_window_set_policy(window, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_propagate_natural_height(window, TRUE);
    gtk_scrolled_window_set_max_content_height(window, max_height);
    gtk_container_add(GTK_CONTAINER(scrolled), child);
    g_signal_connect(child, "size-allocate", G_CALLBACK(child_placed), window);
    return scrolled;
}

/* A button that a key activates is clicked a moment after the key's event, but a menu
 * wants to know who asked for it. */
static GdkEvent *
event_of_keyboard(GtkWidget *widget)
{
    GdkSeat *seat = gdk_display_get_default_seat(gtk_widget_get_display(widget));
    GdkEvent *event = gdk_event_new(GDK_KEY_PRESS);
    event->key.window = g_object_ref(gtk_widget_get_window(widget));
    event->key.time = gtk_get_current_event_time();
    gdk_event_set_device(event, gdk_seat_get_keyboard(seat));
    return event;
}

void
toolkit_menu_below(GtkWidget *menu, GtkWidget *widget)
{
    GdkEvent *event = gtk_get_current_event();
    if (!event)
        event = event_of_keyboard(widget);
    gtk_menu_attach_to_widget(GTK_MENU(menu), widget, NULL);
    gtk_menu_popup_at_widget(GTK_MENU(menu), widget, GDK_GRAVITY_SOUTH_WEST,
                             GDK_GRAVITY_NORTH_WEST, event);
    gdk_event_free(event);
}

void
toolkit_list_readable(GtkWidget *tree_view)
{
    (void)tree_view; /* every theme of GTK 3 does */
}
