/* SPDX-License-Identifier: GPL-3.0-or-later */
/* schedule.h: in which order positions of a square are run, and which run together.
 *
 * Rows of positions that change boxes of about the same heights in every tensor are
 * alike, and so are columns: positions with the same alignment to the net's strides, but
 * near the edges. A class is alike rows by alike columns; the smaller ones of its boxes
 * are filled up with what did not change. Positions at which the square changes nothing
 * are in none. A batch is of one class. If the caller has a `cells` callback, a batch is
 * of one grid, too: cells come coarse to fine, first those of every 8th row and column,
 * then of every 4th, of every 2nd, all. Where that would begin with fewer than four rows
 * or columns, it begins with every 4th. Batches are smaller then. */
#ifndef DCN_OCCLUDE_SCHEDULE_H
#define DCN_OCCLUDE_SCHEDULE_H

#include "occlude/patch.h"

#define DCN_COARSEST 8

/* Lines (rows or columns) by the class they belong to. */
typedef struct {
    size_t n_classes;
    size_t *class_of; /* by line */
    size_t *members;  /* lines, class after class */
    size_t *first;    /* n_classes + 1: where each class begins in members */
} DcnLines;

/* A batch. */
typedef struct {
    const DcnPatchPlan *patches;
    const DcnPosition *positions;
    size_t n;
    size_t grid; /* the schedule's coarsest .. 1; the coarsest if all come in one */
} DcnTask;

typedef struct {
    DcnLines rows, columns;
    DcnPatchPlan **classes; /* rows.n_classes x columns.n_classes */
    DcnPosition *positions;
    bool coarse_first;
    size_t coarsest; /* grid: every how manyth row and column is run first */
    DcnTask *tasks;  /* coarse to fine, if so */
    size_t n_tasks, n_positions;
    size_t memory, scratch; /* bytes that the largest batch takes */
} DcnSchedule;

/* end: as for dcn_patch_plan_new(). batch: positions a task; 0: chosen. coarse_first: by
 * grids. On failure what was made is to be freed, too. */
bool dcn_schedule_new(const DcnPlan *plan,
                      int end,
                      const DcnSquares *squares,
                      size_t batch,
                      bool coarse_first,
                      DcnSchedule *schedule,
                      DcnError *error);

/* Sets needed of each value that some class reads of the base; by value of the plan. */
void dcn_schedule_needs(const DcnSchedule *schedule, bool *needed);

void dcn_schedule_free(DcnSchedule *schedule);

#endif
