/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whatif.h: a network's answers before and after something is removed. */
#ifndef FEATURESCOPE_ACTIONS_WHATIF_WHATIF_H
#define FEATURESCOPE_ACTIONS_WHATIF_WHATIF_H

#include "actions/whatif/ask.h"
#include "base/procedure.h"

extern const Procedure procedure_whatif;

/* Labels that are told. */
#define WHATIF_TOP 5

/* One thing that went away. */
typedef struct {
    char *removed; /* in words: "the selection", "fire9/concat" */
    WhatifAnswer answer;
} WhatifTrial;

/* Class and map are chosen on the whole picture, and followed. */
typedef struct {
    WhatifAsker asker;
    Labels labels;
    WhatifAnswer before;
    gsize class_index;
    char *label;
    gsize map;     /* of the asker's watched layer */
    GArray *after; /* of WhatifTrial */
} Whatif;

/* Opens the network for the parameters "model", "layer", "threads". Zero after a
 * failure. */
gboolean whatif_open(Whatif *whatif, const ParamValues *values, GError **error);
void whatif_close(Whatif *whatif);

/* Asks for the whole picture, and settles class and map by "label" and "map". Forgets
 * earlier trials. */
gboolean whatif_begin(Whatif *whatif,
                      const ParamValues *values,
                      const float *input,
                      const DcnProgress *progress,
                      GError **error);

/* Adds a trial; takes the answer. */
void whatif_add(Whatif *whatif, const char *removed, WhatifAnswer *answer);

/* The results of the procedure but for layers and image (whatif.c); takes the
 * sentence. */
void whatif_give(const Whatif *whatif, ResultValue *values, char *sentence);

/* --- in words (tell.c) --- */

/* Numbers of the most probable classes, at most `count`, the lower first among equals.
 * Returns how many. */
gsize whatif_top(const float *probability,
                 gsize classes,
                 gsize count,
                 gsize *class_index);

/* The same of those that are most probable before or after, ordered by before. */
gsize whatif_pairs(const float *before,
                   const float *after,
                   gsize classes,
                   gsize count,
                   gsize *class_index);

/* The trial that is told: the one that costs the class most. */
const WhatifTrial *whatif_told(const Whatif *whatif);

/* "P(tabby) 0.62 → 0.31". g_free(). */
char *whatif_change(const Whatif *whatif, const WhatifTrial *trial);

/* What came of it, in one sentence. g_free(). */
char *whatif_sentence(const Whatif *whatif);

/* A line for the whole picture, and one for each trial, as comma-separated values. */
gboolean whatif_save(const Whatif *whatif, const char *path, GError **error);

#endif
