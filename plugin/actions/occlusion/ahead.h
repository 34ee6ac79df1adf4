/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ahead.h: the maps that an occlusion would make, as pictures for a dialog, computed beside
 * its main loop.
 *
 * It uses no toolkit. They are made by the steps of the action itself, coarse to fine. */
#ifndef FEATURESCOPE_ACTIONS_OCCLUSION_AHEAD_H
#define FEATURESCOPE_ACTIONS_OCCLUSION_AHEAD_H

#include "base/procedure.h"
#include <cairo.h>

/* Of more labels no map is shown. */
#define AHEAD_MOST 4

typedef struct {
    char *name;   /* "P(tabby) 0.78 → 0.42…0.90" */
    char *title;  /* short: "P(tabby)" */
    char *remark; /* why it shows nothing; NULL: it does, or is not finished */
    cairo_surface_t *picture; /* of what the network sees, at its size */
    double opacity;           /* over the photo */
} AheadMap;

typedef struct Ahead Ahead;

/* changed is called on the main loop when there are more maps, finer ones, or an error. */
Ahead *ahead_new(void (*changed)(void *user), void *user);
void ahead_free(Ahead *ahead); /* NULL is accepted */

/* Begins anew with the run's values; what was there goes. FALSE: a value is wrong. */
gboolean ahead_ask(Ahead *ahead, const Run *run, GError **error);

/* Of AheadMap, in the order of the paper's figure: activity, projection, probabilities,
 * class map. NULL: none yet. */
const GPtrArray *ahead_maps(const Ahead *ahead);

/* Why none come; or NULL. */
const char *ahead_error(const Ahead *ahead);

/* TRUE while finer ones are to come. */
gboolean ahead_works(const Ahead *ahead);

/* What the network sees. The caller destroys it; NULL before ahead_ask(). */
cairo_surface_t *ahead_photo(const Ahead *ahead);

#endif
