/* SPDX-License-Identifier: GPL-3.0-or-later */
/* form.c: a table of parameters as rows of widgets.
 *
 * A row a parameter: label, widget. Rows that do not count for the moment are hidden;
 * seldom ones lie below an expander. Lists that depend on another parameter are filled
 * again when that changes. What cannot be read or run is told below its row, not in a
 * window; below the last row if its own is seldom. */
#include "gtk/form.h"
#include "base/procedure.h"
#include "gtk/control.h"
#include "gtk/pick.h"
#include "gtk/toolkit.h"
#include <string.h>

typedef struct {
    Form *form;
    Control control;
    GtkWidget *box;
    GtkWidget *remark; /* a line below it, in a box with a button; or NULL */
    char *filled_for;  /* value of what the list depends on when it was filled; or NULL */
    char *problem;     /* of filling the list; or NULL */
} Row;

struct Form {
    ParamValues *values;
    void (*changed)(void *user);
    void *user;
    Row *rows;
    gsize n_rows;
    GtkWidget *widget, *beside;
    GtkWidget *plain; /* the rows that are no options */
    GtkWidget *problem;
    gboolean valid;
    gboolean refreshing;
};

/* --- what hangs on what */

/* The value that a row's list depends on, as text. */
static char *
dependence(const Form *form, const Param *param)
{
    GString *all = g_string_new(NULL);
    char **names = g_strsplit(param->depends ? param->depends : "", ";", -1);
    for (char **name = names; *name; name++)
        g_string_append_printf(all, "%s\n", param_text(form->values, *name));
    g_strfreev(names);
    return g_string_free(all, FALSE);
}

static void
fill_list(Form *form, Row *row)
{
    const Param *param = row->control.param;
    if (!param->fill)
        return;
    char *now = dependence(form, param);
    if (row->filled_for && g_str_equal(row->filled_for, now)) {
        g_free(now);
        return;
    }
    g_free(row->filled_for);
    row->filled_for = now;
    g_clear_pointer(&row->problem, g_free);

    GError *error = NULL;
    GPtrArray *picks = param->fill(form->values, &error);
    pick_fill(row->control.widget, picks);
    if (picks)
        g_ptr_array_unref(picks);
    if (error)
        row->problem = g_strdup(error->message);
    g_clear_error(&error);
}

/* Why no run can take a row's value; NULL: one can. g_free() */
static char *
objection(const Form *form, const Row *row)
{
    const Param *param = row->control.param;
    GError *error = NULL;
    if (row->problem)
        return g_strdup(row->problem);
    if (param->required && !*param_text(form->values, param->name)) {
        char *label = param_label(param);
        char *text = g_strdup_printf(_("“%s” is missing: choose it first."), label);
        g_free(label);
        return text;
    }
    if (!param->valid || param->valid(form->values, &error))
        return NULL;
    char *text = g_strdup(error->message);
    g_error_free(error);
    return text;
}

static void
show_hint(const Form *form, Row *row)
{
    const Param *param = row->control.param;
    char *text = param->hint(form->values);
    if (text || param->empty)
        control_hint(&row->control, text ? text : _(param->empty));
    g_free(text);
}

static void
show_remark(const Form *form, const Row *row)
{
    char *text = row->control.param->remark(form->values);
    gtk_label_set_text(GTK_LABEL(row->remark), text ? text : "");
    gtk_widget_set_visible(gtk_widget_get_parent(row->remark), text != NULL);
    g_free(text);
}

static void
show_problem(Form *form, const Row *row, const char *problem)
{
    gtk_label_set_text(GTK_LABEL(form->problem), problem ? problem : "");
    gtk_widget_set_visible(form->problem, problem != NULL);
    if (!problem)
        return;
    /* Below its row: all that stand above are rows too. */
    int place = 0;
    for (const Row *other = form->rows; other <= row; other++)
        place += !other->control.param->advanced + (other->remark != NULL);
    gtk_box_reorder_child(GTK_BOX(form->plain), form->problem,
                          row->control.param->advanced ? -1 : place);
}

/* Shows the rows that count, fills their lists, and shows why nothing can be run. */
static void
update(Form *form)
{
    char *problem = NULL;
    const Row *wrong = NULL;
    for (gsize i = 0; i < form->n_rows; i++) {
        Row *row = &form->rows[i];
        gboolean applies = param_applies(form->values, row->control.param);
        gtk_widget_set_visible(row->box, applies);
        fill_list(form, row);
        if (row->control.param->hint)
            show_hint(form, row);
        if (row->remark)
            show_remark(form, row);
        if (applies && !problem) {
            problem = objection(form, row);
            wrong = row;
        }
    }
    show_problem(form, wrong, problem);
    form->valid = problem == NULL;
    g_free(problem);
}

