/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words_private.h: what the readers of words.c and words_json.c share. */
#ifndef FEATURESCOPE_NET_WORDS_PRIVATE_H
#define FEATURESCOPE_NET_WORDS_PRIVATE_H

#include "net/words.h"

/* Beyond it a number is a mistake. */
#define WORDS_LARGEST_NUMBER 1e6

/* A list of numbers; none if anything else was in it. */
typedef struct {
    int count;
    double values[4];
} Numbers;

/* Mean and deviation: one number for all channels, or one for each. range: what white is
 * before they are applied; 0: 1, or 255 where they say so. FALSE: they cannot be that. */
gboolean words_take_statistics(Words *words,
                               const Numbers *mean,
                               const Numbers *std,
                               double range);

/* The first that says them is believed. */
void words_take_size(Words *words, double height, double width);
void words_said_by(Words *words, const char *source);

/* A list of names as names_parse() reads it; NULL: none. said_in: a literal. */
void words_add_names(Words *words, const char *text, const char *said_in);

/* words_json.c: preprocessor_config.json and config.json in a folder. */
void words_read_json(Words *words, const char *folder);

#endif
