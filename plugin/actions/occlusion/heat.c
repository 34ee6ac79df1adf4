/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat.c: one heat map of an occlusion. */

#include "actions/occlusion/heat.h"
#include "base/fail.h"
#include "base/text.h"
#include "draw/legend.h"
#include "result/npy.h"
#include <math.h>
#include <string.h>

/* A probability that moves by less than this shows next to nothing. */
#define SATURATED 0.01

/* Rows of a class map's legend; further classes share one. */
#define MOST_ROWS 8

void
heat_free(Heat *heat)
{
    if (!heat)
        return;
    g_free(heat->what);
    g_free(heat->file);
    g_free(heat->values);
    g_free(heat->best);
    g_free(heat);
}

/* --- range --- */

void
heat_measure(Heat *heat)
{
    if (!heat->values)
        return;
    heat->low = heat->high = (double)heat->values[0];
    for (gsize i = 1; i < heat->rows * heat->columns; i++) {
        heat->low = fmin(heat->low, (double)heat->values[i]);
        heat->high = fmax(heat->high, (double)heat->values[i]);
    }
}

void
heat_range_own(Heat *heat)
{
    heat->color_low = heat->low;
    heat->color_high = heat->high;
    if (heat->change) {
        double most = fmax(fabs(heat->low - heat->base), fabs(heat->high - heat->base));
        heat_range_fixed(heat, -most, most);
    }
}

void
heat_range_fixed(Heat *heat, double low, double high)
{
    if (heat->change && heat->map == COLORMAP_DIVERGING) {
        /* White stays zero. */
        high = fmax(fabs(low), fabs(high));
        low = -high;
    }
    heat->color_low = low;
    heat->color_high = high;
}

void
heat_range_shared(Heat **heats, gsize n_heats)
{
    for (gsize i = 0; i < n_heats; i++)
        heat_range_own(heats[i]);
    for (gsize i = 0; i < n_heats; i++) {
        double low = heats[i]->color_low, high = heats[i]->color_high;
        for (gsize j = 0; j < n_heats; j++)
            if (heats[j]->kind == heats[i]->kind) {
                low = fmin(low, heats[j]->color_low);
                high = fmax(high, heats[j]->color_high);
            }
        heats[i]->color_low = low;
        heats[i]->color_high = high;
    }
}

/* --- classes by area --- */

typedef struct {
    gsize class_index, cells;
} Share;

static int
larger(const void *a, const void *b)
{
    const Share *first = a, *second = b;
    if (first->cells != second->cells)
        return first->cells < second->cells ? 1 : -1;
    return first->class_index > second->class_index ? 1 : -1;
}

/* Classes that are the most probable one somewhere, the largest area first. */
static Share *
shares(const Heat *heat, gsize *count)
{
    Share *all = g_new0(Share, heat->n_classes);
    for (gsize i = 0; i < heat->n_classes; i++)
        all[i].class_index = i;
    for (gsize i = 0; i < heat->rows * heat->columns; i++)
        all[heat->best[i]].cells++;
    qsort(all, heat->n_classes, sizeof *all, larger);
    for (*count = 0; *count < heat->n_classes && all[*count].cells; ++*count)
        ;
    return all;
}

/* "tabby 71 %". g_free(). */
static char *
share_text(const Heat *heat, const Share *share)
{
    double percent = 100.0 * (double)share->cells / (double)(heat->rows * heat->columns);
    char *name = labels_name(heat->labels, share->class_index);
    char *text = percent < 1 ? g_strdup_printf(_("%s < 1 %%"), name)
                             : g_strdup_printf(_("%s %.0f %%"), name, percent);
    g_free(name);
    return text;
}

/* --- words --- */

static char *
class_map_name(const Heat *heat)
{
    gsize count;
    Share *all = shares(heat, &count);
    GString *name = g_string_new(heat->what);
    for (gsize i = 0; i < MIN(count, 3); i++) {
        char *text = share_text(heat, &all[i]);
        g_string_append_printf(name, "%s%s", i ? ", " : " · ", text);
        g_free(text);
    }
    if (count > 3)
        g_string_append(name, ", …");
    g_free(all);
    return g_string_free(name, FALSE);
}