static void
row_changed(void *user)
{
    Row *row = user;
    Form *form = row->form;
    if (form->refreshing)
        return;
    control_get(&row->control, form->values);
    /* Filling a list sets its text; this must not count as a change by a person. */
    form->refreshing = TRUE;
    update(form);
    form->refreshing = FALSE;
    if (form->changed)
        form->changed(form->user);
}

void
form_refresh(Form *form)
{
    form->refreshing = TRUE;
    for (gsize i = 0; i < form->n_rows; i++)
        control_set(&form->rows[i].control, form->values);
    update(form);
    form->refreshing = FALSE;
}

/* --- rows */

static GtkWidget *
row_label(const Param *param, GtkSizeGroup *labels)
{
    GtkWidget *label = gtk_label_new_with_mnemonic(_(param->label));
    g_object_set(label, "xalign", 0.0, NULL);
    gtk_size_group_add_widget(labels, label);
    return label;
}

static void
row_init(Row *row,
         Form *form,
         const Param *param,
         GtkSizeGroup *labels,
         GtkSizeGroup *controls)
{
    row->form = form;
    control_init(&row->control, param, row_changed, row);
    row->box = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);

    GtkWidget *label;
    if (param->type == PARAM_BOOL) {
        /* A check box brings its label along; it stands in the second column. */
        label = gtk_label_new(NULL);
        gtk_size_group_add_widget(labels, label);
    } else {
        label = row_label(param, labels);
        gtk_label_set_mnemonic_widget(GTK_LABEL(label), row->control.focus);
    }
    gtk_box_pack_start(GTK_BOX(row->box), label, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(row->box), row->control.widget, TRUE, TRUE, 0);
    gtk_size_group_add_widget(controls, row->control.widget);
    gtk_widget_show_all(row->box);
    gtk_widget_set_no_show_all(row->box, TRUE);
}

/* A line of text that asks for no width of its own. */
static GtkWidget *
line_new(void)
{
    GtkWidget *label = gtk_label_new(NULL);
    g_object_set(label, "xalign", 0.0, NULL);
    gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_selectable(GTK_LABEL(label), TRUE);
    g_object_set(label, "width-chars", 30, "max-width-chars", 50, NULL);
    gtk_widget_set_no_show_all(label, TRUE);
    return label;
}

/* Where seldom rows go: one column, or two of about the same height. */
typedef struct {
    GtkWidget *box, *column[2];
    gsize n_rows, first; /* of them all; in the first column */
} Further;

/* About how high a row is; one that does not count is hidden. */
static int
height_of(const ParamValues *values, const Param *param)
{
    if (!param->advanced || !param_applies(values, param))
        return 0;
    return param->type == PARAM_BOOL ? 2 : 3;
}

/* How many seldom rows the first of two columns gets. */
static gsize
balance(const ParamValues *values, const Param *params, gsize n_params)
{
    int all = 0, above = 0, least = G_MAXINT;
    gsize n_rows = 0, first = 0;
    for (gsize i = 0; i < n_params; i++)
        all += height_of(values, &params[i]);
    for (gsize i = 0; i < n_params; i++) {
        if (!params[i].advanced)
            continue;
        n_rows++;
        above += height_of(values, &params[i]);
        int apart = ABS(all - 2 * above);
        if (apart <= least) {
            least = apart;
            first = n_rows;
        }
    }
    return first;
}

static Further
further_new(const ParamValues *values, const Param *params, gsize n_params, gboolean wide)
{
    Further further = {.box = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12)};
    for (int i = 0; i < 2; i++) {
        further.column[i] = toolkit_box(GTK_ORIENTATION_VERTICAL, 6);
        gtk_box_pack_start(GTK_BOX(further.box), further.column[i], TRUE, TRUE, 0);
    }
    for (gsize i = 0; i < n_params; i++)
        further.n_rows += params[i].advanced;
    further.first = wide ? balance(values, params, n_params) : further.n_rows;
    return further;
}

/* The label of the expander has no mnemonic, as the tables use all letters. */
static GtkWidget *
further_show(Further *further)
{
    GtkWidget *expander = gtk_expander_new(_("Further options"));
    gtk_expander_set_spacing(GTK_EXPANDER(expander), 6);
    gtk_container_add(GTK_CONTAINER(expander), further->box);
    return expander;
}

