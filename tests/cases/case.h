/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case.h: what the parts of the case runner share. */
#ifndef TEST_CASES_CASE_H
#define TEST_CASES_CASE_H

#include "dcn.h"
#include <glib.h>
#include <string.h>

typedef enum { PASSED, FAILED, SKIPPED } Verdict;

typedef struct {
    int counts[3];
    DcnContext *context;
    struct NotYet *not_yet; /* of the folder that is searched, or NULL */
} Report;

/* Reports one check. A failed one that is in the list of not_yet.h counts as skipped. */
void case_report(Report *report,
                 Verdict verdict,
                 const char *folder,
                 const char *check,
                 const char *text);

void case_run_own(Report *report, const char *folder);
void case_run_training(Report *report, const char *folder, GKeyFile *ini);
void case_run_backend(Report *report, const char *folder);

#endif
