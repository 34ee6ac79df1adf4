/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parts.c: splits a list of pictures by hashes of their paths. */

#include "pictures/parts.h"
#include "trainer.h"
#include <string.h>

enum { STREAM_HELD_OUT, STREAM_CHOOSE };
#define CHOOSE_SHARE 0.1

/* FNV-1a (Fowler, Noll & Vo) of the path, mixed with seed and stream. */
static double
place(const Item *item, guint64 seed, guint64 stream)
{
    guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325);
    for (const char *c = item->path; *c; c++)
        hash = (hash ^ (guchar)*c) * G_GUINT64_CONSTANT(0x100000001b3);
    DcnRandom random = dcn_random_seed(hash ^ seed * 2, stream);
    return dcn_random_unit(&random);
}

typedef struct {
    Item *item;
    double place;
} Placed;

static gint
compare_places(gconstpointer a, gconstpointer b)
{
    const Placed *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return strcmp(x->item->path, y->item->path);
}

static gint
compare_items(gconstpointer a, gconstpointer b)
{
    const Item *const *x = a, *const *y = b;
    return strcmp((*x)->path, (*y)->path);
}

/* Each class by itself: the first places are for training. */
static void
split_by_class(Parts *parts, const Data *data, const PartsOptions *options)
{
    for (gsize class = 0; class < data->n_classes; class ++) {
        GArray *placed = g_array_new(FALSE, FALSE, sizeof(Placed));
        for (guint i = 0; i < data->items->len; i++) {
            Placed p = {data->items->pdata[i], 0};
            if (p.item->n_shown != 1 || p.item->shown[0] != class)
                continue;
            p.place = place(p.item, options->seed, STREAM_HELD_OUT);
            g_array_append_val(placed, p);
        }
        g_array_sort(placed, compare_places);
        gsize most = options->test_a_class ? options->test_a_class : G_MAXSIZE;
        for (gsize i = 0; i < placed->len; i++) {
            Item *item = g_array_index(placed, Placed, i).item;
            if (i < options->train_a_class)
                g_ptr_array_add(parts->train, item);
            else if (i - options->train_a_class < most)
                g_ptr_array_add(parts->held_out, item);
        }
        g_array_unref(placed);
    }
    g_ptr_array_sort(parts->train, compare_items);
    g_ptr_array_sort(parts->held_out, compare_items);
}

static void
take_for_choosing(Parts *parts, const PartsOptions *options)
{
    GPtrArray *rest = g_ptr_array_new();
    for (guint i = 0; i < parts->train->len; i++) {
        Item *item = parts->train->pdata[i];
        gboolean chosen = place(item, options->seed, STREAM_CHOOSE) < CHOOSE_SHARE;
        g_ptr_array_add(chosen ? parts->choose : rest, item);
    }
    g_ptr_array_unref(parts->train);
    parts->train = rest;
}

void
parts_split(Parts *parts, const Data *data, const PartsOptions *options)
{
    *parts = (Parts){g_ptr_array_new(), g_ptr_array_new(), g_ptr_array_new()};
    if (options->train_a_class > 0) {
        split_by_class(parts, data, options);
    } else {
        for (guint i = 0; i < data->items->len; i++) {
            Item *item = data->items->pdata[i];
            gboolean out =
                place(item, options->seed, STREAM_HELD_OUT) < options->held_out;
            g_ptr_array_add(out ? parts->held_out : parts->train, item);
        }
    }
    if (options->choose)
        take_for_choosing(parts, options);
}

void
parts_clear(Parts *parts)
{
    g_clear_pointer(&parts->train, g_ptr_array_unref);
    g_clear_pointer(&parts->choose, g_ptr_array_unref);
    g_clear_pointer(&parts->held_out, g_ptr_array_unref);
}
