/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nine_read.c: a few pictures of a folder, decoded in a thread of their own. */

#include "actions/browse/nine_read.h"
#include "photo/feed.h"

/* Microseconds before others are let pass. */
#define WAIT 5000

typedef enum { COMING, THERE, THEIRS } State; /* THEIRS: the editor may know the file */

struct NineReader {
    NineReading *reading;
    GThread *thread;
    GMutex mutex; /* of all below */
    GCond came;
    State state[TOP_BEST];
    gboolean stop, over;
};

/* Takes what is asked for of a picture that is open. */
static void
take(const NineReading *reading, NinePicture *picture, HostPixels *pixels)
{
    const Probe *probe = reading->probe;
    GeglRectangle item = {0};
    host_pixels_size(pixels, &item.width, &item.height);
    picture->width = item.width;
    picture->height = item.height;
    if (seen_take(&picture->seen, pixels, &item, NULL, probe->net, reading->fit,
                  &picture->error) &&
        unit_tile_patch(probe, reading->size, reading->side, pixels, &item,
                        &picture->seen.region, &picture->tile, &picture->error))
        picture->patch =
            field_region(probe, &picture->tile.what.unit, &picture->seen.region).photo;
    g_clear_pointer(&picture->seen.rgb, g_free); /* only the input is asked for */
    host_pixels_close(pixels);
}

static State
read_picture(const NineReading *reading, NinePicture *picture)
{
    gboolean unknown = FALSE;
    HostPixels *pixels = host_file_decode(picture->path, &unknown, &picture->error);
    if (pixels)
        take(reading, picture, pixels);
    return unknown && feed_may_be_theirs(picture->path) ? THEIRS : THERE;
}

static void *
read_all(void *user)
{
    NineReader *reader = user;
    NineReading *reading = reader->reading;
    g_mutex_lock(&reader->mutex);
    for (gsize i = 0; i < reading->count && !reader->stop; i++) {
        g_mutex_unlock(&reader->mutex);
        State state = read_picture(reading, &reading->pictures[i]);
        g_mutex_lock(&reader->mutex);
        reader->state[i] = state;
        g_cond_broadcast(&reader->came);
    }
    reader->over = TRUE;
    g_mutex_unlock(&reader->mutex);
    return NULL;
}

NineReader *
nine_read_start(NineReading *reading)
{
    NineReader *reader = g_new0(NineReader, 1);
    reader->reading = reading;
    g_mutex_init(&reader->mutex);
    g_cond_init(&reader->came);
    reader->thread = g_thread_new("featurescope-nine", read_all, reader);
    return reader;
}

/* --- waiting --- */

typedef struct {
    const NineReading *reading;
    NinePicture *picture;
} Here;

/* On the main loop: by the editor's loaders. */
static void
open_here(void *data)
{
    const Here *here = data;
    NinePicture *picture = here->picture;
    g_clear_error(&picture->error);
    HostPixels *pixels = host_file_open(picture->path, &picture->error);
    if (pixels)
        take(here->reading, picture, pixels);
}

gboolean
nine_read_wait(NineReader *reader, gsize number, Work *work)
{
    State state = COMING;
    while (state == COMING) {
        if (!work_goes_on(work))
            return FALSE;
        gint64 end = g_get_monotonic_time() + WAIT;
        g_mutex_lock(&reader->mutex);
        while (reader->state[number] == COMING &&
               g_cond_wait_until(&reader->came, &reader->mutex, end))
            ;
        state = reader->state[number];
        g_mutex_unlock(&reader->mutex);
    }
    Here here = {reader->reading, &reader->reading->pictures[number]};
    return state == THERE || work_ask(work, open_here, &here);
}

void
nine_read_stop(NineReader *reader)
{
    g_mutex_lock(&reader->mutex);
    reader->stop = TRUE;
    g_mutex_unlock(&reader->mutex);
}

gboolean
nine_read_over(NineReader *reader)
{
    g_mutex_lock(&reader->mutex);
    gboolean over = reader->over;
    g_mutex_unlock(&reader->mutex);
    return over;
}

void
nine_read_end(NineReader *reader)
{
    if (!reader)
        return;
    nine_read_stop(reader);
    g_thread_join(reader->thread);
    NineReading *reading = reader->reading;
    for (gsize i = 0; i < reading->count; i++) {
        NinePicture *picture = &reading->pictures[i];
        unit_tiles_clear(&picture->tile, 1);
        seen_clear(&picture->seen);
        g_clear_error(&picture->error);
        g_free(picture->path);
    }
    g_mutex_clear(&reader->mutex);
    g_cond_clear(&reader->came);
    g_free(reader);
}
