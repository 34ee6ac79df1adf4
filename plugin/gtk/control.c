/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control.c: the widget for one parameter. */
#include "gtk/control.h"
#include "base/procedure.h"
#include "gtk/path.h"
#include "gtk/pick.h"
#include "gtk/toolkit.h"
#include "net/shipped.h"
#include <math.h>
#include <string.h>

static void
tell(GtkWidget *widget, Control *control)
{
    (void)widget;
    control->changed(control->user);
}

static GtkWidget *
spin_new(Control *control, double step, guint digits)
{
    const Param *param = control->param;
    GtkWidget *spin = gtk_spin_button_new_with_range(param->min, param->max, step);
    gtk_spin_button_set_digits(GTK_SPIN_BUTTON(spin), digits);
    /* The range would make some of them very wide. */
    gtk_entry_set_width_chars(GTK_ENTRY(spin), 8);
    gtk_entry_set_activates_default(GTK_ENTRY(spin), TRUE);
    g_signal_connect(spin, "value-changed", G_CALLBACK(tell), control);
    return spin;
}

/* --- a word for the smallest number: "automatic" --- */

static gboolean
show_word(GtkSpinButton *spin, const Param *param)
{
    GtkAdjustment *adjustment = gtk_spin_button_get_adjustment(spin);
    const char *word = _(param->empty);
    if (gtk_adjustment_get_value(adjustment) > param->min)
        return FALSE;
    if (!g_str_equal(gtk_entry_get_text(GTK_ENTRY(spin)), word))
        gtk_entry_set_text(GTK_ENTRY(spin), word);
    return TRUE;
}

/* Nothing at all means it too. */
static gint
read_word(GtkSpinButton *spin, gdouble *number, const Param *param)
{
    const char *text = gtk_entry_get_text(GTK_ENTRY(spin));
    if (*text && !g_str_equal(text, _(param->empty)))
        return FALSE;
    *number = param->min;
    return TRUE;
}

static GtkWidget *
int_new(Control *control)
{
    const Param *param = control->param;
    GtkWidget *spin = spin_new(control, 1, 0);
    if (!param->empty)
        return spin;
    gtk_spin_button_set_numeric(GTK_SPIN_BUTTON(spin), FALSE); /* it shows a word */
    glong letters = g_utf8_strlen(_(param->empty), -1);
    gtk_entry_set_width_chars(GTK_ENTRY(spin), (gint)MAX(letters + 1, 8));
    g_signal_connect(spin, "output", G_CALLBACK(show_word), (gpointer)param);
    g_signal_connect(spin, "input", G_CALLBACK(read_word), (gpointer)param);
    gtk_spin_button_update(GTK_SPIN_BUTTON(spin));
    return spin;
}

/* A step of about a hundredth of the range, a power of ten; digits that show it. */
static GtkWidget *
double_new(Control *control)
{
    double range = control->param->max - control->param->min;
    int power = range > 0 ? (int)floor(log10(range / 50)) : -2;
    power = CLAMP(power, -4, 0);
    return spin_new(control, pow(10, power), (guint)MAX(-power, 1));
}

static GtkWidget *
left_aligned(GtkWidget *widget)
{
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
    gtk_box_pack_start(GTK_BOX(box), widget, FALSE, FALSE, 0);
    return box;
}

static void
point_init(Control *control)
{
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 6);
    control->focus = spin_new(control, 1, 0);
    control->second = spin_new(control, 1, 0);
    gtk_box_pack_start(GTK_BOX(box), control->focus, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), gtk_label_new(","), FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(box), control->second, FALSE, FALSE, 0);
    control->widget = box;
}

static GtkWidget *
choice_new(Control *control)
{
    GtkWidget *combo = gtk_combo_box_text_new();
    for (const ParamChoice *choice = control->param->choices; choice->nick; choice++)
        gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(combo), _(choice->label));
    g_signal_connect(combo, "changed", G_CALLBACK(tell), control);
    return combo;
}

static void
path_init(Control *control)
{
    const Param *param = control->param;
    GtkFileChooserAction action = GTK_FILE_CHOOSER_ACTION_OPEN;
    if (param->type == PARAM_SAVE)
        action = GTK_FILE_CHOOSER_ACTION_SAVE;
    if (param->type == PARAM_FOLDER)
        action = GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER;
    char *title = param_label(param);
    control->widget = path_new(action, title, param->empty ? _(param->empty) : _("None"),
                               control->changed, control->user);
    if (param->pattern)
        path_offer(control->widget, param->name, param->pattern, shipped_others());
    control->focus = path_button(control->widget);
    g_free(title);
}

static void
pick_init(Control *control)
{
    control->widget = pick_new(control->param->type == PARAM_PICKS);
    control->focus = pick_entry(control->widget);
    if (control->param->empty)
        toolkit_entry_hint(control->focus, _(control->param->empty));
    g_signal_connect(control->focus, "changed", G_CALLBACK(tell), control);
}

