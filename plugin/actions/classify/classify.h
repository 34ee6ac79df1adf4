/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classify.h: the most probable classes of a photo, as results and in words. */
#ifndef FEATURESCOPE_ACTIONS_CLASSIFY_CLASSIFY_H
#define FEATURESCOPE_ACTIONS_CLASSIFY_CLASSIFY_H

#include "actions/classify/answer.h"

extern const Procedure procedure_classify;

/* Fills the procedure's results. answers: of Answer, at least one. */
void classify_give(const GArray *answers, ResultValue *results);

/* "SqueezeNet 1.1 knows 1000 kinds …": what an answer is worth. g_free() */
char *classify_words(const Net *net, gsize classes);

/* A line for each answer, label and probability, to be pasted elsewhere. g_free() */
char *classify_text(const GArray *answers);

#endif
