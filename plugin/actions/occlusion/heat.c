/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat.c: the numbers of a heat map: their range, and what is written of them. */

#include "actions/occlusion/heat.h"
#include "result/npy.h"
#include <math.h>

void
heat_free(void *user)
{
    Heat *heat = user;
    if (!heat)
        return;
    g_free(heat->what);
    g_free(heat->title);
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

gboolean
heat_is_flat(const Heat *heat)
{
    return heat->values && !(heat->high - heat->low > heat->rounding);
}

void
heat_range_own(Heat *heat)
{
    heat->color_low = heat->low;
    heat->color_high = heat->high;
    if (heat_is_flat(heat)) {
        heat->color_low = heat->color_high = heat->change ? 0 : heat->low;
    } else if (heat->change) {
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
    g_key_file_set_boolean(about, "result", "constant", heat_is_flat(heat));
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
