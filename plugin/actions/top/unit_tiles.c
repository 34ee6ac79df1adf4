/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unit_tiles.c: units of pictures in a folder as tiles. */

#include "actions/top/unit_tiles.h"
#include "base/fail.h"
#include "photo/seen.h"
#include <stdlib.h>

void
unit_tiles_clear(UnitTile *tiles, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        g_free(tiles[i].projection);
        g_free(tiles[i].patch);
    }
}

static float *
tile_new(const Field *field)
{
    return g_try_new(float, 4 * (gsize)field->tile_height * (gsize)field->tile_width);
}

gboolean
unit_tile_project(Probe *probe,
                  DcnMethod method,
                  FieldSize size,
                  int side,
                  UnitTile *tile,
                  const DcnProgress *progress,
                  GError **error)
{
    Field field = field_of(probe, size, &tile->what.unit, side);
    Target target = {.unit = tile->what.unit};
    gsize count = net_pixels(probe->net) * 3;
    float *signal = g_try_new(float, count);
    tile->height = field.tile_height;
    tile->width = field.tile_width;
    tile->projection = tile_new(&field);
    gboolean ok = (signal && tile->projection) ||
                  fail_run(error, _("There is not enough memory for a projection."));
    ok = ok && probe_project(probe, &target, method, signal, progress, error);
    if (ok)
        field_paint(probe, &field, signal, tile->projection);
    g_free(signal);
    return ok;
}

typedef struct {
    Probe *probe;
    Fit fit;
    DcnMethod method;
    FieldSize size;
    int side;
} Making;

gboolean
unit_tile_patch(const Probe *probe,
                FieldSize size,
                int side,
                HostPixels *pixels,
                const GeglRectangle *item,
                const Region *region,
                UnitTile *tile,
                GError **error)
{
    Field field = field_of(probe, size, &tile->what.unit, side);
    tile->height = field.tile_height;
    tile->width = field.tile_width;
    tile->patch = tile_new(&field);
    if (!tile->patch)
        return fail_run(error, _("There is not enough memory for a patch."));
    return field_patch(&field, region, pixels, item, tile->patch, error);
}

/* All units of one file. */
static gboolean
make_of_file(const Making *making,
             HostPixels *pixels,
             UnitTile **tiles,
             gsize count,
             GError **error)
{
    Seen seen;
    GeglRectangle item = {0};
    host_pixels_size(pixels, &item.width, &item.height);
    if (!seen_take(&seen, pixels, &item, NULL, making->probe->net, making->fit, error))
        return FALSE;
    gboolean ok = probe_run(making->probe, seen.input, NULL, error);
    for (gsize i = 0; ok && i < count; i++)
        ok = unit_tile_project(making->probe, making->method, making->size, making->side,
                               tiles[i], NULL, error) &&
             unit_tile_patch(making->probe, making->size, making->side, pixels, &item,
                             &seen.region, tiles[i], error);
    seen_clear(&seen);
    return ok;
}

static int
by_file(const void *a, const void *b)
{
    const UnitTile *x = *(UnitTile *const *)a, *y = *(UnitTile *const *)b;
    if (x->what.file != y->what.file)
        return x->what.file < y->what.file ? -1 : 1;
    return x < y ? -1 : x > y;
}

gboolean
unit_tiles_make(Probe *probe,
                const Folder *folder,
                Fit fit,
                DcnMethod method,
                int side,
                UnitTile *tiles,
                gsize count,
                Busy *busy,
                GError **error)
{
    Making making = {probe, fit, method, field_size(probe), side};
    GPtrArray *skipped = g_ptr_array_new_with_free_func(g_free);
    UnitTile **order = g_new(UnitTile *, count + 1);
    for (gsize i = 0; i < count; i++)
        order[i] = &tiles[i];
    qsort(order, count, sizeof *order, by_file);
    busy->count = count;
    DcnProgress progress = busy_start(busy);
    gboolean ok = TRUE;
    for (gsize first = 0, next; ok && first < count; first = next) {
        gsize file = order[first]->what.file;
        for (next = first; next < count && order[next]->what.file == file; next++)
            ;
        GError *why = NULL;
        char *path = folder_path(folder, file);
        HostPixels *pixels = host_file_open(path, &why);
        if (pixels)
            ok = make_of_file(&making, pixels, order + first, next - first, error);
        else
            folder_skip(folder, file, why, skipped);
        host_pixels_close(pixels);
        g_clear_error(&why);
        g_free(path);
        progress.report((double)next / (double)count, progress.user);
    }
    if (ok)
        folder_tell_skipped(skipped);
    g_ptr_array_unref(skipped);
    g_free(order);
    return ok;
}