static void
text_init(Control *control)
{
    control->widget = gtk_entry_new();
    gtk_entry_set_activates_default(GTK_ENTRY(control->widget), TRUE);
    if (control->param->empty)
        toolkit_entry_hint(control->widget, _(control->param->empty));
    g_signal_connect(control->widget, "changed", G_CALLBACK(tell), control);
}

void
control_init(Control *control,
             const Param *param,
             void (*changed)(void *user),
             void *user)
{
    memset(control, 0, sizeof *control);
    control->param = param;
    control->changed = changed;
    control->user = user;

    switch (param->type) {
    case PARAM_BOOL:
        control->widget = gtk_check_button_new_with_mnemonic(_(param->label));
        g_signal_connect(control->widget, "toggled", G_CALLBACK(tell), control);
        break;
    case PARAM_INT:
        control->focus = int_new(control);
        control->widget = left_aligned(control->focus);
        break;
    case PARAM_DOUBLE:
        control->focus = double_new(control);
        control->widget = left_aligned(control->focus);
        break;
    case PARAM_POINT:
        point_init(control);
        break;
    case PARAM_CHOICE:
        control->widget = choice_new(control);
        break;
    case PARAM_PICK:
    case PARAM_PICKS:
        pick_init(control);
        break;
    case PARAM_FILE:
    case PARAM_SAVE:
    case PARAM_FOLDER:
        path_init(control);
        break;
    case PARAM_COLOR:
        control->focus = gtk_color_button_new();
        control->widget = left_aligned(control->focus);
        g_signal_connect(control->focus, "color-set", G_CALLBACK(tell), control);
        break;
    case PARAM_STRING:
        text_init(control);
        break;
    }
    if (!control->focus)
        control->focus = control->widget;
    gtk_widget_set_tooltip_text(control->focus, _(param->blurb));
    if (control->second)
        gtk_widget_set_tooltip_text(control->second, _(param->blurb));
}

void
control_hint(Control *control, const char *text)
{
    toolkit_entry_hint(control->focus, text);
}

void
control_get(const Control *control, ParamValues *values)
{
    const Param *param = control->param;
    GtkWidget *focus = control->focus;
    char *color;
    int at;

    switch (param->type) {
    case PARAM_BOOL:
        param_set_bool(values, param->name,
                       gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(focus)));
        break;
    case PARAM_INT:
        param_set_int(values, param->name,
                      gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(focus)));
        break;
    case PARAM_DOUBLE:
        param_set_double(values, param->name,
                         gtk_spin_button_get_value(GTK_SPIN_BUTTON(focus)));
        break;
    case PARAM_POINT:
        param_set_point(
            values, param->name, gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(focus)),
            gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(control->second)));
        break;
    case PARAM_CHOICE:
        at = gtk_combo_box_get_active(GTK_COMBO_BOX(focus));
        if (at >= 0)
            param_set_text(values, param->name, param->choices[at].nick);
        break;
    case PARAM_FILE:
    case PARAM_SAVE:
    case PARAM_FOLDER:
        param_set_text(values, param->name, path_get(control->widget));
        break;
    case PARAM_COLOR:
        color = toolkit_color_get(focus);
        param_set_text(values, param->name, color);
        g_free(color);
        break;
    case PARAM_PICK:
    case PARAM_PICKS:
    case PARAM_STRING:
        param_set_text(values, param->name, gtk_entry_get_text(GTK_ENTRY(focus)));
        break;
    }
}

void
control_set(Control *control, const ParamValues *values)
{
    const Param *param = control->param;
    GtkWidget *focus = control->focus;
    int x, y;

    switch (param->type) {
    case PARAM_BOOL:
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(focus),
                                     param_bool(values, param->name));
        break;
    case PARAM_INT:
        gtk_spin_button_set_value(GTK_SPIN_BUTTON(focus), param_int(values, param->name));
        break;
    case PARAM_DOUBLE:
        gtk_spin_button_set_value(GTK_SPIN_BUTTON(focus),
                                  param_double(values, param->name));
        break;
    case PARAM_POINT:
        param_point(values, param->name, &x, &y);
        gtk_spin_button_set_value(GTK_SPIN_BUTTON(focus), x);
        gtk_spin_button_set_value(GTK_SPIN_BUTTON(control->second), y);
        break;
    case PARAM_CHOICE:
        for (int i = 0; param->choices[i].nick; i++)
            if (param_is(values, param->name, param->choices[i].nick))
                gtk_combo_box_set_active(GTK_COMBO_BOX(focus), i);
        break;
    case PARAM_FILE:
    case PARAM_SAVE:
    case PARAM_FOLDER:
        path_set(control->widget, param_text(values, param->name));
        break;
    case PARAM_COLOR:
        toolkit_color_set(focus, param_text(values, param->name));
        break;
    case PARAM_PICK:
    case PARAM_PICKS:
    case PARAM_STRING:
        gtk_entry_set_text(GTK_ENTRY(focus), param_text(values, param->name));
        break;
    }
}
