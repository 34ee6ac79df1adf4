/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/toolkit.c: gtk/toolkit.h for GTK 2. */
#include "gtk/toolkit.h"

GtkWidget *
toolkit_box(GtkOrientation orientation, int spacing)
{
    return orientation == GTK_ORIENTATION_HORIZONTAL ? gtk_hbox_new(FALSE, spacing)
                                                     : gtk_vbox_new(FALSE, spacing);
}

GtkWidget *
toolkit_panes(GtkWidget *left, GtkWidget *right, gboolean both)
{
    GtkWidget *panes = gtk_hpaned_new();
    gtk_paned_pack1(GTK_PANED(panes), left, both, FALSE);
    GtkWidget *apart = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_box_pack_start(GTK_BOX(apart), right, TRUE, TRUE, 4);
    gtk_paned_pack2(GTK_PANED(panes), apart, TRUE, FALSE);
    return panes;
}

void
toolkit_color_set(GtkWidget *button, const char *text)
{
    GdkColor color;
    if (gdk_color_parse(text, &color))
        gtk_color_button_set_color(GTK_COLOR_BUTTON(button), &color);
}

char *
toolkit_color_get(GtkWidget *button)
{
    GdkColor color;
    gtk_color_button_get_color(GTK_COLOR_BUTTON(button), &color);
    return g_strdup_printf("#%02x%02x%02x", color.red >> 8, color.green >> 8,
                           color.blue >> 8);
}

/* GTK 2 has no hints: this one is drawn over the empty text. */
static gboolean
draw_hint(GtkWidget *entry, GdkEventExpose *event, gpointer unused)
{
    const char *text = g_object_get_data(G_OBJECT(entry), "featurescope-hint");
    (void)unused;
    if (*gtk_entry_get_text(GTK_ENTRY(entry)) ||
        event->window != gtk_entry_get_text_window(GTK_ENTRY(entry)))
        return FALSE;
    PangoLayout *layout = gtk_widget_create_pango_layout(entry, text);
    cairo_t *cairo = gdk_cairo_create(event->window);
    gdk_cairo_set_source_color(cairo,
                               &gtk_widget_get_style(entry)->text[GTK_STATE_NORMAL]);
    int across, down, height = gdk_window_get_height(event->window);
    pango_layout_get_pixel_size(layout, &across, &down);
    cairo_move_to(cairo, 2, (height - down) / 2);
    pango_cairo_layout_path(cairo, layout);
    cairo_clip(cairo);
    cairo_paint_with_alpha(cairo, 0.55);
    cairo_destroy(cairo);
    g_object_unref(layout);
    return FALSE;
}

void
toolkit_entry_hint(GtkWidget *entry, const char *text)
{
    if (!g_object_get_data(G_OBJECT(entry), "featurescope-hint"))
        g_signal_connect_after(entry, "expose-event", G_CALLBACK(draw_hint), NULL);
    g_object_set_data_full(G_OBJECT(entry), "featurescope-hint", g_strdup(text), g_free);
    gtk_widget_queue_draw(entry);
}

static gboolean
expose(GtkWidget *canvas, GdkEventExpose *event, void *user)
{
    GtkAllocation place;
    gtk_widget_get_allocation(canvas, &place);
    cairo_t *cairo = gdk_cairo_create(gtk_widget_get_window(canvas));
    gdk_cairo_region(cairo, event->region);
    cairo_clip(cairo);
    ToolkitDraw draw =
        (ToolkitDraw)g_object_get_data(G_OBJECT(canvas), "featurescope-draw");
    draw(cairo, place.width, place.height, user);
    cairo_destroy(cairo);
    return TRUE;
}

GtkWidget *
toolkit_canvas(int width, int height, ToolkitDraw draw, void *user)
{
    GtkWidget *canvas = gtk_drawing_area_new();
    gtk_widget_set_size_request(canvas, width, height);
    g_object_set_data(G_OBJECT(canvas), "featurescope-draw", (gpointer)draw);
    g_signal_connect(canvas, "expose-event", G_CALLBACK(expose), user);
    return canvas;
}

void
toolkit_text_color(GtkWidget *widget, double rgb[3])
{
    const GdkColor *color =
        &gtk_widget_get_style(widget)->fg[gtk_widget_get_state(widget)];
    rgb[0] = color->red / 65535.0;
    rgb[1] = color->green / 65535.0;
    rgb[2] = color->blue / 65535.0;
}

GtkWidget *
toolkit_scrollbar(GtkAdjustment *adjustment)
{
    return gtk_vscrollbar_new(adjustment);
}

