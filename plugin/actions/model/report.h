/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h: the report on a model: what is known of it, and the text that grows.
 *
 * Whatever is missing is NULL, and every section tells what it can without. The text is
 * plain: titles, and below them rows of cells in columns, the last one as long as it
 * likes. Names come from the file, so cells are cleaned before they are written. */
#ifndef FEATURESCOPE_ACTIONS_MODEL_REPORT_H
#define FEATURESCOPE_ACTIONS_MODEL_REPORT_H

#include "net/net.h"

typedef struct {
    const char *path;
    DcnOutline *outline; /* always there */
    Net *net;            /* NULL: `problem` says why it cannot be used */
    GError *problem;
    const DcnModel *model;
    const DcnPlan *survey;
    DcnModel *own_model; /* where there is no net */
    DcnPlan *own_survey;
    DcnError no_plan; /* why there is a model, but no survey of it without a net */

    GString *text;
    GPtrArray *rows; /* of the section that is open; char ** each */
} Report;

/* Opens all that can be opened. Fails only if the file is not ONNX. path: of an existing
 * file. */
gboolean report_open(Report *report, const char *path, GError **error);
void report_close(Report *report);

/* Begins a section. */
void report_title(Report *report, const char *title);

/* A row of its table: texts, NULL-ended. */
void report_row(Report *report, const char *first, ...) G_GNUC_NULL_TERMINATED;

/* A row of two cells, the second one formatted. */
void report_say(Report *report, const char *label, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* The whole text without folders of this machine; g_free(). */
char *report_finish(Report *report);

/* "1.23 MB". g_free(). */
char *report_bytes(guint64 bytes);

/* "11,689,512". g_free(). */
char *report_count(guint64 count);

/* --- the sections --- */

void report_file(Report *report);    /* file.c */
void report_picture(Report *report); /* picture.c: input, answer, labels */
void report_layers(Report *report);  /* layers.c: layers, rules, what is unsupported */
void report_time(Report *report, int threads); /* time.c */

#endif
