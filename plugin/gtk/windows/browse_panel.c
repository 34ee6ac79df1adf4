/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_panel.c: the widgets of the browser's window.
 *
 * All fits a screen of 1280 x 720. Controls are those of the procedure's table. */
#include "gtk/windows/browse_panel.h"
#include "draw/colormap.h"
#include "gtk/pick.h"

#define LIST_WIDTH 270
#define GRID_WIDTH 316
#define PICTURE_SIDE PANEL_SIDE
#define HEIGHT 500
#define LEGEND_WIDTH 120
#define LEGEND_HEIGHT 10
#define SLIDER_WIDTH 70
#define SIDE_AT_FIRST 56 /* of a thumbnail */
#define SIDE_LEAST 32
#define SIDE_MOST 160

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
static const char *const label[] = {"label", NULL};
#define MOST_ROWS 10

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
        if (param->type == PARAM_PICK)
            gtk_entry_set_width_chars(GTK_ENTRY(row->control.focus), 14);
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

static void
number_changed(BrowsePanel *panel)
{
    if (!panel->refreshing && !panel->closed)
        panel->calls.map_named(panel->calls.user, (gsize)gtk_spin_button_get_value_as_int(
                                                      GTK_SPIN_BUTTON(panel->number)));
}

static void
hide_toggled(BrowsePanel *panel)
{
    if (!panel->closed)
        panel->calls.hide_changed(panel->calls.user);
}

static void
side_changed(GtkRange *slider, BrowsePanel *panel)
{
    grid_set_side(panel->grid, (int)gtk_range_get_value(slider));
}

/* Which maps are shown, and how large. */
static GtkWidget *
make_shown(BrowsePanel *panel)
{
    GtkWidget *line = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *name = gtk_label_new(_("Map"));
    panel->number = gtk_spin_button_new_with_range(0, 0, 1);
    gtk_widget_set_tooltip_text(panel->number, _("Number of the chosen map"));
    gtk_entry_set_width_chars(GTK_ENTRY(panel->number), 4);
    panel->hide = gtk_check_button_new_with_mnemonic(_("Hide sile_nt"));
    gtk_widget_set_tooltip_text(
        panel->hide, _("Leave out the maps of which nothing in this photo, or at the "
                       "point by which they are sorted, excites a unit"));
    GtkWidget *slider = toolkit_slider(SIDE_LEAST, SIDE_MOST, SIDE_AT_FIRST);
    gtk_widget_set_tooltip_text(slider, _("Size of the small pictures"));
    gtk_widget_set_size_request(slider, SLIDER_WIDTH, -1);
    g_signal_connect_swapped(panel->number, "value-changed", G_CALLBACK(number_changed),
                             panel);
    g_signal_connect_swapped(panel->hide, "toggled", G_CALLBACK(hide_toggled), panel);
    g_signal_connect(slider, "value-changed", G_CALLBACK(side_changed), panel);
    gtk_box_pack_start(GTK_BOX(line), name, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(line), panel->number, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(line), panel->hide, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(line), slider, TRUE, TRUE, 0);
    return line;
}

static GtkWidget *
make_grid(BrowsePanel *panel)
{
    GridSource source = {panel->calls.tile, panel->calls.map_chosen,
                         panel->calls.map_pointed, panel->calls.user};
    panel->grid = grid_new(&source, BROWSE_TILE, SIDE_AT_FIRST, GRID_WIDTH, HEIGHT - 104);
    return make_column(make_column(make_rows(panel, over_grid), make_shown(panel)),
                       panel->grid);
}

/* The heat map's colours from the lowest value to the highest. */
static void
draw_legend(cairo_t *cairo, int width, int height, void *user)
{
    const BrowsePanel *panel = user;
    for (int x = 0; panel->diverging && x < width; x++) {
        float rgb[3];
        colormap_at(COLORMAP_DIVERGING, (x + 0.5) / width, rgb);
        cairo_set_source_rgb(cairo, (double)rgb[0], (double)rgb[1], (double)rgb[2]);
        cairo_rectangle(cairo, x, (height - LEGEND_HEIGHT) / 2, 1, LEGEND_HEIGHT);
        cairo_fill(cairo);
    }
}

static GtkWidget *
make_legend(BrowsePanel *panel)
{
    GtkWidget *line = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
    panel->legend = toolkit_canvas(LEGEND_WIDTH, LEGEND_HEIGHT, draw_legend, panel);
    panel->low = gtk_label_new(NULL);
    panel->high = gtk_label_new(NULL);
    gtk_box_pack_start(GTK_BOX(line), panel->low, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(line), panel->legend, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(line), panel->high, FALSE, FALSE, 0);
    return line;
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
        make_button(buttons, _("A_dd Heat Map"), _("As a layer, as far as it is"),
                    G_CALLBACK(calls->add_heat), calls->user);
    GtkWidget *what = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_box_pack_start(GTK_BOX(what), make_rows(panel, heat), FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(what), make_rows(panel, label), TRUE, TRUE, 0);
    panel->heat_name = make_line();
    GtkWidget *line = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_box_pack_start(GTK_BOX(line), panel->heat_name, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(line), make_legend(panel), FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), what, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), buttons, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), line, FALSE, FALSE, 0);
    return box;
}

static void
compare_pressed(BrowsePanel *panel)
{
    panel->calls.compare(panel->calls.user, panel->compare);
}

