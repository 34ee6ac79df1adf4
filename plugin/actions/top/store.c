/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store.c: indexes in the user's cache folder.
 *
 * Each file is one serialised GVariant. Files are untrusted and checked when they are
 * read. */

#include "actions/top/store.h"
#include "actions/top/cache.h"
#include "base/fail.h"
#include "base/save.h"
#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#define MAGIC 0x46535031u /* in this machine's order of bytes */
#define UNIT_TYPE "(ttttd)"
#define TYPE "(usttta" UNIT_TYPE "atadadas)"

/* All indexes together, in bytes. */
#define CACHE_LIMIT ((guint64)256 << 20)

/* --- names --- */

static void
add_text(GChecksum *sum, const char *text)
{
    g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text) + 1);
}

static void
add_number(GChecksum *sum, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    add_text(sum, g_ascii_dtostr(text, sizeof text, value));
}

char *
top_store_path(const TopRequest *request, gsize part, gsize parts)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_text(sum, request->net->path);
    add_text(sum, request->tensor);
    add_text(sum, request->folder->path);
    add_number(sum, request->fit);
    char *folder = top_cache_folder();
    char *name = g_strdup_printf("%.32s-%zu-of-%zu" TOP_CACHE_SUFFIX,
                                 g_checksum_get_string(sum), part, parts);
    char *path = g_build_filename(folder, name, NULL);
    g_free(name);
    g_free(folder);
    g_checksum_free(sum);
    return path;
}

char *
top_store_key(const TopRequest *request)
{
    const Net *net = request->net;
    const DcnPreprocessing *how = &net->card.how;
    char *model = net_hash(net);
    if (!model)
        return NULL;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_text(sum, model);
    add_text(sum, request->tensor);
    add_number(sum, request->fit);
    add_number(sum, net->height);
    add_number(sum, net->width);
    add_number(sum, how->bgr);
    add_number(sum, (double)how->range);
    for (int c = 0; c < 3; c++) {
        add_number(sum, (double)how->mean[c]);
        add_number(sum, (double)how->std[c]);
    }
    if (how->linear)
        add_text(sum, "linear");
    for (gsize i = 0; i < request->folder->count; i++) {
        const FolderFile *file = &request->folder->files[i];
        guint64 numbers[2] = {file->size, (guint64)file->mtime};
        add_text(sum, file->name);
        g_checksum_update(sum, (const guchar *)numbers, sizeof numbers);
    }
    char *key = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    g_free(model);
    return key;
}

/* --- writing --- */

static GVariant *
doubles(const double *values, gsize count)
{
    return g_variant_new_fixed_array(G_VARIANT_TYPE_DOUBLE, values, count,
                                     sizeof *values);
}

static GVariant *
pack(const char *key, const TopIndex *index)
{
    GVariantBuilder units, counts;
    g_variant_builder_init(&units, G_VARIANT_TYPE("a" UNIT_TYPE));
    g_variant_builder_init(&counts, G_VARIANT_TYPE("at"));
    for (gsize c = 0; c < index->maps; c++) {
        g_variant_builder_add(&counts, "t", (guint64)index->counts[c]);
        for (gsize i = 0; i < index->counts[c]; i++) {
            const TopUnit *unit = &index->units[c * TOP_BEST + i];
            g_variant_builder_add(&units, UNIT_TYPE, (guint64)unit->file,
                                  (guint64)unit->unit.channel, (guint64)unit->unit.y,
                                  (guint64)unit->unit.x, (double)unit->unit.value);
        }
    }
    GVariant *skipped = g_variant_new_strv((const char *const *)index->skipped->pdata,
                                           (gssize)index->skipped->len);
    GVariant *packed = g_variant_new(
        "(usttta" UNIT_TYPE "at@ad@ad@as)", MAGIC, key, (guint64)index->maps,
        (guint64)index->images, (guint64)index->done, &units, &counts,
        doubles(index->sum, index->maps), doubles(index->squares, index->maps), skipped);
    return g_variant_ref_sink(packed);
}

