/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/shelf.c: a few things by name. */

#include "gegl/shelf.h"

/* A projection and a heat map over one photo. Each may have hundreds of megabytes. */
#define PLACES 2

typedef struct {
    char *name; /* NULL: nothing is here */
    gpointer thing;
    GDestroyNotify destroy;
} Place;

static GMutex lock;
static Place places[PLACES]; /* the newest first */

static void
place_clear(Place *place)
{
    if (place->name)
        place->destroy(place->thing);
    g_free(place->name);
    *place = (Place){0};
}

gpointer
shelf_take(const char *name)
{
    gpointer thing = NULL;
    g_mutex_lock(&lock);
    for (int i = 0; i < PLACES && !thing; i++)
        if (g_strcmp0(places[i].name, name) == 0) {
            thing = places[i].thing;
            g_clear_pointer(&places[i].name, g_free);
        }
    g_mutex_unlock(&lock);
    return thing;
}

/* The first place becomes free: what stands before the next free one, or before the last,
 * moves on by one. What has to go then; its destruction takes its time. */
static Place
make_room(void)
{
    int free = 0;
    while (free < PLACES - 1 && places[free].name)
        free++;
    Place gone = places[free];
    for (; free > 0; free--)
        places[free] = places[free - 1];
    return gone;
}

void
shelf_put(char *name, gpointer thing, GDestroyNotify destroy)
{
    g_mutex_lock(&lock);
    Place gone = make_room();
    places[0] = (Place){name, thing, destroy};
    g_mutex_unlock(&lock);
    place_clear(&gone);
}

void
shelf_clear(void)
{
    g_mutex_lock(&lock);
    for (int i = 0; i < PLACES; i++)
        place_clear(&places[i]);
    g_mutex_unlock(&lock);
}
