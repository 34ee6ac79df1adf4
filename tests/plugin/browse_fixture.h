/* browse_fixture.h: a browser, and what it has told.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BROWSE_FIXTURE_H
#define BROWSE_FIXTURE_H

#include "browse.h"

#define SCENE_PATIENCE (20 * G_USEC_PER_SEC)

/* A browser on a picture, and the same run by hand. */
typedef struct {
    Net *net;
    Look look;
    Browse *browse;
    int came[BROWSE_ERROR + 1]; /* news of each kind */
    Probe probe;                /* zero without */
} Scene;

/* For browse_new(), with the scene. */
void scene_changed(void *user, BrowseNews news);

/* Lets the main loop run until there were so many news of a kind. */
void scene_wait(Scene *scene, BrowseNews news, int count);

#endif
