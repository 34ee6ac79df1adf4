/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.h: lists of class names as programs write them into metadata and JSON files. */
#ifndef FEATURESCOPE_NET_NAMES_H
#define FEATURESCOPE_NET_NAMES_H

#include "net/labels.h"

/* A list in the notation of Python or JSON: {0: 'tench', 1: "goldfish"}, {"0": "tench"},
 * ["tench", "goldfish"]. Keys may come in any order and leave gaps, which become empty
 * names. FALSE, and labels stay empty, if the text is none of these. labels_clear(). */
gboolean names_parse(Labels *labels, const char *text);

/* Takes what trainers put before the names of a list: WordNet numbers ("n01440764 tench")
 * and, where every line has its own, the number of the class ("0 tench"). */
void names_tidy(Labels *labels);

#endif
