/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd_lines.h: lines of planes as columns of matrix products, for kernels along one
 * axis. Inside winograd_lines*.c only. */
#ifndef DCN_OPS_CONV_WINOGRAD_LINES_H
#define DCN_OPS_CONV_WINOGRAD_LINES_H

#include "ops/conv/way.h"
#include "ops/conv/winograd_axis.h"
#include "ops/product/inner.h"

typedef struct {
    int along;      /* axis of the kernel */
    size_t taps;    /* of the kernel */
    size_t parts;   /* 1 or 2 */
    size_t outputs; /* of a tile */
    size_t rows;    /* of a product: channels x parts */
    size_t lines;   /* of an image */
} DcnLineSizes;

/* How lines are cut. */
typedef struct {
    size_t segments; /* of a line */
    size_t tiles;    /* of a segment */
    size_t columns;  /* segments of all images */
    size_t panels;
} DcnLineCut;

/* Rows of inputs of a segment, or of outputs, which are fewer. */
static inline size_t
dcn_lines_rows(const DcnLineSizes *s, const DcnLineCut *cut)
{
    return (cut->tiles + s->parts - 1) * s->outputs + DCN_POINTS - s->outputs;
}

typedef struct {
    const DcnConvRun *run;
    DcnLineSizes s;
    DcnLineCut cut;
} DcnLineRun;

/* Memory of a task. */
typedef struct {
    float *
        inputs; /* a matrix a point: panels x (tiles + parts - 1) x channels x DCN_COLUMNS */
    size_t input;    /* floats of a matrix */
    float *products; /* a matrix a point: maps x panels x tiles x DCN_COLUMNS */
    size_t product;
    float *lines; /* inputs or outputs of a panel's lines, DCN_COLUMNS floats a row */
    uint32_t *nonzero; /* lists of rows of each product: how many, then which */
    bool *zero;        /* of a panel: tiles x channels */
} DcnLineMemory;

/* The inputs of panel `panel`, which is number `index` of the task, transformed, and its
 * lists of rows that are not zero. */
void dcn_lines_read(const DcnLineRun *lines,
                    size_t panel,
                    size_t index,
                    const DcnLineMemory *memory);

/* Maps first .. end - 1 of it, from their products. panels: of the task. */
void dcn_lines_write(const DcnLineRun *lines,
                     size_t panel,
                     size_t index,
                     size_t panels,
                     size_t first,
                     size_t end,
                     const DcnLineMemory *memory);

#endif
