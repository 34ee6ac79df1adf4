/* occlude.c: tests that occlusion by patches is what whole runs give, on nets made for
 * it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The twin (plain_occlude.c) runs the whole net at every position. Nets: drawn at random
 * from all operators that occur in pictures' nets, with seeds; squares that hang over
 * edges; any fill and step. Real nets: occlude_nets.c.
 */
#include "plain_occlude.h"
#include "random_net.h"

static void
random_nets_agree_with_whole_runs(void)
{
    static const int64_t squares[][2] = {{8, 4},   {1, 9}, {5, 3},
                                         {40, 11}, {3, 7}, {7, 30}};
    size_t count = 3 * 29 * 33, tried = 0;
    g_autofree float *picture = g_new(float, count), *fill = g_new(float, count);
    for (guint32 seed = 0; seed < 60; seed++) {
        bool nhwc = seed % 7 == 6;
        NewModel *net = random_net(seed, nhwc);
        DcnError error = {0};
        DcnModel *model = new_model_open(net, &error);
        DcnPlan *plan = model ? dcn_plan_new(model, NULL, &error) : NULL;
        if (plan) { /* a net whose pools became too small is no net */
            g_autoptr(GRand) random = g_rand_new_with_seed(seed);
            for (size_t i = 0; i < count; i++) {
                picture[i] = (float)g_rand_double_range(random, -1, 1);
                fill[i] = seed % 2 ? 0 : (float)g_rand_double_range(random, -1, 1);
            }
            const int64_t *square = squares[seed % G_N_ELEMENTS(squares)];
            DcnOcclusion options = {.size = square[0],
                                    .step = square[1],
                                    .fill = fill,
                                    .layer = "watched",
                                    .channel = -1,
                                    .batch = seed % 3 ? 0 : 3};
            g_autofree char *what = g_strdup_printf("net %u", seed);
            expect_plain_occlusion(model, &options, picture, what);
            tried++;
        } else {
            g_test_message("net %u: %s", seed, error.text);
        }
        dcn_plan_free(plan);
        dcn_model_free(model);
        new_model_free(net);
    }
    g_assert_cmpuint(tried, >, 45);
}

static void
large_heads_agree_with_whole_runs(void)
{
    size_t count = 3 * 29 * 33;
    g_autofree float *picture = g_new(float, count), *fill = g_new0(float, count);
    g_autoptr(GRand) random = g_rand_new_with_seed(9);
    for (size_t i = 0; i < count; i++)
        picture[i] = (float)g_rand_double_range(random, -0.1, 0.1);
    for (int bypass = 0; bypass < 2; bypass++) {
        NewModel *net = net_with_a_large_head(bypass);
        DcnError error = {0};
        DcnModel *model = new_model_open(net, &error);
        g_assert_nonnull(model);
        DcnOcclusion options = {
            .size = 5, .step = 2, .fill = fill, .layer = "watched", .channel = -1};
        expect_plain_occlusion(model, &options, picture, bypass ? "bypass" : "head");
        options.step = 7; /* some squares lie outside */
        options.size = 1;
        expect_plain_occlusion(model, &options, picture, bypass ? "bypass" : "head");
        dcn_model_free(model);
        new_model_free(net);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/occlude/random_nets_agree_with_whole_runs",
                    random_nets_agree_with_whole_runs);
    g_test_add_func("/occlude/large_heads_agree_with_whole_runs",
                    large_heads_agree_with_whole_runs);
    return g_test_run();
}
