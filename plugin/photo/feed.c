/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feed.c: image files, decoded ahead by threads of its own.
 *
 *     next ------> workers ------> slots, a ring ------> feed_next()
 *     path         decode          by number             in order
 *
 * A worker takes the next number whose slot is free, so at most `n_slots` pictures are in
 * memory, each as large as the network's input. When all are full, workers rest until
 * half of them are empty: a network that runs meanwhile has the processors to itself, and
 * when they work again no processor waits. */

#include "photo/feed.h"
#include "base/fail.h"
#include <string.h>

/* Pictures decoded ahead: enough for some batches and for what each thread works on, or
 * as many as fit into so many bytes. */
#define SLOTS 24
#define SLOTS_A_THREAD 4
#define SLOTS_BYTES ((gsize)64 << 20)

typedef enum { EMPTY, DONE, UNKNOWN } State;

typedef struct {
    State state;
    FeedItem item;
} Slot;

struct Feed {
    const Net *net;
    Fit fit;
    char *const *paths;
    gsize count;
    gsize next;  /* number that the next free worker takes */
    gsize taken; /* numbers handed out */
    gboolean stop;
    gboolean full; /* workers rest */
    Slot *slots;
    gsize n_slots;
    GThread **threads;
    int n_threads;
    GMutex mutex; /* of all above that changes */
    GCond ready;  /* a slot has been filled */
    GCond room;   /* work goes on, or ends */
};

void
feed_item_clear(FeedItem *item)
{
    seen_clear(&item->seen);
    g_clear_error(&item->error);
    *item = (FeedItem){0};
}

static void
see_pixels(const Feed *feed, HostPixels *pixels, FeedItem *item)
{
    GeglRectangle rect = {0};
    host_pixels_size(pixels, &rect.width, &rect.height);
    seen_take(&item->seen, pixels, &rect, NULL, feed->net, feed->fit, &item->error);
    g_clear_pointer(&item->seen.rgb, g_free); /* only the input is asked for */
    host_pixels_close(pixels);
}

/* In a worker: GEGL only. */
static State
decode(const Feed *feed, FeedItem *item)
{
    gboolean unknown = FALSE;
    HostPixels *pixels =
        host_file_decode(feed->paths[item->index], &unknown, &item->error);
    if (pixels)
        see_pixels(feed, pixels, item);
    return unknown ? UNKNOWN : DONE;
}

static void *
work(void *data)
{
    Feed *feed = data;
    g_mutex_lock(&feed->mutex);
    for (;;) {
        if (feed->next >= feed->taken + feed->n_slots)
            feed->full = TRUE;
        if (feed->stop || feed->next >= feed->count)
            break;
        if (feed->full) {
            g_cond_wait(&feed->room, &feed->mutex);
            continue;
        }
        FeedItem item = {.index = feed->next++};
        g_mutex_unlock(&feed->mutex);
        State state = decode(feed, &item);
        g_mutex_lock(&feed->mutex);
        feed->slots[item.index % feed->n_slots] = (Slot){state, item};
        g_cond_signal(&feed->ready);
    }
    g_mutex_unlock(&feed->mutex);
    return NULL;
}

Feed *
feed_new(const Net *net, Fit fit, char *const *paths, int threads)
{
    Feed *feed = g_new0(Feed, 1);
    feed->net = net;
    feed->fit = fit;
    feed->paths = paths;
    feed->count = g_strv_length((char **)paths);
    feed->n_threads = threads > 0 ? threads : (int)g_get_num_processors();
    feed->n_threads = (int)CLAMP((gsize)feed->n_threads, 1, MAX(feed->count, 1));
    gsize most = SLOTS_BYTES / (net_input_count(net) * sizeof(float));
    feed->n_slots = CLAMP(most, (gsize)feed->n_threads * SLOTS_A_THREAD,
                          SLOTS + (gsize)feed->n_threads * SLOTS_A_THREAD);
    feed->slots = g_new0(Slot, feed->n_slots);
    feed->threads = g_new0(GThread *, feed->n_threads);
    g_mutex_init(&feed->mutex);
    g_cond_init(&feed->ready);
    g_cond_init(&feed->room);
    for (int i = 0; i < feed->n_threads; i++)
        feed->threads[i] = g_thread_new("featurescope-feed", work, feed);
    return feed;
}

