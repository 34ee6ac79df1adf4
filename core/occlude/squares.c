/* SPDX-License-Identifier: GPL-3.0-or-later */
/* squares.c: finds the boxes of all tensors that each row and each column of positions
 * can change. */
#include "base/error.h"
#include "base/shape.h"
#include "occlude/patch.h"
#include <stdlib.h>
#include <string.h>

void
dcn_square_covers(int64_t cell,
                  int64_t step,
                  int64_t size,
                  int64_t length,
                  int64_t *begin,
                  int64_t *end)
{
    int64_t first = cell * step + step / 2 - size / 2, last = first + size;
    *begin = first < 0 ? 0 : first > length ? length : first;
    *end = last < 0 ? 0 : last > length ? length : last;
}

/* axis: 0 .. 2 of a box */
static bool
walk_lines(const DcnPlan *plan,
           int axis,
           int64_t size,
           int64_t step,
           DcnBox **boxes,
           bool **outside,
           size_t *n,
           DcnError *error)
{
    int input = plan->inputs[0];
    DcnBox whole = dcn_shape_box(&plan->values[input].shape);
    int64_t length = whole.end[axis];
    *n = (size_t)((length + step - 1) / step);
    *boxes = calloc(*n * plan->n_values + 1, sizeof **boxes);
    *outside = calloc(*n + 1, sizeof **outside);
    if (!*boxes || !*outside)
        return dcn_fail_memory(error, "the occlusion maps",
                               *n * plan->n_values * sizeof **boxes);
    for (size_t i = 0; i < *n; i++) {
        DcnBox box = whole;
        dcn_square_covers((int64_t)i, step, size, length, &box.begin[axis],
                          &box.end[axis]);
        if (box.begin[axis] ==
            box.end[axis]) { /* outside: nothing changes, but a box needs a place */
            box.begin[axis] = box.begin[axis] == length ? length - 1 : box.begin[axis];
            box.end[axis] = box.begin[axis] + 1;
            (*outside)[i] = true;
        }
        if (!dcn_plan_boxes_ahead(plan, input, &box, *boxes + i * plan->n_values))
            return dcn_fail_memory(error, "the occlusion maps",
                                   plan->n_values * sizeof **boxes);
    }
    return true;
}

bool
dcn_squares_new(const DcnPlan *plan,
                bool nhwc,
                int64_t size,
                int64_t step,
                DcnSquares *squares,
                DcnError *error)
{
    *squares = (DcnSquares){0};
    int y_axis = nhwc ? 0 : 1;
    if (!walk_lines(plan, y_axis, size, step, &squares->rows, &squares->outside_rows,
                    &squares->n_rows, error) ||
        !walk_lines(plan, y_axis + 1, size, step, &squares->columns,
                    &squares->outside_columns, &squares->n_columns, error))
        return false;
    size_t cells = squares->n_rows * squares->n_columns;
    squares->idle = calloc(cells + 1, sizeof *squares->idle);
    return squares->idle || dcn_fail_memory(error, "the occlusion maps", cells);
}

DcnBox
dcn_squares_box(
    const DcnSquares *squares, size_t n_values, size_t row, size_t column, size_t value)
{
    const DcnBox *a = &squares->rows[row * n_values + value],
                 *b = &squares->columns[column * n_values + value];
    DcnBox box;
    for (int axis = 0; axis < 3; axis++) {
        box.begin[axis] =
            a->begin[axis] > b->begin[axis] ? a->begin[axis] : b->begin[axis];
        box.end[axis] = a->end[axis] < b->end[axis] ? a->end[axis] : b->end[axis];
    }
    return box;
}

/* True if two pictures are the same, bit by bit, inside of a box. */
static bool
same_inside(const DcnBox *box,
            const DcnBox *whole,
            const float *picture,
            const float *fill)
{
    size_t bytes = (size_t)(box->end[2] - box->begin[2]) * sizeof(float);
    for (int64_t c = box->begin[0]; c < box->end[0]; c++)
        for (int64_t y = box->begin[1]; y < box->end[1]; y++) {
            int64_t at = (c * whole->end[1] + y) * whole->end[2] + box->begin[2];
            if (memcmp(picture + at, fill + at, bytes) != 0)
                return false;
        }
    return true;
}

void
dcn_squares_find_idle(const DcnPlan *plan,
                      const float *picture,
                      const float *fill,
                      DcnSquares *squares)
{
    size_t input = (size_t)plan->inputs[0], n = plan->n_values;
    DcnBox whole = dcn_shape_box(&plan->values[input].shape);
    for (size_t r = 0; r < squares->n_rows; r++)
        for (size_t c = 0; c < squares->n_columns; c++) {
            DcnBox box = dcn_squares_box(squares, n, r, c, input);
            squares->idle[r * squares->n_columns + c] =
                squares->outside_rows[r] || squares->outside_columns[c] ||
                same_inside(&box, &whole, picture, fill);
        }
}

void
dcn_squares_free(DcnSquares *squares)
{
    free(squares->rows);
    free(squares->columns);
    free(squares->outside_rows);
    free(squares->outside_columns);
    free(squares->idle);
    *squares = (DcnSquares){0};
}
