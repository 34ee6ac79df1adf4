/* SPDX-License-Identifier: GPL-3.0-or-later */
/* index.c: the nine pictures of a folder that excite each map most. */

#include "actions/top/index.h"
#include "actions/top/store.h"
#include "base/fail.h"
#include "probe/batches.h"
#include <math.h>
#include <string.h>

/* A pass is kept this often, in microseconds. */
#define SAVE_INTERVAL G_USEC_PER_SEC

void
top_index_clear(TopIndex *index)
{
    g_free(index->units);
    g_free(index->counts);
    g_free(index->sum);
    g_free(index->squares);
    if (index->skipped)
        g_ptr_array_unref(index->skipped);
    *index = (TopIndex){0};
}

static TopIndex
index_new(gsize maps)
{
    return (TopIndex){
        .maps = maps,
        .units = g_new0(TopUnit, maps * TOP_BEST),
        .counts = g_new0(gsize, maps),
        .sum = g_new0(double, maps),
        .squares = g_new0(double, maps),
        .skipped = g_ptr_array_new_with_free_func(g_free),
    };
}

/* --- the nine --- */

static gboolean
stronger(const TopUnit *a, const TopUnit *b)
{
    if (a->unit.value != b->unit.value)
        return a->unit.value > b->unit.value;
    return a->file < b->file;
}

static void
add_unit(TopIndex *index, gsize map, const TopUnit *unit)
{
    TopUnit *best = index->units + map * TOP_BEST;
    gsize count = index->counts[map], at = count;
    while (at > 0 && stronger(unit, &best[at - 1]))
        at--;
    if (at == TOP_BEST)
        return;
    gsize moved = MIN(count, TOP_BEST - 1) - at;
    memmove(best + at + 1, best + at, moved * sizeof *best);
    best[at] = *unit;
    index->counts[map] = MIN(count + 1, TOP_BEST);
}

double
top_index_selectivity(const TopIndex *index, gsize map)
{
    double n = (double)index->images, nine = 0;
    if (!index->images || !index->counts[map])
        return 0;
    for (gsize i = 0; i < index->counts[map]; i++)
        nine += (double)index->units[map * TOP_BEST + i].unit.value;
    double mean = index->sum[map] / n;
    double spread = sqrt(fmax(0, index->squares[map] / n - mean * mean));
    return spread > 0 ? (nine / (double)index->counts[map] - mean) / spread : 0;
}

/* --- the pass --- */

typedef struct {
    const TopRequest *request;
    TopIndex *index;
    char *path; /* of what is kept */
    const char *key;
    gint64 saved;
    gboolean told; /* that it cannot be kept */
    GError *trouble;
} Indexing;

static void
keep(Indexing *indexing, gboolean now)
{
    gint64 time = g_get_monotonic_time();
    if (!now && time - indexing->saved < SAVE_INTERVAL)
        return;
    indexing->saved = time;
    GError *why = NULL;
    if (top_store_save(indexing->path, indexing->key, indexing->request, indexing->index,
                       &why))
        return;
    if (!indexing->trouble)
        indexing->trouble = why;
    else
        g_error_free(why);
}

static gboolean
take(void *user, const BatchImage *image, GError **error)
{
    Indexing *indexing = user;
    TopIndex *index = indexing->index;
    if (image->maps.maps != index->maps)
        return fail_run(error, _("The layer has %zu maps, not %zu."), image->maps.maps,
                        index->maps);
    for (gsize c = 0; c < image->maps.maps; c++) {
        TopUnit unit = {image->file, dcn_strongest_of_map(image->session, image->tensor,
                                                          image->slot, c)};
        double value = (double)unit.unit.value;
        index->sum[c] += value;
        index->squares[c] += value * value;
        add_unit(index, c, &unit);
    }
    index->images++;
    index->computed++;
    index->done++;
    keep(indexing, FALSE);
    return TRUE;
}

static void
skip(void *user, gsize file, const GError *why)
{
    Indexing *indexing = user;
    folder_skip(indexing->request->folder, file, why, indexing->index->skipped);
    indexing->index->done++;
    keep(indexing, FALSE);
}

/* Files of a part, in order. */
static gsize *
files_of_part(const Folder *folder, gsize part, gsize parts, gsize *count)
{
    gsize *files = g_new(gsize, folder->count + 1);
    *count = 0;
    for (gsize i = part - 1; i < folder->count; i += parts)
        files[(*count)++] = i;
    return files;
}

