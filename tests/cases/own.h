/* SPDX-License-Identifier: GPL-3.0-or-later */
/* own.h: one case of ours while its tasks run; tests/data/README.md defines the keys. */
#ifndef TEST_CASES_OWN_H
#define TEST_CASES_OWN_H

#include "cases/case.h"

typedef struct {
    Report *report;
    const char *folder;
    GKeyFile *ini;
    DcnModel *model;
    char *input_name;
    DcnShape shape; /* of the input, as its file has it */
    float *input;
    gsize n_input;
    gboolean nhwc;
    const char *task; /* the group of case.ini that runs */
    double rtol;
} Case;

/* Values of the task's group. */
char *case_text_of(const Case *c, const char *key);
gint64 case_int_of(const Case *c, const char *key);
double case_number_of(const Case *c, const char *key);

/* One check of the task, with its largest error on the scale of rtol. */
void case_say(const Case *c, gboolean good, const char *what, double error);

/* One check that failed for a reason in words. */
G_GNUC_PRINTF(2, 3) void case_fail(const Case *c, const char *format, ...);

/* One check: n_got numbers against the file that the key names, on the scale of the
 * largest that is expected; exact: they must be equal. */
void case_compare(const Case *c,
                  const char *what,
                  const char *key,
                  const float *got,
                  gsize n_got,
                  gboolean exact);
gboolean case_close_number(const Case *c, double got, double expected);

void case_run_occlude(const Case *c);

#endif
