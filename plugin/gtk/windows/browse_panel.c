/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_panel.c: the widgets of the browser's window.
 *
 * All fits a screen of 1280 x 720. Controls are those of the procedure's table. */
#include "gtk/windows/browse_panel.h"

#define LIST_WIDTH 270
#define GRID_WIDTH 316
#define PICTURE_SIDE 290
#define HEIGHT 500

struct BrowsePanelValue {
    BrowsePanel *panel;
    Control control;
};

/* In the order of rows; sort and thumbnails stand over the grid, the net over the
 * list. */
static const char *const over_list[] = {"model", "fit", NULL};
static const char *const over_grid[] = {"thumbnails", "sort", NULL};
static const char *const left[] = {"method", "unit", NULL};
static const char *const right[] = {"scale", "percentile", NULL};
static const char *const heat[] = {"heat", NULL};
#define MOST_ROWS 9

static void
value_changed(void *user)
{
    BrowsePanelValue *row = user;
    BrowsePanel *panel = row->panel;
    if (panel->refreshing || panel->closed)
        return;
    control_get(&row->control, panel->values);
    panel->calls.value_changed(panel->calls.user, row->control.param->name);
}

void
panel_refresh(BrowsePanel *panel)
{
    panel->refreshing = TRUE;
    for (gsize i = 0; i < panel->n_rows; i++)
        control_set(&panel->rows[i].control, panel->values);
    panel->refreshing = FALSE;
}

/* --- making --- */

static const Param *
find_param(const ParamValues *values, const char *name)
{
    gsize count;
    const Param *params = param_values_table(values, &count);
    for (gsize i = 0; i < count; i++)
        if (g_str_equal(params[i].name, name))
            return &params[i];
    g_error("no parameter %s", name);
}

/* Label and control side by side, a row each. */
static GtkWidget *
make_rows(BrowsePanel *panel, const char *const *names)
{
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 4);
    GtkSizeGroup *labels = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    for (gsize i = 0; names[i]; i++) {
        BrowsePanelValue *row = &panel->rows[panel->n_rows++];
        const Param *param = find_param(panel->values, names[i]);
        row->panel = panel;
        control_init(&row->control, param, value_changed, row);
        GtkWidget *line = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
        GtkWidget *label = gtk_label_new_with_mnemonic(_(param->label));
        g_object_set(label, "xalign", 0.0, NULL);
        gtk_label_set_mnemonic_widget(GTK_LABEL(label), row->control.focus);
        gtk_size_group_add_widget(labels, label);
        gtk_box_pack_start(GTK_BOX(line), label, FALSE, FALSE, 0);
        gtk_box_pack_start(GTK_BOX(line), row->control.widget, TRUE, TRUE, 0);
        gtk_box_pack_start(GTK_BOX(box), line, FALSE, FALSE, 0);
    }
    g_object_unref(labels);
    return box;
}

/* A line that asks for no width of its own. */
static GtkWidget *
make_line(void)
{
    GtkWidget *label = gtk_label_new(NULL);
    g_object_set(label, "xalign", 0.0, NULL);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    return label;
}

static GtkWidget *
make_button(
    GtkWidget *box, const char *text, const char *tip, GCallback clicked, void *user)
{
    GtkWidget *button = gtk_button_new_with_mnemonic(text);
    gtk_widget_set_tooltip_text(button, tip);
    g_signal_connect_swapped(button, "clicked", clicked, user);
    gtk_box_pack_start(GTK_BOX(box), button, TRUE, TRUE, 0);
    return button;
}

static GtkWidget *
make_column(GtkWidget *above, GtkWidget *below)
{
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 6);
    gtk_box_pack_start(GTK_BOX(box), above, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), below, TRUE, TRUE, 0);
    return box;
}

static GtkWidget *
make_grid(BrowsePanel *panel)
{
    GridSource source = {panel->calls.tile, panel->calls.map_chosen,
                         panel->calls.map_pointed, panel->calls.user};
    panel->grid = grid_new(&source, BROWSE_TILE, GRID_WIDTH, HEIGHT - 70);
    return make_column(make_rows(panel, over_grid), panel->grid);
}

