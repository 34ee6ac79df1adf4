/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.c: results as a finished figure. */

#include "result/figure.h"
#include "base/fail.h"
#include "draw/words.h"
#include "result/frame.h"
#include <math.h>
#include <string.h>

/* Letters of a sheet's caption: this part of its width, in pixels. */
#define CAPTION_ACROSS 72.0
#define SMALLEST_CAPTION 9.0
#define LARGEST_CAPTION 16.0
#define MOST_LINES 20

const ParamChoice figure_themes[] = {
    {"light", N_("Light")},
    {"dark", N_("Dark")},
    {NULL, NULL},
};

gboolean
figure_wanted(const Run *run)
{
    return param_is(run->values, "target", FIGURE_NICK);
}

void
figure_open(Plate *plate, const Run *run, gsize n_panels)
{
    plate_open(plate, param_int(run->values, "figure-width"),
               param_is(run->values, "figure-theme", "dark"), n_panels);
}

/* --- photos --- */

HostLayer *
figure_photo(const Plate *plate, HostItem *drawable, const Region *seen, GError **error)
{
    int width, height;
    plate_picture_size(plate, &seen->photo, &width, &height);
    return frame_photo(drawable, seen, &seen->photo, MIN(width, seen->photo.width),
                       MIN(height, seen->photo.height), error);
}

HostLayer *
figure_copy(const HostLayer *layer, GError **error)
{
    HostLayer *copy =
        host_layer_new(layer->name, &layer->rect, layer->width, layer->height, 4);
    if (!copy) {
        fail_run(error, _("There is not enough memory for the result."));
        return NULL;
    }
    memcpy(copy->pixels, layer->pixels,
           4 * (gsize)layer->width * (gsize)layer->height * sizeof *copy->pixels);
    return copy;
}

/* --- the caption --- */

/* Those that say nothing of what is seen, or that the action's own words tell. */
static gboolean
is_told(const Param *param)
{
    static const char *const left_out[] = {
        "count",  "figure-theme", "figure-width", "label",   "labels", "layer", "layers",
        "legend", "map",          "method",       "opacity", "remove", "show",  "side",
        "size",   "step",         "target",       "threads", "area",   NULL};
    return param->type == PARAM_FILE || param->type == PARAM_SAVE ||
           param->type == PARAM_FOLDER || g_strv_contains(left_out, param->name);
}

/* g_free() */
static char *
value_text(const ParamValues *values, const Param *param)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    int at[2];
    switch (param->type) {
    case PARAM_BOOL:
        return g_strdup(param_bool(values, param->name) ? _("yes") : _("no"));
    case PARAM_INT:
        return g_strdup_printf("%d", param_int(values, param->name));
    case PARAM_DOUBLE:
        return g_strdup(g_ascii_formatd(number, sizeof number, "%.6g",
                                        param_double(values, param->name)));
    case PARAM_POINT:
        param_point(values, param->name, &at[0], &at[1]);
        return g_strdup_printf("%d, %d", at[0], at[1]);
    case PARAM_CHOICE:
        for (const ParamChoice *choice = param->choices; choice->nick; choice++)
            if (param_is(values, param->name, choice->nick))
                return g_strdup(_(choice->label));
        break;
    default:
        break;
    }
    return g_strdup(param_text(values, param->name));
}

/* "Method: Guided backpropagation". g_free() */
static char *
told(const ParamValues *values, const Param *param)
{
    char *label = param_label(param), *value = value_text(values, param);
    char *text = g_strdup_printf(_("%s: %s"), label, value);
    g_free(value);
    g_free(label);
    return text;
}

char *
figure_value(const Run *run, const char *name)
{
    gsize count;
    const Param *table = param_values_table(run->values, &count);
    while (count && !g_str_equal(table->name, name)) {
        table++;
        count--;
    }
    return count ? told(run->values, table) : g_strdup("");
}

char *
figure_layer(const char *layer, const char *fact)
{
    char *first = g_strdup_printf(_("Layer: %s"), layer);
    char *text = g_strdup_printf("%s · %s", first, fact);
    g_free(first);
    return text;
}

/* What is not as usual. */
static void
append_values(GString *text, const ParamValues *values)
{
    gsize count;
    const Param *table = param_values_table(values, &count);
    ParamValues *usual = param_values_new(table, count);
    for (gsize i = 0; i < count; i++) {
        if (is_told(&table[i]) || !param_applies(values, &table[i]))
            continue;
        char *value = told(values, &table[i]), *other = told(usual, &table[i]);
        if (!g_str_equal(value, other))
            g_string_append_printf(text, " · %s", value);
        g_free(other);
        g_free(value);
    }
    param_values_free(usual);
}

char *
figure_caption(const Run *run, const Net *net, const char *sentence, const char *facts)
{
    GString *text = g_string_new(sentence);
    if (text->len)
        g_string_append_c(text, '\n');
    if (net)
        g_string_append_printf(text, _("Model: %s"), net->card.name);
    if (*facts)
        g_string_append_printf(text, "%s%s", net ? " · " : "", facts);
    append_values(text, run->values);
    return g_string_free(text, FALSE);
}

/* --- the image --- */

gboolean
figure_finish(
    const Run *run, Plate *plate, const char *title, const char *caption, GError **error)
{
    int height;
    GArray *made = plate_groups(plate, caption, &height, error);
    if (!made)
        return FALSE;
    LayersGroup *groups = g_new(LayersGroup, made->len);
    for (guint i = 0; i < made->len; i++) {
        const PlateGroup *group = &g_array_index(made, PlateGroup, i);
        groups[i] = (LayersGroup){group->name, group->layers};
    }
    gboolean ok =
        layers_finish_new(run, groups, made->len, plate->width, height, title, error);
    g_free(groups);
    g_array_unref(made);
    return ok;
}

/* --- sheets --- */

gboolean
figure_add_caption(const Run *run,
                   const Net *net,
                   const char *facts,
                   int width,
                   int height,
                   GPtrArray *layers,
                   int *below,
                   GError **error)
{
    static const float black[3] = {0, 0, 0};
    double letter = CLAMP(width / CAPTION_ACROSS, SMALLEST_CAPTION, LARGEST_CAPTION),
           high;
    char *text = figure_caption(run, net, "", facts);
    char *lines = words_wrap(letter, text, width - 2 * letter, MOST_LINES);
    words_size(letter, lines, &high);
    *below = height + (int)ceil(high + letter);
    GeglRectangle all = {0, 0, width, *below};
    HostLayer *words = words_layer(_("Caption"), lines, letter, black, letter, height, 0);
    HostLayer *paper = host_layer_new(_("Paper"), &all, 1, 1, 4);
    if (words)
        g_ptr_array_add(layers, words);
    if (paper) {
        g_ptr_array_add(layers, paper);
        for (int c = 0; c < 4; c++)
            paper->pixels[c] = 1;
    }
    g_free(lines);
    g_free(text);
    return (words && paper) ||
           fail_run(error, _("There is not enough memory for the result."));
}

gboolean
figure_finish_sheet(
    const Run *run, const Net *net, HostLayer *sheet, const char *title, GError **error)
{
    if (param_is(run->values, "target", "layer"))
        return layers_finish_sheet(run, sheet, title, error);
    int width = sheet->rect.width, height = sheet->rect.height;
    LayersGroup all = {NULL, layers_new()};
    g_ptr_array_add(all.layers, sheet);
    gboolean ok =
        figure_add_caption(run, net, "", width, height, all.layers, &height, error) &&
        layers_finish_new(run, &all, 1, width, height, title, error);
    g_ptr_array_unref(all.layers);
    return ok;
}
