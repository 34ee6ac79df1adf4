/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shelf.c: decodes pictures in several threads and keeps them in memory. */

#include "pictures/shelf.h"
#include "base/fail.h"
#include "trainer.h"

typedef struct {
    Shelf *shelf;
    gboolean *readable;
    GMutex lock;
    GCond changed;
    gsize next, done, room; /* under lock, as are: */
    gboolean stop;
    int running;
} Reader;

static char *
item_path(const Shelf *shelf, gsize index)
{
    const Item *item = shelf->items->pdata[index];
    return g_build_filename(shelf->data->root, item->path, NULL);
}

static void
read_one(Reader *reader, gsize index)
{
    GError *error = NULL;
    char *path = item_path(reader->shelf, index);
    Picture *picture = picture_read(path, reader->shelf->side, &error);
    reader->readable[index] = picture != NULL;
    if (!picture)
        g_printerr("%s\n", error->message);
    g_clear_error(&error);
    g_free(path);

    g_mutex_lock(&reader->lock);
    gsize bytes = picture ? picture_bytes(picture) : 0;
    if (picture && bytes <= reader->room) {
        reader->room -= bytes;
        reader->shelf->pictures[index] = g_steal_pointer(&picture);
    }
    reader->done++;
    g_cond_signal(&reader->changed);
    g_mutex_unlock(&reader->lock);
    g_free(picture);
}

static gpointer
reader_thread(gpointer user)
{
    Reader *reader = user;
    uint64_t before = dcn_zero_denormals();
    g_mutex_lock(&reader->lock);
    while (!reader->stop && reader->next < reader->shelf->items->len) {
        gsize index = reader->next++;
        g_mutex_unlock(&reader->lock);
        read_one(reader, index);
        g_mutex_lock(&reader->lock);
    }
    reader->running--;
    g_cond_signal(&reader->changed);
    g_mutex_unlock(&reader->lock);
    dcn_restore_denormals(before);
    return NULL;
}

/* Waits for the threads, and tells what they do twice a second. */
static void
watch(Reader *reader, ShelfProgress progress, gpointer user)
{
    g_mutex_lock(&reader->lock);
    while (reader->running > 0) {
        gint64 until = g_get_monotonic_time() + G_TIME_SPAN_SECOND / 2;
        while (reader->running > 0 &&
               g_cond_wait_until(&reader->changed, &reader->lock, until))
            ;
        gsize done = reader->done;
        g_mutex_unlock(&reader->lock);
        gboolean go_on = !progress || progress(done, reader->shelf->items->len, user);
        g_mutex_lock(&reader->lock);
        reader->stop |= !go_on;
    }
    g_mutex_unlock(&reader->lock);
}

static void
drop_unreadable(Shelf *shelf, const gboolean *readable)
{
    GPtrArray *items = g_ptr_array_new();
    for (guint i = 0; i < shelf->items->len; i++) {
        if (!readable[i]) {
            shelf->unreadable++;
            continue;
        }
        shelf->pictures[items->len] = shelf->pictures[i];
        g_ptr_array_add(items, shelf->items->pdata[i]);
    }
    for (guint i = items->len; i < shelf->items->len; i++)
        shelf->pictures[i] = NULL;
    g_ptr_array_unref(shelf->items);
    shelf->items = items;
}

Shelf *
shelf_new(const Data *data,
          const GPtrArray *items,
          int side,
          gsize *room,
          int threads,
          ShelfProgress progress,
          gpointer user,
          GError **error)
{
    Shelf *shelf = g_new0(Shelf, 1);
    shelf->data = data;
    shelf->side = side;
    shelf->items = g_ptr_array_new();
    for (guint i = 0; i < items->len; i++)
        g_ptr_array_add(shelf->items, items->pdata[i]);
    shelf->pictures = g_new0(Picture *, items->len + 1);

    Reader reader = {.shelf = shelf, .room = *room, .running = threads};
    reader.readable = g_new0(gboolean, items->len + 1);
    g_mutex_init(&reader.lock);
    g_cond_init(&reader.changed);
    GThread **workers = g_new(GThread *, (gsize)threads);
    for (int t = 0; t < threads; t++)
        workers[t] = g_thread_new("read", reader_thread, &reader);
    watch(&reader, progress, user);
    for (int t = 0; t < threads; t++)
        g_thread_join(workers[t]);
    g_free(workers);
    g_cond_clear(&reader.changed);
    g_mutex_clear(&reader.lock);

    *room = reader.room;
    if (!reader.stop)
        drop_unreadable(shelf, reader.readable);
    g_free(reader.readable);
    if (reader.stop) {
        fail_run(error, _("Stopped"));
        shelf_free(shelf);
        return NULL;
    }
    return shelf;
}

void
shelf_free(Shelf *shelf)
{
    if (!shelf)
        return;
    for (guint i = 0; i < shelf->items->len; i++)
        g_free(shelf->pictures[i]);
    g_free(shelf->pictures);
    g_ptr_array_unref(shelf->items);
    g_free(shelf);
}

const Picture *
shelf_get(const Shelf *shelf, gsize index, Picture **own, GError **error)
{
    *own = NULL;
    if (shelf->pictures[index])
        return shelf->pictures[index];
    char *path = item_path(shelf, index);
    *own = picture_read(path, shelf->side, error);
    g_free(path);
    return *own;
}