GtkWidget *
toolkit_slider(double min, double max, double value)
{
    GtkWidget *slider = gtk_hscale_new_with_range(min, max, 1);
    gtk_scale_set_draw_value(GTK_SCALE(slider), FALSE);
    gtk_range_set_value(GTK_RANGE(slider), value);
    return slider;
}

void
toolkit_combo_as_list(GtkWidget *combo)
{
    static gboolean told;
    if (!told)
        gtk_rc_parse_string(
            "style \"featurescope-list\" { GtkComboBox::appears-as-list = 1 }\n"
            "widget \"*.featurescope-list\" style \"featurescope-list\"");
    told = TRUE;
    gtk_widget_set_name(combo, "featurescope-list");
}

void
toolkit_monospace(GtkWidget *text_view)
{
    PangoFontDescription *font = pango_font_description_from_string("monospace");
    gtk_widget_modify_font(text_view, font);
    pango_font_description_free(font);
}

const ToolkitLanguage toolkit_languages[] = {
    {"Script-Fu", SCRIPT_SCHEME_2},
    {NULL, SCRIPT_SCHEME_2},
};

GdkRectangle
toolkit_screen(void)
{
    GdkScreen *screen = gdk_screen_get_default();
    GdkRectangle least = {.width = G_MAXINT, .height = G_MAXINT};
    for (int i = 0; i < gdk_screen_get_n_monitors(screen); i++) {
        GdkRectangle place;
        gdk_screen_get_monitor_geometry(screen, i, &place);
        least.width = MIN(least.width, place.width);
        least.height = MIN(least.height, place.height);
    }
    return least;
}

/* GTK 2 has no natural height: the window follows its child's request. */
static void
follow_request(GtkWidget *child, GtkRequisition *wanted, GtkWidget *scrolled)
{
    (void)child;
    int max_height =
        GPOINTER_TO_INT(g_object_get_data(G_OBJECT(scrolled), "featurescope-height"));
    gtk_widget_set_size_request(scrolled, -1, MIN(wanted->height, max_height));
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                   wanted->height > max_height ? GTK_POLICY_ALWAYS
                                                               : GTK_POLICY_NEVER);
}

GtkWidget *
toolkit_scrolled(GtkWidget *child, int max_height)
{
    GtkWidget *scrolled = gtk_scrolled_window_new(NULL, NULL);
    gtk_scrolled_window_add_with_viewport(GTK_SCROLLED_WINDOW(scrolled), child);
    GtkWidget *viewport = gtk_bin_get_child(GTK_BIN(scrolled));
    gtk_viewport_set_shadow_type(GTK_VIEWPORT(viewport), GTK_SHADOW_NONE);
    /* What becomes visible later has the window grow in width, too. */
    gtk_container_set_resize_mode(GTK_CONTAINER(viewport), GTK_RESIZE_PARENT);
    gtk_container_set_resize_mode(GTK_CONTAINER(scrolled), GTK_RESIZE_PARENT);
    g_object_set_data(G_OBJECT(scrolled), "featurescope-height",
                      GINT_TO_POINTER(max_height));
    g_signal_connect_after(child, "size-request", G_CALLBACK(follow_request), scrolled);
    return scrolled;
}

static void
below(GtkMenu *menu, gint *x, gint *y, gboolean *push_in, gpointer user)
{
    GtkWidget *widget = user;
    GtkAllocation place;
    (void)menu;
    gtk_widget_get_allocation(widget, &place);
    gdk_window_get_origin(gtk_widget_get_window(widget), x, y);
    *x += place.x;
    *y += place.y + place.height;
    *push_in = TRUE;
}

void
toolkit_menu_below(GtkWidget *menu, GtkWidget *widget)
{
    gtk_menu_popup(GTK_MENU(menu), NULL, NULL, below, widget, 0,
                   gtk_get_current_event_time());
}

/* GIMP 2.10's dark theme writes the chosen row in the colour of its ground. */
static void
make_readable(GtkWidget *view, gpointer unused)
{
    GtkStyle *style = gtk_widget_get_style(view);
    (void)unused;
    if (gdk_color_equal(&style->text[GTK_STATE_SELECTED],
                        &style->base[GTK_STATE_SELECTED]))
        gtk_widget_modify_text(view, GTK_STATE_SELECTED, &style->base[GTK_STATE_NORMAL]);
}

void
toolkit_list_readable(GtkWidget *tree_view)
{
    g_signal_connect(tree_view, "realize", G_CALLBACK(make_readable), NULL);
}
