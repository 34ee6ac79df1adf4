/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check.h: one photo, fed to a network in each of the common ways.
 *
 *     check_open() ---> rows ---> check_ask() each ---> answers side by side
 *
 * Only a person can tell which answers are right; so the network is fed as somebody chose,
 * by net_feed_as(). */
#ifndef FEATURESCOPE_ACTIONS_CHECK_CHECK_H
#define FEATURESCOPE_ACTIONS_CHECK_CHECK_H

#include "actions/classify/answer.h"
#include "probe/runner.h"

#define CHECK_TOP 5

typedef struct {
    const char *nick; /* of a convention; "other": fed so now, and none of the list */
    char *label;      /* whose convention it is, for people */
    char *fed;        /* "0…255, B G R, minus a mean" */
    DcnPreprocessing how;
    gboolean used;   /* the network is fed so now */
    GArray *answers; /* the CHECK_TOP most probable, of Answer; NULL: it was not asked */
} CheckRow;

typedef struct {
    const Net *net;
    DcnClassifier classifier;
    Labels labels;
    Runner runner;
    float *input, *probability;
    GPtrArray *rows; /* of CheckRow, the most common conventions first */
} Check;

/* Rows without answers. The check is zero after a failure. */
gboolean check_open(Check *check, Net *net, int threads, GError **error);
void check_close(Check *check);

/* Asks the network about a picture, height x width x 3, R'G'B', fed as the row says. In
 * any thread, one at a time. */
gboolean check_ask(Check *check,
                   CheckRow *row,
                   const float *rgb,
                   const DcnProgress *progress,
                   GError **error);

/* NULL: this network cannot be fed so. */
const CheckRow *check_find(const Check *check, const char *nick);

/* The row that is in use. */
const CheckRow *check_used(const Check *check);

/* The results of the procedure, of rows that were asked (action.c). used: a nick; card:
 * what was written, or NULL. */
void check_give(const Check *check,
                const char *used,
                const char *card,
                ResultValue *values);

#endif
