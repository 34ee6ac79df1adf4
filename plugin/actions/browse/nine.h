/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nine.h: the nine pictures of a folder that excite a map most, in the browser.
 *
 * They come from an index of The Strongest Nine (actions/top/index.h) of the model, the
 * layer and the fit; of several the one used last is taken. Without one a pass over a
 * folder makes it, beside everything else. As in engine.h, the calls start work and
 * return at once. */
#ifndef FEATURESCOPE_ACTIONS_BROWSE_NINE_H
#define FEATURESCOPE_ACTIONS_BROWSE_NINE_H

#include "actions/browse/engine.h"
#include "actions/top/index.h"

/* A picture, and its unit that the map is strongest at. */
typedef struct {
    char *path, *name; /* absolute; below the folder, to be read */
    double value;
    int width, height;                     /* of the picture, upright; 0: not read yet */
    GeglRectangle patch;                   /* what the unit sees, in pixels of that */
    cairo_surface_t *projection, *picture; /* of the patch; NULL: not yet */
    char *problem;                         /* why it cannot be shown; or NULL */
} BrowsePair;

typedef struct {
    char *tensor; /* of the layer */
    gsize map;
    Fit fit;
    DcnMethod method;
    char *folder;              /* NULL: there is no index that fits */
    gsize images, files, left; /* pictures and files of it; files not looked at yet */
    char *remark; /* a sentence on an index that does not fit any more; or NULL */
    gsize count;  /* 0: there is none, or the map is of no picture */
    BrowsePair pairs[TOP_BEST];
} BrowseNine;

/* The nine of a map of the open layer. BROWSE_NINE comes at once with what the index
 * says, then with each picture. */
void browse_ask_nine(Browse *browse, gsize map, Fit fit, DcnMethod method);

/* Of the map that was asked for last; NULL: nothing of the open layer has come. */
const BrowseNine *browse_nine(const Browse *browse);

/* --- a pass over a folder --- */

typedef struct {
    char *folder, *shown; /* of the layer */
    double done;          /* 0 to 1 */
    gboolean over;
} BrowsePass;

/* Makes the index of the open layer, or goes on with it. */
void browse_find_nine(Browse *browse, const char *folder, Fit fit);

/* Stops; what is found stays, and the next pass goes on there. */
void browse_stop_finding(Browse *browse);

/* NULL: none was begun, or it was stopped. */
const BrowsePass *browse_pass(const Browse *browse);

#endif