/* What is shown, and beside the words the button that drops whom to compare with. */
static GtkWidget *
make_words(BrowsePanel *panel)
{
    GtkWidget *line = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *words = toolkit_box(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *aside = toolkit_box(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *inside = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
    panel->name = make_line();
    panel->field = make_line();
    panel->compare = gtk_button_new();
    GtkWidget *name = gtk_label_new_with_mnemonic(_("Compare _with"));
    gtk_label_set_mnemonic_widget(GTK_LABEL(name), panel->compare);
    gtk_box_pack_start(GTK_BOX(inside), name, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(inside), gtk_label_new("▾"), FALSE, FALSE, 0);
    gtk_container_add(GTK_CONTAINER(panel->compare), inside);
    gtk_widget_set_tooltip_text(
        panel->compare,
        _("Show the same layer and map of another model, or on the layer below, beside this"));
    g_signal_connect_swapped(panel->compare, "clicked", G_CALLBACK(compare_pressed),
                             panel);
    gtk_box_pack_start(GTK_BOX(words), panel->name, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(words), panel->field, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(aside), panel->compare, TRUE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(line), words, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(line), aside, FALSE, FALSE, 0);
    return line;
}

static void
heats_toggled(GtkToggleButton *button, BrowsePanel *panel)
{
    if (!panel->refreshing && !panel->closed)
        panel->calls.heats_toggled(panel->calls.user,
                                   gtk_toggle_button_get_active(button));
}

/* The pictures of what is compared with, hidden at first, and the line about it. */
static void
make_beside(BrowsePanel *panel, GtkWidget *pictures)
{
    panel->beside = picture_new(PICTURE_SIDE, PICTURE_SIDE, NULL, NULL);
    panel->difference = picture_new(PICTURE_SIDE, PICTURE_SIDE, NULL, NULL);
    panel->beside_name = make_line();
    panel->beside_heats = gtk_check_button_new_with_label(_("Heat maps"));
    panel->beside_line = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
    gtk_widget_set_tooltip_text(panel->difference,
                                _("The second less the first, on the scale of both"));
    gtk_widget_set_tooltip_text(
        panel->beside_heats,
        _("Compare the heat maps that “Occlude” has made of both, not the projections"));
    g_signal_connect(panel->beside_heats, "toggled", G_CALLBACK(heats_toggled), panel);
    gtk_box_pack_start(GTK_BOX(pictures), panel->beside, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(pictures), panel->difference, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(panel->beside_line), panel->beside_name, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(panel->beside_line), panel->beside_heats, FALSE, FALSE, 0);
    gtk_widget_show_all(panel->beside_line);
    gtk_widget_set_no_show_all(panel->beside, TRUE);
    gtk_widget_set_no_show_all(panel->difference, TRUE);
    gtk_widget_set_no_show_all(panel->beside_line, TRUE);
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
    panel->nine = nine_panel_new(&panel->calls.nine);
    gtk_box_pack_start(GTK_BOX(both), panel->photo, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(both), panel->projection, TRUE, TRUE, 0);
    make_beside(panel, both);
    gtk_box_pack_start(GTK_BOX(controls), make_rows(panel, left), TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(controls), make_rows(panel, right), TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(box), both, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(box), make_words(panel), FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), panel->beside_line, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), panel->nine, FALSE, FALSE, 4);
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
    panel->remark = make_line();
    gtk_widget_set_no_show_all(panel->remark, TRUE);
    GtkWidget *columns =
        toolkit_panes(make_column(make_rows(panel, over_list), panel->layers),
                      toolkit_panes(make_grid(panel), make_pictures(panel), TRUE), FALSE);
    panel->widget = toolkit_box(GTK_ORIENTATION_VERTICAL, 6);
    gtk_container_set_border_width(GTK_CONTAINER(panel->widget), 12);
    gtk_box_pack_start(GTK_BOX(panel->widget), columns, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(panel->widget), panel->remark, FALSE, FALSE, 0);
    GtkWidget *foot = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_box_pack_start(GTK_BOX(foot), panel->status, TRUE, TRUE, 0);
    panel->again = gtk_button_new_with_mnemonic(_("_View Again"));
    gtk_widget_set_tooltip_text(panel->again,
                                _("Look at the photo and the selection as they are now"));
    gtk_widget_set_no_show_all(panel->again, TRUE);
    g_signal_connect_swapped(panel->again, "clicked", G_CALLBACK(calls->read_again),
                             calls->user);
    gtk_box_pack_start(GTK_BOX(foot), panel->again, FALSE, FALSE, 0);
    panel->figure = gtk_button_new_with_mnemonic(_("Ma_ke Figure"));
    gtk_widget_set_tooltip_text(
        panel->figure,
        _("A new image for a paper or a talk: the photo, this projection, and what its unit sees, with a caption"));
    g_signal_connect_swapped(panel->figure, "clicked", G_CALLBACK(calls->figure),
                             calls->user);
    gtk_box_pack_start(GTK_BOX(foot), panel->figure, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(foot), panel->script, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(foot), panel->presets, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(panel->widget), foot, FALSE, FALSE, 0);
    panel_refresh(panel);
    panel_clear(panel);
}

void
panel_free(BrowsePanel *panel)
{
    g_free(panel->rows);
}

void
panel_fill_labels(BrowsePanel *panel)
{
    panel->refreshing = TRUE;
    for (gsize i = 0; i < panel->n_rows; i++) {
        const Param *param = panel->rows[i].control.param;
        GPtrArray *picks = param->fill ? param->fill(panel->values, NULL) : NULL;
        if (param->fill)
            pick_fill(panel->rows[i].control.widget, picks);
        if (picks)
            g_ptr_array_unref(picks);
    }
    panel->refreshing = FALSE;
}

void
panel_put_first(BrowsePanel *panel, char *const *values, char *const *labels)
{
    panel->refreshing = TRUE;
    for (gsize i = 0; i < panel->n_rows; i++)
        if (panel->rows[i].control.param->fill)
            pick_put_first(panel->rows[i].control.widget, values, labels);
    panel->refreshing = FALSE;
}
