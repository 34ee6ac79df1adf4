/* SPDX-License-Identifier: GPL-3.0-or-later */
/* occlude_check.c: tells whether an occlusion of a large net is what whole runs give.
 *
 *     occlude_check MODEL [SIDE [SIZE [STEP]]]
 *
 * The twin runs the whole net at each position with all passes off. Prints the largest
 * differences, and fails where probabilities differ by more than 1e-4. Input: seeded
 * noise; SIDE 0: the file's. */
#include "core/fixture/plain_occlude.h"
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double
largest_difference(const float *a, const float *b, size_t count, double *largest)
{
    double most = *largest = 0;
    for (size_t i = 0; i < count; i++) {
        most = fmax(most, fabs((double)a[i] - (double)b[i]));
        *largest = fmax(*largest, fabs((double)b[i]));
    }
    return most;
}

static int
number(int argc, char **argv, int index, int fallback)
{
    return index < argc ? atoi(argv[index]) : fallback;
}

static void
add_noise(float *values, size_t count)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)g_rand_double_range(random, -1, 1);
}

int
main(int argc, char **argv)
{
    DcnError error = {0};
    DcnOcclusion options = {.size = number(argc, argv, 3, 32),
                            .step = number(argc, argv, 4, 56),
                            .height = number(argc, argv, 2, 0),
                            .width = number(argc, argv, 2, 0)};
    DcnPlanOptions survey = {.height = options.height,
                             .width = options.width,
                             .purpose = DCN_FOR_SURVEYS,
                             .passes_off = DCN_PASS_WINOGRAD | DCN_PASS_PACK};
    DcnContext *context = dcn_context_new(1, &error);
    DcnModel *model = context && argc > 1 ? dcn_model_open(argv[1], &error) : NULL;
    DcnPlan *plan = model ? dcn_plan_new(model, &survey, &error) : NULL;
    DcnOcclusionMaps ours = {0}, twin = {0};
    bool good = plan != NULL;
    if (good) {
        size_t count = dcn_shape_count(dcn_plan_shape(plan, dcn_plan_input(plan, 0)));
        g_autofree float *picture = g_new(float, count), *fill = g_new0(float, count);
        add_noise(picture, count);
        options.fill = fill;
        good = dcn_occlude(model, context, &options, picture, &ours, NULL, &error) &&
               plain_occlude(model, context, &options, picture, &twin, &error);
    }
    if (good) {
        size_t cells = ours.rows * ours.columns, values = cells * ours.classes;
        double largest, change,
            p = largest_difference(ours.probability, twin.probability, values, &largest),
            s = largest_difference(ours.score, twin.score, values, &change);
        printf("positions %zu probabilities %.2g of %.2g scores %.2g of %.2g\n", cells, p,
               largest, s, change);
        good = p <= 1e-4 && s <= 1e-4 * fmax(change, 1);
    } else {
        fprintf(stderr, "occlude_check: %s\n", error.text);
    }
    dcn_occlusion_maps_free(&ours);
    dcn_occlusion_maps_free(&twin);
    dcn_plan_free(plan);
    dcn_model_free(model);
    dcn_context_free(context);
    return good ? 0 : 1;
}