static gboolean
is_flat(const Heat *heat)
{
    return heat->values && !(heat->high > heat->low);
}

static gboolean
is_saturated(const Heat *heat)
{
    return heat->kind == HEAT_PROBABILITY && heat->high - heat->low < SATURATED;
}

char *
heat_name(const Heat *heat)
{
    if (heat->kind == HEAT_CLASS)
        return class_map_name(heat);
    char base[TEXT_NUMBER], low[TEXT_NUMBER], high[TEXT_NUMBER];
    const char *(*number)(char[static TEXT_NUMBER], double) =
        heat->kind == HEAT_PROBABILITY ? text_probability : text_number;
    return g_strdup_printf("%s %s → %s…%s%s", heat->what, number(base, heat->base),
                           number(low, heat->low), number(high, heat->high),
                           is_flat(heat)        ? _(" · unchanged")
                           : is_saturated(heat) ? _(" · saturated")
                                                : "");
}

char *
heat_remark(const Heat *heat)
{
    char low[TEXT_NUMBER], high[TEXT_NUMBER];
    if (is_flat(heat))
        return g_strdup_printf(
            _("%s is %s wherever the square lies: the map has one colour."), heat->what,
            text_number(low, heat->low));
    if (is_saturated(heat))
        return g_strdup_printf(
            _("%s hardly moves, from %s to %s: so near to its limit the probability is saturated. The score before the softmax may show more."),
            heat->what, text_probability(low, heat->low),
            text_probability(high, heat->high));
    return NULL;
}

/* --- pixels --- */

static float *
cells_on_grid(const Heat *heat,
              const float *values,
              const RegionGrid *grid,
              gboolean smooth)
{
    Cells cells = {values, heat->rows, heat->columns, heat->step};
    float *out = g_new(float, (gsize)grid->width *(gsize)grid->height);
    paint_cells(&cells, grid, smooth, out);
    return out;
}

/* The colour of a class by its place in the list by area; those that share a row of the
 * legend share its gray. */
static void
class_color(gsize place, gsize count, float rgb[3])
{
    colormap_class(place, rgb);
    if (count > MOST_ROWS && place >= MOST_ROWS - 1)
        rgb[0] = rgb[1] = rgb[2] = 0.8f;
}

/* A value a cell: the place of its class in the list by area. */
static float *
class_places(const Heat *heat, gsize *n_places)
{
    gsize count;
    Share *all = shares(heat, &count);
    *n_places = count;
    float *place = g_new0(float, heat->n_classes);
    float *cells = g_new(float, heat->rows * heat->columns);
    for (gsize i = 0; i < count; i++)
        place[all[i].class_index] = (float)i;
    for (gsize i = 0; i < heat->rows * heat->columns; i++)
        cells[i] = place[heat->best[i]];
    g_free(place);
    g_free(all);
    return cells;
}

void
heat_colors(const Heat *heat, const RegionGrid *grid, gboolean smooth, float *rgba)
{
    gsize pixels = (gsize)grid->width * (gsize)grid->height;
    if (heat->kind == HEAT_CLASS) {
        gsize count;
        float *places = class_places(heat, &count);
        float *values = cells_on_grid(heat, places, grid, FALSE);
        for (gsize i = 0; i < pixels; i++) {
            class_color((gsize)values[i], count, rgba + 4 * i);
            rgba[4 * i + 3] = 1;
        }
        g_free(values);
        g_free(places);
        return;
    }
    float *values = cells_on_grid(heat, heat->values, grid, smooth);
    for (gsize i = 0; i < pixels && heat->change; i++)
        values[i] -= (float)heat->base;
    paint_colors(values, pixels, heat->color_low, heat->color_high, heat->map, rgba);
    g_free(values);
}