/* GEGL does not know the file. The editor's loaders are asked for what may be a picture
 * of theirs by its name: asking them for every text in a folder takes long. */
gboolean
feed_may_be_theirs(const char *path)
{
    static const char *const theirs[] = {
        ".xcf",  ".psd",  ".psb",  ".tga", ".pcx", ".ico", ".sgi",  ".dds", ".ora",
        ".heif", ".heic", ".avif", ".jxl", ".jp2", ".j2k", ".pnm",  ".ppm", ".pgm",
        ".pbm",  ".fits", ".svg",  ".gif", ".bmp", ".tif", ".tiff", ".hdr", NULL};
    const char *dot = strrchr(path, '.');
    for (gsize i = 0; dot && theirs[i]; i++)
        if (g_ascii_strcasecmp(dot, theirs[i]) == 0)
            return TRUE;
    return FALSE;
}

typedef struct {
    const Feed *feed;
    FeedItem *item;
} Here;

static void
open_here(void *data)
{
    const Here *here = data;
    FeedItem *item = here->item;
    HostPixels *pixels = host_file_open(here->feed->paths[item->index], &item->error);
    if (pixels)
        see_pixels(here->feed, pixels, item);
}

gboolean
feed_wait(Feed *feed, gint64 time)
{
    gint64 end = g_get_monotonic_time() + time;
    if (feed->taken >= feed->count)
        return TRUE;
    g_mutex_lock(&feed->mutex);
    const Slot *slot = &feed->slots[feed->taken % feed->n_slots];
    while (slot->state == EMPTY && g_cond_wait_until(&feed->ready, &feed->mutex, end))
        ;
    gboolean there = slot->state != EMPTY;
    g_mutex_unlock(&feed->mutex);
    return there;
}

gboolean
feed_next(Feed *feed, FeedItem *item, Work *work)
{
    if (feed->taken >= feed->count)
        return FALSE;
    g_mutex_lock(&feed->mutex);
    Slot *slot = &feed->slots[feed->taken % feed->n_slots];
    while (slot->state == EMPTY)
        g_cond_wait(&feed->ready, &feed->mutex);
    Slot taken = *slot;
    *slot = (Slot){0};
    feed->taken++;
    if (feed->full && feed->next - feed->taken <= feed->n_slots / 2) {
        feed->full = FALSE;
        g_cond_broadcast(&feed->room);
    }
    g_mutex_unlock(&feed->mutex);

    *item = taken.item;
    if (taken.state == UNKNOWN && feed_may_be_theirs(feed->paths[item->index])) {
        Here here = {feed, item};
        g_clear_error(&item->error);
        work_ask(work, open_here, &here);
    }
    if (!item->error && !item->seen.input)
        fail_run(&item->error, _("“%s” cannot be read."), feed->paths[item->index]);
    return TRUE;
}

void
feed_free(Feed *feed)
{
    if (!feed)
        return;
    g_mutex_lock(&feed->mutex);
    feed->stop = TRUE;
    g_cond_broadcast(&feed->room);
    g_mutex_unlock(&feed->mutex);
    for (int i = 0; i < feed->n_threads; i++)
        g_thread_join(feed->threads[i]);
    for (gsize i = 0; i < feed->n_slots; i++)
        feed_item_clear(&feed->slots[i].item);
    g_cond_clear(&feed->ready);
    g_cond_clear(&feed->room);
    g_mutex_clear(&feed->mutex);
    g_free(feed->threads);
    g_free(feed->slots);
    g_free(feed);
}
