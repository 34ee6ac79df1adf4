/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whatif_piece.c: one question of the what-if window, answered in a thread beside it.
 * All but whatif_piece_free() runs in that thread. */
#include "gtk/windows/whatif_piece.h"

void
whatif_piece_free(void *request)
{
    WhatifPiece *piece = request;
    param_values_free(piece->values);
    whatif_cut_clear(&piece->cut);
    g_clear_pointer(&piece->layers, g_array_unref);
    g_free(piece->sentence);
    g_free(piece);
}

static void
outcome_free(void *news)
{
    WhatifOutcome *outcome = news;
    g_clear_error(&outcome->error);
    g_free(outcome->sentence);
    g_free(outcome->change);
    g_free(outcome->rgb);
    whatif_cut_clear(&outcome->cut);
    for (int i = 0; i < WHATIF_TOP; i++)
        g_free(outcome->label[i]);
    g_free(outcome);
}

static bool
go_on(double done, void *user)
{
    (void)done;
    return work_goes_on(user);
}

static gboolean
try_piece(const WhatifPiece *piece, const DcnProgress *progress, WhatifOutcome *outcome)
{
    Whatif *whatif = piece->whatif;
    const Region *region = &piece->cut.seen.region;
    GError **error = &outcome->error;
    switch (piece->kind) {
    case WHATIF_NOTHING:
        return TRUE;
    case WHATIF_SELECTION:
        outcome->rgb = g_new(float, 3 * (gsize)region->height * (gsize)region->width);
        return whatif_try_selection(whatif, &piece->cut, &piece->fill, outcome->rgb,
                                    error);
    case WHATIF_MAP:
        return whatif_try_map(whatif, &piece->cut, error);
    case WHATIF_LAYERS:
        return whatif_try_layers(whatif, piece->layers, &piece->cut, progress, error);
    }
    return FALSE;
}

static void
read_outcome(const WhatifPiece *piece, WhatifOutcome *outcome)
{
    const Whatif *whatif = piece->whatif;
    const WhatifAnswer *before = &whatif->before, *after = before;
    if (piece->kind == WHATIF_NOTHING) {
        outcome->sentence = g_strdup(piece->sentence);
    } else {
        outcome->sentence = whatif_sentence(whatif);
        outcome->change = whatif_change(whatif, whatif_told(whatif));
        after = &whatif_told(whatif)->answer;
    }
    gsize top[WHATIF_TOP];
    gsize count = whatif_pairs(before->probability, after->probability,
                               whatif->asker.classes, WHATIF_TOP, top);
    for (gsize i = 0; i < count; i++) {
        outcome->label[i] = labels_name(&whatif->labels, top[i]);
        outcome->before[i] = (double)before->probability[top[i]];
        outcome->after[i] =
            piece->kind == WHATIF_NOTHING ? -1 : (double)after->probability[top[i]];
    }
}

void
whatif_piece_run(Work *work, void *request)
{
    WhatifPiece *piece = request;
    WhatifOutcome *outcome = g_new0(WhatifOutcome, 1);
    DcnProgress progress = {go_on, work};
    if (whatif_begin(piece->whatif, piece->values, piece->cut.seen.input, &progress,
                     &outcome->error) &&
        try_piece(piece, &progress, outcome))
        read_outcome(piece, outcome);
    outcome->cut = piece->cut;
    piece->cut = (WhatifCut){0};
    work_send(work, piece->came, piece->user, outcome, outcome_free);
}