static Form *
make(ParamValues *values, gboolean wide, void (*changed)(void *user), void *user)
{
    Form *form = g_new0(Form, 1);
    const Param *params = param_values_table(values, &form->n_rows);
    form->values = values;
    form->changed = changed;
    form->user = user;
    form->rows = g_new0(Row, form->n_rows);

    GtkWidget *plain = toolkit_box(GTK_ORIENTATION_VERTICAL, 6);
    Further further = further_new(values, params, form->n_rows, wide);
    GtkSizeGroup *labels = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    GtkSizeGroup *controls = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    /* Those in columns need not be as wide as the others. */
    GtkSizeGroup *narrow = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    gsize n_further = 0;
    for (gsize i = 0; i < form->n_rows; i++) {
        Row *row = &form->rows[i];
        row_init(row, form, &params[i], labels,
                 wide && params[i].advanced ? narrow : controls);
        GtkWidget *column = plain;
        if (params[i].advanced)
            column = further.column[n_further++ >= further.first];
        gtk_box_pack_start(GTK_BOX(column), row->box, FALSE, FALSE, 0);
        if (params[i].remark && !params[i].advanced) {
            GtkWidget *box = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
            row->remark = line_new();
            gtk_widget_show(row->remark);
            gtk_widget_set_no_show_all(box, TRUE);
            gtk_box_pack_start(GTK_BOX(box), row->remark, TRUE, TRUE, 0);
            gtk_box_pack_start(GTK_BOX(plain), box, FALSE, FALSE, 0);
        }
    }
    g_object_unref(labels);
    g_object_unref(controls);
    g_object_unref(narrow);

    form->plain = plain;
    form->problem = line_new();
    gtk_box_pack_start(GTK_BOX(plain), form->problem, FALSE, FALSE, 0);
    form->widget = toolkit_box(GTK_ORIENTATION_VERTICAL, 6);
    form->beside = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_box_pack_start(GTK_BOX(form->beside), plain, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(form->widget), form->beside, TRUE, TRUE, 0);
    if (further.n_rows) {
        gtk_box_pack_start(GTK_BOX(form->widget), further_show(&further), FALSE, FALSE,
                           6);
    } else {
        g_object_ref_sink(further.box);
        g_object_unref(further.box);
    }
    form_refresh(form);
    return form;
}

Form *
form_new(ParamValues *values, void (*changed)(void *user), void *user)
{
    return make(values, FALSE, changed, user);
}

Form *
form_new_wide(ParamValues *values, void (*changed)(void *user), void *user)
{
    return make(values, TRUE, changed, user);
}

void
form_put_beside(Form *form, GtkWidget *widget)
{
    gtk_box_pack_start(GTK_BOX(form->beside), widget, FALSE, FALSE, 0);
}

void
form_offer(Form *form,
           const char *label,
           void (*act)(GtkButton *button, void *user),
           void *user)
{
    for (gsize i = 0; i < form->n_rows; i++) {
        if (!form->rows[i].remark)
            continue;
        GtkWidget *box = gtk_widget_get_parent(form->rows[i].remark);
        GtkWidget *button = gtk_button_new_with_mnemonic(label);
        g_signal_connect(button, "clicked", G_CALLBACK(act), user);
        gtk_widget_show(button);
        gtk_box_pack_start(GTK_BOX(box), button, FALSE, FALSE, 0);
    }
}

void
form_put_first(Form *form,
               GPtrArray *(*fill)(const ParamValues *values, GError **error),
               char *const *values,
               char *const *labels)
{
    form->refreshing = TRUE;
    for (gsize i = 0; i < form->n_rows; i++) {
        Row *row = &form->rows[i];
        if (row->control.param->fill != fill)
            continue;
        g_clear_pointer(&row->filled_for, g_free); /* others may have been first */
        fill_list(form, row);
        pick_put_first(row->control.widget, values, labels);
        if (row->control.param->hint || !row->control.param->empty || !values[0])
            continue;
        /* TRANSLATORS: what an empty field stands for, a label: "tabby  40 % (predicted)". */
        char *hint = g_strdup_printf(_("%s (predicted)"), labels[0]);
        control_hint(&row->control, hint);
        g_free(hint);
    }
    form->refreshing = FALSE;
}

void
form_free(Form *form)
{
    if (!form)
        return;
    for (gsize i = 0; i < form->n_rows; i++) {
        g_free(form->rows[i].filled_for);
        g_free(form->rows[i].problem);
    }
    g_free(form->rows);
    g_free(form);
}

gboolean
form_valid(const Form *form)
{
    return form->valid;
}

GtkWidget *
form_widget(Form *form)
{
    return form->widget;
}
