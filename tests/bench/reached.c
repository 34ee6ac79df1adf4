/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reached.c: how much of a net the squares of an occlusion reach.
 *
 *     reached MODEL [SIDE [SIZE 32 [STEP 8]]]
 *
 * Prints "gflop X naive Y reached Z positions N": multiplications and additions of one
 * forward run, of one for each position, and of what each square can change, by boxes.
 * Only steps with weights count. naive / reached is how often quicker than the naive way
 * an occlusion can be at the same rate. */
#include "plan/plan_private.h"
#include <stdio.h>
#include <stdlib.h>

/* Products of a step: outputs times what each sums up. 0: it has no weights. */
static double
products(const DcnPlan *plan, const PlanStep *step)
{
    if (!step->live || step->op->role != DCN_ROLE_WEIGHTED || step->n_in < 2)
        return 0;
    const PlanValue *w = &plan->values[step->in[1]], *y = &plan->values[step->out[0]];
    const DcnShape *shape = &w->shape;
    double each;
    if (step->op->weights.filters)
        each = (double)w->count / (double)shape->dim[0];
    else if (dcn_node_int(step->node, "transB", 0) != 0)
        each = (double)shape->dim[shape->rank - 1];
    else
        each = (double)shape->dim[shape->rank > 1 ? shape->rank - 2 : 0];
    return each * (double)y->count;
}

static double
part_of(const DcnBox *box, const DcnShape *shape)
{
    double part = 1;
    for (int i = 0; i < 3 && i + 1 < shape->rank; i++)
        part *= (double)(box->end[i] - box->begin[i]) / (double)shape->dim[i + 1];
    return part;
}

static double
reached_by(const DcnPlan *plan, const DcnBox *square, DcnBox *boxes)
{
    double sum = 0;
    if (!dcn_plan_boxes_ahead(plan, plan->inputs[0], square, boxes))
        return 0;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        double all = products(plan, step);
        if (all > 0)
            sum += all * part_of(&boxes[step->out[0]], &plan->values[step->out[0]].shape);
    }
    return sum;
}

int
main(int argc, char **argv)
{
    DcnError error = {0};
    int64_t side = argc > 2 ? atoi(argv[2]) : 0, size = argc > 3 ? atoi(argv[3]) : 32,
            step = argc > 4 ? atoi(argv[4]) : 8;
    DcnModel *model = argc > 1 ? dcn_model_open(argv[1], &error) : NULL;
    DcnPlanOptions options = {.height = (int)side,
                              .width = (int)side,
                              .passes_off = DCN_PASS_PACK | DCN_PASS_WINOGRAD};
    DcnPlan *plan = model ? dcn_plan_new(model, &options, &error) : NULL;
    if (!plan || size < 1 || step < 1) {
        fprintf(stderr, "reached: %s\n",
                plan || argc < 2 ? "MODEL [SIDE [SIZE [STEP]]]" : error.text);
        return 1;
    }
    const DcnShape *shape = &plan->values[plan->inputs[0]].shape;
    bool last = shape->dim[3] <= 4; /* channels behind the places */
    int64_t h = shape->dim[last ? 1 : 2], w = shape->dim[last ? 2 : 3];
    DcnBox *boxes = calloc(plan->n_values, sizeof *boxes);
    double one = 0, reached = 0, n = 0;
    for (size_t i = 0; i < plan->n_steps; i++)
        one += products(plan, &plan->steps[i]);
    for (int64_t y = step / 2; boxes && y < h + step / 2; y += step)
        for (int64_t x = step / 2; x < w + step / 2; x += step, n++) {
            DcnBox square = {{0, y - size / 2, x - size / 2},
                             {shape->dim[1], y - size / 2 + size, x - size / 2 + size}};
            if (last)
                square = (DcnBox){{y - size / 2, x - size / 2, 0},
                                  {y - size / 2 + size, x - size / 2 + size, 4}};
            reached += reached_by(plan, &square, boxes);
        }
    printf("gflop %.3f naive %.1f reached %.1f positions %.0f\n", 2e-9 * one,
           2e-9 * one * n, 2e-9 * reached, n);
    free(boxes);
    dcn_plan_free(plan);
    dcn_model_free(model);
    return 0;
}
