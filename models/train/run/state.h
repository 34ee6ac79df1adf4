/* SPDX-License-Identifier: GPL-3.0-or-later */
/* state.h: everything that is needed to resume a training with the same result.
 *
 * A file of this machine: a text of keys, then the numbers of all parameters as they lie
 * in memory (weights, velocities, averages), then the SHA-256 of all that. It is written
 * beside its name and renamed, so that the one before stays until the new one is
 * whole. */
#ifndef TRAIN_RUN_STATE_H
#define TRAIN_RUN_STATE_H

#include "run/average.h"

/* What must be the same when a training goes on. */
typedef struct {
    const char *recipe;         /* its text */
    const char *const *classes; /* ended by NULL */
    const char *images;         /* a hash of the list that is learned from */
    guint64 seed;
} Identity;

gboolean state_write(const char *path,
                     const Identity *identity,
                     gsize epochs,
                     DcnTrainer *trainer,
                     const Average *average,
                     GError **error);

/* epochs: receives how many are done. Fails with a sentence that says what differs. */
gboolean state_read(const char *path,
                    const Identity *identity,
                    gsize *epochs,
                    DcnTrainer *trainer,
                    Average *average,
                    GError **error);

#endif