void
heat_mask(const Heat *heat, const RegionGrid *grid, gboolean smooth, float *mask)
{
    gsize count = heat->rows * heat->columns;
    float *cells = g_new(float, count);
    /* Black is the value without a square (or the top of an absolute range), white the
     * bottom of the range. */
    double black = heat->change ? heat->base : heat->color_high;
    double white = heat->change ? heat->base + heat->color_low : heat->color_low;
    for (gsize i = 0; i < count; i++) {
        double part;
        if (heat->kind == HEAT_CLASS)
            part = heat->best[i] != (guint32)heat->base;
        else
            part =
                black > white ? (black - (double)heat->values[i]) / (black - white) : 0;
        cells[i] = (float)CLAMP(part, 0, 1);
    }
    float *values = cells_on_grid(heat, cells, grid, smooth && heat->kind != HEAT_CLASS);
    memcpy(mask, values, (gsize)grid->width * (gsize)grid->height * sizeof *mask);
    g_free(values);
    g_free(cells);
}

/* --- legend --- */

static HostLayer *
class_legend(const Heat *heat, const char *name)
{
    gsize count;
    Share *all = shares(heat, &count);
    gsize n_rows = MIN(count, MOST_ROWS), rest = 0;
    LegendRow rows[MOST_ROWS];
    for (gsize i = n_rows - (count > MOST_ROWS); i < count; i++)
        rest += all[i].cells;
    for (gsize i = 0; i < n_rows; i++) {
        class_color(i, count, rows[i].rgb);
        rows[i].text = share_text(heat, &all[i]);
    }
    if (count > MOST_ROWS) {
        LegendRow *last = &rows[MOST_ROWS - 1];
        g_free(last->text);
        last->text =
            g_strdup_printf(_("%d other classes %.0f %%"), (int)(count - MOST_ROWS + 1),
                            100.0 * (double)rest / (double)(heat->rows * heat->columns));
    }
    HostLayer *layer =
        legend_rows(name, &heat->region.photo, _("Most probable class"), rows, n_rows);
    for (gsize i = 0; i < n_rows; i++)
        g_free(rows[i].text);
    g_free(all);
    return layer;
}

HostLayer *
heat_legend(const Heat *heat)
{
    char *name = g_strdup_printf(_("Legend · %s"), heat->what);
    HostLayer *layer;
    if (heat->kind == HEAT_CLASS) {
        layer = class_legend(heat, name);
    } else {
        char *title =
            heat->change ? g_strdup_printf(_("Change of %s"), heat->what) : NULL;
        layer = legend_bar(name, &heat->region.photo, title ? title : heat->what,
                           heat->color_low, heat->color_high, heat->map);
        g_free(title);
    }
    g_free(name);
    return layer;
}

/* --- numbers --- */

void
heat_describe(const Heat *heat, GKeyFile *about)
{
    static const char *const kinds[] = {"activity", "probability", "score", "class"};
    int cells[2] = {(int)heat->rows, (int)heat->columns};
    g_key_file_set_string(about, "result", "kind", kinds[heat->kind]);
    g_key_file_set_string(about, "result", "of", heat->what);
    g_key_file_set_integer_list(about, "result", "rows-columns", cells, 2);
    g_key_file_set_double(about, "result", "step", heat->step);
    g_key_file_set_double(about, "result", "without-square", heat->base);
    if (heat->kind == HEAT_CLASS)
        return;
    g_key_file_set_double(about, "result", "lowest", heat->low);
    g_key_file_set_double(about, "result", "highest", heat->high);
    g_key_file_set_boolean(about, "result", "shows-change", heat->change);
    g_key_file_set_double(about, "result", "first-color", heat->color_low);
    g_key_file_set_double(about, "result", "last-color", heat->color_high);
}

gboolean
heat_save(const Heat *heat, const char *path, GError **error)
{
    gsize dim[2] = {heat->rows, heat->columns};
    return heat->kind == HEAT_CLASS
               ? npy_write(path, NPY_UINT32, 2, dim, heat->best, error)
               : npy_write(path, NPY_FLOAT32, 2, dim, heat->values, error);
}
