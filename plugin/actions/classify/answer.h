/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.h: the classes that a network finds most probable for a photo. */
#ifndef FEATURESCOPE_ACTIONS_CLASSIFY_ANSWER_H
#define FEATURESCOPE_ACTIONS_CLASSIFY_ANSWER_H

#include "net/net.h"
#include "photo/seen.h"

typedef struct {
    gsize class_index;
    char *label;
    double probability;
} Answer;

/* The most probable of all classes, at most `count` (the lower class first among equals).
 * An array of Answer that frees its labels. */
GArray *answer_best(const Labels *labels,
                    const float *probability,
                    gsize classes,
                    gsize count);

/* The same for a list of labels: what a script may write for each, and what a person reads,
 * "tabby  62 %". Ended by NULL; g_strfreev() both. */
void answer_first(const Labels *labels,
                  const float *probability,
                  gsize classes,
                  gsize count,
                  char ***keys,
                  char ***names);

/* The same of one picture; NULL with an error. */
GArray *answer(Net *net, const Seen *seen, gsize count, int threads, GError **error);

#endif
