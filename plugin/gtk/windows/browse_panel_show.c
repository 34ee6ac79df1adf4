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
panel_show_changed(BrowsePanel *panel, gboolean changed)
{
    gtk_widget_set_visible(panel->again, changed);
    if (changed)
        panel_tell(
            panel,
            _("The photo or the selection has changed since it was looked at; “View Again” looks at it as it is now."));
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
    panel_show_beside(panel, NULL);
    panel_show_remark(panel, NULL);
    panel_show_heat(panel, NULL, NULL, FALSE);
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

/* Four side by side are not as wide, so that the window fits a screen of 1280 pixels. */
#define SCREEN 1280
#define LEAST_SIDE 140

static void
set_widths(BrowsePanel *panel, gboolean four)
{
    GtkWidget *pictures[] = {panel->photo, panel->projection, panel->beside,
                             panel->difference};
    int room = (toolkit_screen().width - SCREEN) / (int)G_N_ELEMENTS(pictures);
    int side = four ? CLAMP(LEAST_SIDE + room, LEAST_SIDE, PANEL_SIDE) : PANEL_SIDE;
    for (gsize i = 0; i < G_N_ELEMENTS(pictures); i++)
        gtk_widget_set_size_request(pictures[i], side, PANEL_SIDE);
}

void
panel_show_beside(BrowsePanel *panel, const PanelBeside *beside)
{
    static const PanelBeside nothing;
    const PanelBeside *shown = beside ? beside : &nothing;
    picture_set(panel->beside, shown->picture, shown->crisp);
    picture_cover(panel->beside, shown->cover, PANEL_HEAT_OPACITY);
    picture_set(panel->difference, shown->difference, shown->crisp);
    picture_cover(panel->difference, shown->difference_cover, PANEL_HEAT_OPACITY);
    gtk_label_set_text(GTK_LABEL(panel->beside_name), shown->text ? shown->text : "");
    gtk_widget_set_tooltip_text(panel->beside_name, shown->text);
    panel->refreshing = TRUE;
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(panel->beside_heats), shown->heats);
    panel->refreshing = FALSE;
    gtk_widget_set_sensitive(panel->beside_heats, shown->has_heats);
    set_widths(panel, shown->difference != NULL);
    gtk_widget_set_visible(panel->beside, shown->picture != NULL);
    gtk_widget_set_visible(panel->difference, shown->difference != NULL);
    gtk_widget_set_visible(panel->beside_line, beside != NULL);
}

void
panel_show_heat(BrowsePanel *panel,
                const Browse *browse,
                const Heat *heat,
                gboolean goes_on)
{
    gboolean runs = goes_on || (browse && browse_occluding(browse));
    char *text = g_strdup(""), low[TEXT_NUMBER] = "", high[TEXT_NUMBER] = "";
    if (heat) {
        char *name = heat_name(heat);
        g_free(text);
        /* TRANSLATORS: a heat map's name; positions of the square. */
        text = g_strdup_printf(_("%s · %zu of %zu positions"), name,
                               browse_heat(browse)->known, heat->rows * heat->columns);
        g_free(name);
        text_change(low, heat->color_low);
        text_change(high, heat->color_high);
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
