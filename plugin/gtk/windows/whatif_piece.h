/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whatif_piece.h: one question of the what-if window, answered in a thread beside it. */
#ifndef FEATURESCOPE_GTK_WINDOWS_WHATIF_PIECE_H
#define FEATURESCOPE_GTK_WINDOWS_WHATIF_PIECE_H

#include "actions/whatif/try.h"
#include "base/worker.h"

typedef enum { WHATIF_NOTHING, WHATIF_SELECTION, WHATIF_MAP, WHATIF_LAYERS } WhatifKind;

/* A question: the network that is asked, what is asked, and who is told. */
typedef struct {
    WhatifKind kind;
    Whatif *whatif;
    ParamValues *values;
    WhatifCut cut;
    WhatifFill fill;
    GArray *layers;
    char *sentence; /* said already if nothing is tried */
    /* On the main loop, with a WhatifOutcome that is freed afterwards. */
    void (*came)(void *user, void *outcome);
    void *user; /* not looked into */
} WhatifPiece;

/* What came of it. */
typedef struct {
    GError *error;
    char *sentence, *change; /* change: NULL if nothing was tried */
    float *rgb;              /* the filled picture, or NULL */
    WhatifCut cut;           /* what was asked about */
    char *label[WHATIF_TOP];
    double before[WHATIF_TOP], after[WHATIF_TOP];
} WhatifOutcome;

/* A worker's request: asks the network, sends what came of it. */
void whatif_piece_run(Work *work, void *piece);
void whatif_piece_free(void *piece);

#endif
