/* SPDX-License-Identifier: GPL-3.0-or-later */
/* not_yet.h: cases that are known not to hold yet.
 *
 * A folder of cases may have a file not-yet.txt, a line for each case or each task of a
 * case that fails today, and why:
 *
 *     functions                functions of the file are not read
 *     softmax-pieces/occlude-1 ReduceMax is not supported
 *
 * Failed checks of these count as skipped. Once no check of an entry fails, or if there
 * is no such case, the entry itself is a failure: so the list can only shrink. */
#ifndef TEST_CASES_NOT_YET_H
#define TEST_CASES_NOT_YET_H

#include <glib.h>

typedef struct NotYet NotYet;

/* The list of a folder of cases, or NULL if it has none. */
NotYet *not_yet_read(const char *folder);
void not_yet_free(NotYet *list);

/* Notes one check, and is true if the list excuses it: it failed, and is listed. check
 * begins with the name of the task. */
gboolean not_yet_excuses(NotYet *list,
                         const char *name,
                         const char *check,
                         gboolean failed);

/* Prints a line for each entry whose case has run, and returns how many must go. all: all
 * cases of the folder have run. */
int not_yet_close(const NotYet *list, gboolean all);

#endif
