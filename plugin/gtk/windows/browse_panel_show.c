/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_panel_show.c: what the widgets of the browser's window show. */
#include "base/text.h"
#include "gtk/windows/browse_panel.h"

void
panel_show_number(BrowsePanel *panel, gsize map, gsize count)
{
    panel->refreshing = TRUE;
    gtk_spin_button_set_range(GTK_SPIN_BUTTON(panel->number), 0, (double)count - 1);
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(panel->number), (double)map);
    panel->refreshing = FALSE;
}

gboolean
panel_hides_silent(const BrowsePanel *panel)
{
    return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(panel->hide));
}

void
panel_tell(BrowsePanel *panel, const char *text)
{
    gtk_label_set_text(
        GTK_LABEL(panel->status),
        text
            ? text
            : _("Point at a map to see it, click to choose it; click the photo to choose the unit that looks there."));
    gtk_widget_set_tooltip_text(panel->status, text);
}

void
panel_show_remark(BrowsePanel *panel, const char *text)
{
    gtk_label_set_text(GTK_LABEL(panel->remark), text ? text : "");
    gtk_widget_set_tooltip_text(panel->remark, text);
    gtk_widget_set_visible(panel->remark, text != NULL);
}

void
panel_clear(BrowsePanel *panel)
{
    picture_set(panel->photo, NULL, FALSE);
    picture_set(panel->projection, NULL, FALSE);
    picture_cover(panel->photo, NULL, 0);
    picture_box(panel->photo, NULL);
    picture_mark(panel->photo, -1, -1);
    gtk_label_set_text(GTK_LABEL(panel->name), "");
    gtk_label_set_text(GTK_LABEL(panel->field), "");
    nine_panel_show(panel->nine, NULL, NULL);
    gtk_widget_set_sensitive(panel->add, FALSE);
    gtk_widget_set_sensitive(panel->figure, FALSE);
    gtk_widget_set_sensitive(panel->compare, FALSE);
    panel_show_beside(panel, NULL, FALSE, NULL);
    panel_show_remark(panel, NULL);
    panel_show_heat(panel, NULL, NULL, NULL);
}

void
panel_show_view(BrowsePanel *panel,
                const Browse *browse,
                const BrowseView *view,
                float scale)
{
    const Net *net = browse_net(browse);
    const Field *seen = &view->seen;
    PictureBox box = {seen->left / net->width, seen->top / net->height,
                      seen->width / net->width, seen->height / net->height};
    picture_set(panel->projection, browse_paint(browse, view, scale), view->small);
    picture_box(panel->photo, &box);
    if (view->choice.unit == BROWSE_POINT)
        picture_mark(panel->photo, view->choice.x / net->width,
                     view->choice.y / net->height);
    else
        picture_mark(panel->photo, -1, -1);
    gtk_label_set_text(GTK_LABEL(panel->name), view->name);
    gtk_label_set_text(GTK_LABEL(panel->field), view->field);
    gtk_widget_set_sensitive(panel->add, TRUE);
    gtk_widget_set_sensitive(panel->figure, TRUE);
    gtk_widget_set_sensitive(panel->compare, TRUE);
}

void
panel_show_beside(BrowsePanel *panel,
                  cairo_surface_t *surface,
                  gboolean crisp,
                  const char *text)
{
    picture_set(panel->beside, surface, crisp);
    gtk_label_set_text(GTK_LABEL(panel->beside_name), text ? text : "");
    gtk_widget_set_tooltip_text(panel->beside_name, text);
    gtk_widget_set_visible(panel->beside, text != NULL);
    gtk_widget_set_visible(panel->beside_name, text != NULL);
}

void
panel_show_heat(BrowsePanel *panel,
                const Browse *browse,
                const BrowseHeat *heat,
                const Labels *labels)
{
    gboolean runs = browse && browse_occluding(browse);
    char *text = g_strdup(""), low[TEXT_NUMBER] = "", high[TEXT_NUMBER] = "";
    if (heat) {
        Heat *map = browse_heat_map(browse, heat, labels, NULL);
        char *name = heat_name(map);
        g_free(text);
        /* TRANSLATORS: a heat map's name; positions of the square. */
        text = g_strdup_printf(_("%s · %zu of %zu positions"), name, heat->known,
                               heat->rows * heat->columns);
        g_free(name);
        text_change(low, map->color_low);
        text_change(high, map->color_high);
        heat_free(map);
    }
    gtk_label_set_text(GTK_LABEL(panel->heat_name), text);
    gtk_widget_set_tooltip_text(panel->heat_name, text);
    gtk_label_set_text(GTK_LABEL(panel->low), low);
    gtk_label_set_text(GTK_LABEL(panel->high), high);
    panel->diverging = heat != NULL;
    gtk_widget_queue_draw(panel->legend);
    gtk_widget_set_sensitive(panel->occlude, browse != NULL && !runs);
    gtk_widget_set_sensitive(panel->stop, runs);
    gtk_widget_set_sensitive(panel->clear, heat != NULL);
    gtk_widget_set_sensitive(panel->add_heat, heat != NULL);
    g_free(text);
}
