/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/shelf.c: a few things by name. */

#include "gegl/shelf.h"

/* A projection and a heat map over one photo. Each may have hundreds of megabytes. */
#define PLACES 2

typedef struct {
    char *name;
    gpointer thing;
    GDestroyNotify destroy;
} Place;

static GMutex lock;
static GQueue places = G_QUEUE_INIT; /* the newest first */

static void
place_free(Place *place)
{
    if (!place)
        return;
    place->destroy(place->thing);
    g_free(place->name);
    g_free(place);
}

static int
has_another_name(const void *place, const void *name)
{
    return !g_str_equal(((const Place *)place)->name, name);
}

gpointer
shelf_take(const char *name)
{
    gpointer thing = NULL;
    g_mutex_lock(&lock);
    GList *link = g_queue_find_custom(&places, name, has_another_name);
    if (link) {
        Place *place = link->data;
        thing = place->thing;
        g_queue_delete_link(&places, link);
        g_free(place->name);
        g_free(place);
    }
    g_mutex_unlock(&lock);
    return thing;
}

void
shelf_put(char *name, gpointer thing, GDestroyNotify destroy)
{
    Place *place = g_new(Place, 1), *gone = NULL;
    *place = (Place){name, thing, destroy};
    g_mutex_lock(&lock);
    g_queue_push_head(&places, place);
    if (places.length > PLACES)
        gone = g_queue_pop_tail(&places);
    g_mutex_unlock(&lock);
    place_free(gone); /* which takes its time */
}

void
shelf_clear(void)
{
    Place *place;
    g_mutex_lock(&lock);
    while ((place = g_queue_pop_head(&places)))
        place_free(place);
    g_mutex_unlock(&lock);
}