/* What is missing of a part, from its beginning or from where it was stopped. */
static gboolean
finish_part(const TopRequest *request,
            gsize part,
            gsize parts,
            const char *key,
            TopIndex *index,
            GError **error)
{
    gsize count;
    gsize *files = files_of_part(request->folder, part, parts, &count);
    Indexing indexing = {
        .request = request,
        .index = index,
        .path = top_store_path(request, part, parts),
        .key = key,
        .saved = g_get_monotonic_time(),
    };
    if (!top_store_load(indexing.path, key, request, count, index))
        *index = index_new(request->maps);
    gboolean ok = TRUE, complete = index->done == count;
    if (!complete) {
        Busy busy = {.text = _("Looking at the folder: image"),
                     .count = count - index->done,
                     .rate = TRUE,
                     .from = request->from,
                     .to = request->to};
        Batches batches = {.net = request->net,
                           .tensor = request->tensor,
                           .fit = request->fit,
                           .threads = request->threads,
                           .folder = request->folder,
                           .files = files + index->done,
                           .count = count - index->done,
                           .busy = &busy,
                           .work = request->work,
                           .progress = request->progress,
                           .take = take,
                           .skip = skip,
                           .user = &indexing};
        ok = batches_run(&batches, error);
        keep(&indexing, TRUE);
    }
    if (indexing.trouble && ok && (parts > 1 || request->work))
        ok = fail_run(error, _("The index of the folder cannot be kept: %s"),
                      indexing.trouble->message);
    else if (indexing.trouble && ok) {
        char *text = g_strdup_printf(
            _("The index of the folder cannot be kept, so the next run will read it again: %s"),
            indexing.trouble->message);
        host_message(text);
        g_free(text);
    }
    g_clear_error(&indexing.trouble);
    g_free(indexing.path);
    g_free(files);
    if (!ok)
        top_index_clear(index);
    return ok;
}

/* --- parts --- */

static void
merge(TopIndex *into, const TopIndex *part)
{
    for (gsize c = 0; c < into->maps; c++) {
        for (gsize i = 0; i < part->counts[c]; i++)
            add_unit(into, c, &part->units[c * TOP_BEST + i]);
        into->sum[c] += part->sum[c];
        into->squares[c] += part->squares[c];
    }
    into->images += part->images;
    into->done += part->done;
    for (guint i = 0; i < part->skipped->len; i++)
        g_ptr_array_add(into->skipped, g_strdup(g_ptr_array_index(part->skipped, i)));
}

/* Puts all parts together, or says which are missing or not finished. */
static gboolean
join_parts(const TopRequest *request, const char *key, TopIndex *index, char **missing)
{
    GString *absent = g_string_new(NULL);
    gsize parts = (gsize)request->parts;
    *index = index_new(request->maps);
    for (gsize part = 1; part <= parts; part++) {
        TopIndex one;
        gsize count;
        g_free(files_of_part(request->folder, part, parts, &count));
        char *path = top_store_path(request, part, parts);
        gboolean there = top_store_load(path, key, request, count, &one);
        if (there && one.done == count)
            merge(index, &one);
        else
            g_string_append_printf(absent, "%s%zu", absent->len ? ", " : "", part);
        if (there)
            top_index_clear(&one);
        g_free(path);
    }
    gboolean complete = absent->len == 0;
    *missing = g_string_free(absent, complete);
    if (!complete)
        top_index_clear(index);
    return complete;
}

static gboolean
get_by_parts(const TopRequest *request,
             const char *key,
             TopIndex *index,
             char **missing,
             GError **error)
{
    char *whole = top_store_path(request, 1, 1);
    gboolean there = top_store_load(whole, key, request, request->folder->count, index);
    gsize computed = 0;
    gboolean ok = TRUE;
    if (there && index->done == request->folder->count) {
        g_free(whole);
        return TRUE;
    }
    if (there)
        top_index_clear(index);
    if (request->part) {
        ok = finish_part(request, (gsize)request->part, (gsize)request->parts, key, index,
                         error);
        computed = ok ? index->computed : 0;
        if (ok)
            top_index_clear(index);
    }
    if (ok && join_parts(request, key, index, missing)) {
        /* The next run will find it as if it had been one pass. */
        top_store_save(whole, key, request, index, NULL);
    }
    index->computed = computed;
    g_free(whole);
    return ok;
}

gboolean
top_index_get(const TopRequest *wanted, TopIndex *index, char **missing, GError **error)
{
    TopRequest known = *wanted, *request = &known;
    *index = (TopIndex){0};
    *missing = NULL;
    if (request->part > request->parts)
        return fail_input(error, _("There is no part %d of %d."), request->part,
                          request->parts);
    char *model = net_hash(request->net);
    known.model = model;
    char *key = model ? top_store_key(request) : NULL;
    if (!key)
        return fail_run(error, _("The model “%s” cannot be read."), request->net->path);
    gboolean ok = request->parts > 1 ? get_by_parts(request, key, index, missing, error)
                                     : finish_part(request, 1, 1, key, index, error);
    g_free(key);
    g_free(model);
    return ok;
}
