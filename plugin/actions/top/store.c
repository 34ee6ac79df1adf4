/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store.c: indexes in the user's cache folder.
 *
 * Each file is one serialised GVariant. Files are untrusted and checked when they are
 * read. */

#include "actions/top/store.h"
#include "actions/top/cache.h"
#include "base/fail.h"
#include "base/load.h"
#include "base/save.h"
#include "base/stamp.h"
#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#define MAGIC 0x46535032u /* in this machine's order of bytes */
#define UNIT_TYPE "(ttttd)"
#define TYPE "(usayttta" UNIT_TYPE "atadadas)"

/* All indexes together, in bytes. */
#define CACHE_LIMIT ((guint64)256 << 20)

/* Folders that are told of, of a request. */
#define MOST_FOLDERS 16

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

/* NULL: it cannot be read. g_free() */
static char *
model_of(const TopRequest *request)
{
    return request->model ? g_strdup(request->model) : net_hash(request->net);
}

/* How the names of a request's indexes begin, whatever the folder, and wherever the model
 * lies. g_free() */
static char *
name_begin(const TopRequest *request)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    char *model = model_of(request);
    add_text(sum, model ? model : request->net->path);
    g_free(model);
    add_text(sum, request->tensor);
    add_number(sum, request->fit);
    char *begin = g_strdup_printf("%.24s-", g_checksum_get_string(sum));
    g_checksum_free(sum);
    return begin;
}

char *
top_store_path(const TopRequest *request, gsize part, gsize parts)
{
    char *begin = name_begin(request), *folder = top_cache_folder();
    char *of_folder =
        g_compute_checksum_for_string(G_CHECKSUM_SHA256, request->folder->path, -1);
    char *name = g_strdup_printf("%s%.24s-%zu-of-%zu" TOP_CACHE_SUFFIX, begin, of_folder,
                                 part, parts);
    char *path = g_build_filename(folder, name, NULL);
    g_free(name);
    g_free(of_folder);
    g_free(folder);
    g_free(begin);
    return path;
}

char *
top_store_key(const TopRequest *request)
{
    const Net *net = request->net;
    const DcnPreprocessing *how = &net->card.how;
    char *model = model_of(request);
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
pack(const char *key, const char *folder, const TopIndex *index)
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
        "(us^ayttta" UNIT_TYPE "at@ad@ad@as)", MAGIC, key, folder, (guint64)index->maps,
        (guint64)index->images, (guint64)index->done, &units, &counts,
        doubles(index->sum, index->maps), doubles(index->squares, index->maps), skipped);
    return g_variant_ref_sink(packed);
}

gboolean
top_store_save(const char *path,
               const char *key,
               const TopRequest *request,
               const TopIndex *index,
               GError **error)
{
    char *folder = g_path_get_dirname(path);
    GVariant *packed = pack(key, request->folder->path, index);
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

/* NULL: it cannot be read, or is damaged. */
static GVariant *
read_file(const char *path)
{
    char *bytes;
    gsize size;
    if (!load_bytes(path, CACHE_LIMIT, &bytes, &size, NULL))
        return NULL;
    GVariant *packed = g_variant_ref_sink(
        g_variant_new_from_data(G_VARIANT_TYPE(TYPE), bytes, size, FALSE, g_free, bytes));
    if (!g_variant_is_normal_form(packed))
        g_clear_pointer(&packed, g_variant_unref);
    return packed;
}

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
    const char *folder;
    g_variant_get(packed, "(u&s^&ayttt@a" UNIT_TYPE "@at@ad@ad@as)", &magic, &made_from,
                  &folder, &maps, &images, &done, &units, &counts, &sum, &squares,
                  &skipped);
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
    GVariant *packed = read_file(path);
    if (!packed)
        return FALSE;
    gboolean ok = unpack(packed, key, request, count, index);
    g_variant_unref(packed);
    if (ok)
        g_utime(path, NULL); /* marks it as used, so that others are removed first */
    return ok;
}

/* --- which there are --- */

typedef struct {
    char *path;
    gint64 mtime; /* nanoseconds */
} Kept;

static int
newest_first(const void *a, const void *b)
{
    const Kept *x = a, *y = b;
    if (x->mtime != y->mtime)
        return x->mtime > y->mtime ? -1 : 1;
    return strcmp(x->path, y->path);
}

/* All indexes in one part whose names begin so. */
static GArray *
kept_of(const char *begin)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Kept));
    char *folder = top_cache_folder();
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        Kept kept = {.path = g_build_filename(folder, name, NULL)};
        Stamp now = stamp_of(kept.path);
        if (g_str_has_prefix(name, begin) &&
            g_str_has_suffix(name, "-1-of-1" TOP_CACHE_SUFFIX) && now.size >= 0) {
            kept.mtime = now.mtime;
            g_array_append_val(all, kept);
        } else {
            g_free(kept.path);
        }
    }
    if (dir)
        g_dir_close(dir);
    g_free(folder);
    g_array_sort(all, newest_first);
    return all;
}

char **
top_store_folders(const TopRequest *request)
{
    char *begin = name_begin(request);
    GArray *all = kept_of(begin);
    GPtrArray *folders = g_ptr_array_new();
    for (guint i = 0; i < all->len; i++) {
        Kept *kept = &g_array_index(all, Kept, i);
        GVariant *packed = folders->len < MOST_FOLDERS ? read_file(kept->path) : NULL;
        guint32 magic;
        const char *path;
        if (packed) {
            g_variant_get_child(packed, 0, "u", &magic);
            g_variant_get_child(packed, 2, "^&ay", &path);
            if (magic == MAGIC && *path)
                g_ptr_array_add(folders, g_strdup(path));
            g_variant_unref(packed);
        }
        g_free(kept->path);
    }
    g_ptr_array_add(folders, NULL);
    g_array_unref(all);
    g_free(begin);
    return (char **)g_ptr_array_free(folders, FALSE);
}