static GtkWidget *
make_heat(BrowsePanel *panel)
{
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *buttons = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
    const BrowsePanelCalls *calls = &panel->calls;
    panel->occlude =
        make_button(buttons, _("_Occlude"),
                    _("Cover one part of the photo after another and see what changes"),
                    G_CALLBACK(calls->occlude), calls->user);
    panel->stop = make_button(buttons, _("_Stop"), _("Keep what is there"),
                              G_CALLBACK(calls->stop), calls->user);
    panel->clear =
        make_button(buttons, _("_Remove"), _("Show the photo without the heat map"),
                    G_CALLBACK(calls->clear_heat), calls->user);
    panel->add_heat =
        make_button(buttons, _("Add Heat Ma_p"), _("As a layer, as far as it is"),
                    G_CALLBACK(calls->add_heat), calls->user);
    panel->heat_name = make_line();
    gtk_box_pack_start(GTK_BOX(box), make_rows(panel, heat), FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), buttons, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), panel->heat_name, FALSE, FALSE, 0);
    return box;
}

static GtkWidget *
make_pictures(BrowsePanel *panel)
{
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *both = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 8);
    GtkWidget *controls = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    panel->photo = picture_new(PICTURE_SIDE, PICTURE_SIDE, panel->calls.place_chosen,
                               panel->calls.user);
    panel->projection = picture_new(PICTURE_SIDE, PICTURE_SIDE, NULL, NULL);
    panel->name = make_line();
    panel->field = make_line();
    gtk_label_set_selectable(GTK_LABEL(panel->name), FALSE);
    gtk_box_pack_start(GTK_BOX(both), panel->photo, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(both), panel->projection, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(controls), make_rows(panel, left), TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(controls), make_rows(panel, right), TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(box), both, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(box), panel->name, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), panel->field, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), controls, FALSE, FALSE, 4);
    gtk_box_pack_start(GTK_BOX(box), make_heat(panel), FALSE, FALSE, 4);
    return box;
}

void
panel_init(BrowsePanel *panel, ParamValues *values, const BrowsePanelCalls *calls)
{
    panel->values = values;
    panel->calls = *calls;
    panel->rows = g_new0(BrowsePanelValue, MOST_ROWS);
    panel->layers =
        layer_list_new(LIST_WIDTH, HEIGHT - 70, calls->layer_chosen, calls->user);
    panel->status = make_line();
    GtkWidget *columns = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_box_pack_start(GTK_BOX(columns),
                       make_column(make_rows(panel, over_list), panel->layers), FALSE,
                       FALSE, 0);
    gtk_box_pack_start(GTK_BOX(columns), make_grid(panel), TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(columns), make_pictures(panel), FALSE, FALSE, 0);
    panel->widget = toolkit_box(GTK_ORIENTATION_VERTICAL, 6);
    gtk_container_set_border_width(GTK_CONTAINER(panel->widget), 12);
    gtk_box_pack_start(GTK_BOX(panel->widget), columns, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(panel->widget), panel->status, FALSE, FALSE, 0);
    panel_refresh(panel);
    panel_clear(panel);
}

void
panel_free(BrowsePanel *panel)
{
    g_free(panel->rows);
}

/* --- showing --- */

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
panel_clear(BrowsePanel *panel)
{
    picture_set(panel->photo, NULL, FALSE);
    picture_set(panel->projection, NULL, FALSE);
    picture_cover(panel->photo, NULL, 0);
    picture_box(panel->photo, NULL);
    picture_mark(panel->photo, -1, -1);
    gtk_label_set_text(GTK_LABEL(panel->name), "");
    gtk_label_set_text(GTK_LABEL(panel->field), "");
    gtk_widget_set_sensitive(panel->add, FALSE);
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
}

void
panel_show_heat(BrowsePanel *panel,
                const Browse *browse,
                const BrowseHeat *heat,
                const Labels *labels)
{
    gboolean runs = browse && browse_occluding(browse);
    char *text = g_strdup("");
    if (heat) {
        Heat *map = browse_heat_map(browse, heat, labels, NULL);
        char *name = heat_name(map);
        g_free(text);
        /* TRANSLATORS: a heat map's name; positions of the square. */
        text = g_strdup_printf(_("%s · %zu of %zu positions"), name, heat->known,
                               heat->rows * heat->columns);
        g_free(name);
        heat_free(map);
    }
    gtk_label_set_text(GTK_LABEL(panel->heat_name), text);
    gtk_widget_set_sensitive(panel->occlude, browse != NULL && !runs);
    gtk_widget_set_sensitive(panel->stop, runs);
    gtk_widget_set_sensitive(panel->clear, heat != NULL);
    gtk_widget_set_sensitive(panel->add_heat, heat != NULL);
    g_free(text);
}
