/* SPDX-License-Identifier: GPL-3.0-or-later */
/* private.h: what the files behind engine.h share. */
#ifndef FEATURESCOPE_ACTIONS_BROWSE_PRIVATE_H
#define FEATURESCOPE_ACTIONS_BROWSE_PRIVATE_H

#include "actions/browse/nine.h"
#include "base/worker.h"

/* Lanes of the worker. */
enum { LANE_CHOICE, LANE_NINE, LANE_OPEN, LANE_ANSWER, LANE_OCCLUDE, LANE_PASS };

typedef struct NineIndex NineIndex; /* nine.c: the index that is open, and a probe */

struct Browse {
    /* Constant. */
    Net *net;
    Seen seen;
    int threads;
    void (*changed)(void *user, BrowseNews news);
    void *user;
    Worker *worker;

    /* Of the main loop. */
    char *error;
    BrowseMaps *maps;
    gboolean opening; /* a layer was asked for and its maps have not come */
    gboolean wishing; /* choice waits for them */
    BrowseChoice choice;
    BrowseView *view;
    BrowseHeat *heat;
    gboolean occluding;
    gint64 evidence_class; /* that is asked for; -1: the predicted one */
    GQueue nines;          /* of BrowseNine, the one that is shown first */
    gboolean nine_shown;
    BrowsePass *pass;
    float *answer; /* of each class; NULL: not yet */

    /* Of the thread. */
    Probe probe;
    gboolean ready; /* the probe has run */
    FieldSize field;
    double *evidence;   /* of the probe's maps; NULL: not computed */
    gint64 evidence_of; /* this class */
    NineIndex *nine;    /* NULL: nobody asked yet */
};

/* Tells of a failure, in the thread; frees the error. Being stopped is no failure. */
void browse_fail(Browse *browse, Work *work, GError *error);

/* The same on the main loop. */
void browse_fail_now(Browse *browse, GError *error);

/* Tells the window of news, and forgets the last failure unless the news are one. */
void browse_tell(Browse *browse, BrowseNews news);

void browse_maps_free(void *maps);
void browse_view_free(void *view);
void browse_heat_free(void *heat);

/* Of the thread, once that is over, and of the main loop. */
void browse_nine_index_free(NineIndex *index); /* NULL is accepted */
void browse_nine_clear(Browse *browse);
void browse_pass_free(void *pass); /* NULL is accepted */

/* Posts browse->choice. */
void browse_post_choice(Browse *browse);

/* Progress for the core's functions; both are false once the work shall stop. The first
 * one also lets requests of earlier lanes run in between. */
bool browse_goes_on(double done, void *work);
bool browse_not_stopped(double done, void *work);

/* --- painting --- */

/* Thumbnails. values: height x width. */
cairo_surface_t *browse_thumb_map(const float *values, gsize height, gsize width);
cairo_surface_t *browse_thumb_signal(const Probe *probe,
                                     FieldSize size,
                                     const DcnUnit *unit,
                                     const float *signal);

#endif
