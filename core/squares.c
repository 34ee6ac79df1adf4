/* squares.c: which boxes of all tensors each row and each column of positions can change.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "error.h"
#include "patch.h"
#include "shape.h"
#include <stdlib.h>

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
    return walk_lines(plan, y_axis, size, step, &squares->rows, &squares->outside_rows,
                      &squares->n_rows, error) &&
           walk_lines(plan, y_axis + 1, size, step, &squares->columns,
                      &squares->outside_columns, &squares->n_columns, error);
}

void
dcn_squares_free(DcnSquares *squares)
{
    free(squares->rows);
    free(squares->columns);
    free(squares->outside_rows);
    free(squares->outside_columns);
    *squares = (DcnSquares){0};
}