gboolean
top_store_save(const char *path, const char *key, const TopIndex *index, GError **error)
{
    char *folder = g_path_get_dirname(path);
    GVariant *packed = pack(key, index);
    gboolean ok = g_mkdir_with_parents(folder, 0700) == 0 ||
                  fail_run(error, _("The folder “%s” cannot be made."), folder);
    ok = ok &&
         save_bytes(path, g_variant_get_data(packed), g_variant_get_size(packed), error);
    g_variant_unref(packed);
    if (ok)
        top_cache_prune(folder, CACHE_LIMIT, path);
    g_free(folder);
    return ok;
}

/* --- reading --- */

static gboolean
unpack_units(GVariant *units,
             GVariant *counts,
             const TopRequest *request,
             TopIndex *index)
{
    GVariantIter iter;
    g_variant_iter_init(&iter, units);
    for (gsize c = 0; c < index->maps; c++) {
        guint64 count;
        g_variant_get_child(counts, c, "t", &count);
        if (count > TOP_BEST)
            return FALSE;
        index->counts[c] = count;
        for (gsize i = 0; i < count; i++) {
            guint64 file, channel, y, x;
            double value;
            if (!g_variant_iter_next(&iter, UNIT_TYPE, &file, &channel, &y, &x, &value) ||
                file >= request->folder->count || channel != c || y >= request->height ||
                x >= request->width)
                return FALSE;
            index->units[c * TOP_BEST + i] =
                (TopUnit){file, {channel, y, x, (float)value}};
        }
    }
    return TRUE;
}

static gboolean
copy_doubles(GVariant *from, gsize count, double *to)
{
    gsize n;
    const double *values = g_variant_get_fixed_array(from, &n, sizeof *values);
    if (n != count)
        return FALSE;
    memcpy(to, values, n * sizeof *to);
    return TRUE;
}

static gboolean
unpack(GVariant *packed,
       const char *key,
       const TopRequest *request,
       gsize count,
       TopIndex *index)
{
    guint32 magic;
    const char *made_from;
    guint64 maps, images, done;
    GVariant *units, *counts, *sum, *squares, *skipped;
    g_variant_get(packed, "(u&sttt@a" UNIT_TYPE "@at@ad@ad@as)", &magic, &made_from,
                  &maps, &images, &done, &units, &counts, &sum, &squares, &skipped);
    gboolean ok = magic == MAGIC && g_str_equal(made_from, key) &&
                  maps == request->maps && images <= done && done <= count &&
                  g_variant_n_children(counts) == maps;
    *index = (TopIndex){0};
    if (ok) {
        *index = (TopIndex){
            .maps = maps,
            .units = g_new0(TopUnit, maps * TOP_BEST),
            .counts = g_new0(gsize, maps),
            .sum = g_new0(double, maps),
            .squares = g_new0(double, maps),
            .images = images,
            .done = done,
            .skipped = g_ptr_array_new_with_free_func(g_free),
        };
        ok = unpack_units(units, counts, request, index) &&
             copy_doubles(sum, maps, index->sum) &&
             copy_doubles(squares, maps, index->squares);
        GVariantIter iter;
        char *text;
        g_variant_iter_init(&iter, skipped);
        while (g_variant_iter_next(&iter, "s", &text))
            g_ptr_array_add(index->skipped, text);
    }
    if (!ok)
        top_index_clear(index);
    g_variant_unref(units);
    g_variant_unref(counts);
    g_variant_unref(sum);
    g_variant_unref(squares);
    g_variant_unref(skipped);
    return ok;
}

gboolean
top_store_load(const char *path,
               const char *key,
               const TopRequest *request,
               gsize count,
               TopIndex *index)
{
    char *bytes;
    gsize size;
    if (!g_file_get_contents(path, &bytes, &size, NULL))
        return FALSE;
    GVariant *packed = g_variant_ref_sink(
        g_variant_new_from_data(G_VARIANT_TYPE(TYPE), bytes, size, FALSE, g_free, bytes));
    gboolean ok =
        g_variant_is_normal_form(packed) && unpack(packed, key, request, count, index);
    g_variant_unref(packed);
    if (ok)
        g_utime(path, NULL); /* marks it as used, so that others are removed first */
    return ok;
}
