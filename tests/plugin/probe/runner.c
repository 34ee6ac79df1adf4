/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runner.c: tests of parts of a network: batches, starts in the middle, refusals. */
#include "probe/runner.h"
#include "plugin/fixture/whatif.h"
#include <math.h>
#include <string.h>

#define SIDE 8
#define COUNT (3 * SIDE * SIDE)

/* Two pictures of seeded noise, 0 to 1. */
static void
draw(float pictures[2][COUNT])
{
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    for (int i = 0; i < 2 * COUNT; i++)
        pictures[i / COUNT][i % COUNT] = (float)g_rand_double(random);
}

static Net *
open_whole(void)
{
    g_autofree char *argument = whatif_whole_net();
    Net *net = net_open(argument + strlen("model="), NULL);
    g_assert_nonnull(net);
    return net;
}

static gsize
count_of(const Runner *runner, int target)
{
    return dcn_shape_count(dcn_plan_shape(runner->plan, runner->tensor[target]));
}

static void
a_batch_gives_what_single_runs_give(void)
{
    float pictures[2][COUNT];
    Runner one, two;
    Net *net = open_whole();
    draw(pictures);
    RunnerPart part = {.targets = {"r1", "score"}, .threads = 1};
    g_assert_true(runner_open(&one, net, &part, NULL));
    part.batch = 2;
    part.purpose = RUNNER_MANY;
    g_assert_true(runner_open(&two, net, &part, NULL));
    for (gsize run = 0; run < 2; run++) { /* inputs do not outlive a run */
        for (gsize i = 0; i < 2; i++)
            runner_put(&two, i, pictures[i]);
        g_assert_true(runner_run(&two, NULL, NULL));
    }
    for (gsize i = 0; i < 2; i++) {
        runner_put(&one, 0, pictures[i]);
        g_assert_true(runner_run(&one, NULL, NULL));
        for (int k = 0; k < 2; k++)
            for (gsize j = 0; j < count_of(&one, k); j++)
                g_assert_cmpfloat_with_epsilon(runner_values(&one, k, 0)[j],
                                               runner_values(&two, k, i)[j], 1e-5);
    }
    g_assert_cmpfloat(runner_values(&two, 1, 0)[0], !=, runner_values(&two, 1, 1)[0]);
    runner_close(&one);
    runner_close(&two);
}

/* An addition leads around c2, so the rest behind it needs the picture too. */
static void
the_rest_behind_a_tensor_is_the_rest_of_the_whole(void)
{
    float pictures[2][COUNT];
    Runner whole, rest;
    Net *net = open_whole();
    draw(pictures);
    RunnerPart part = {.targets = {"score", "c2"}, .threads = 1};
    g_assert_true(runner_open(&whole, net, &part, NULL));
    part = (RunnerPart){.targets = {"score"},
                        .batch = 2,
                        .start = "c2",
                        .picture = pictures[0],
                        .context = whole.context};
    g_assert_true(runner_open(&rest, net, &part, NULL));
    for (gsize i = 0; i < 2; i++) {
        runner_put(&whole, 0, pictures[i]);
        g_assert_true(runner_run(&whole, NULL, NULL));
        runner_picture(&rest, pictures[i]);
        g_assert_nonnull(rest.picture);
        runner_put(&rest, 0, runner_values(&whole, 1, 0));
        runner_put(&rest, 1, NULL);
        g_assert_true(runner_run(&rest, NULL, NULL));
        gboolean same = TRUE;
        for (gsize j = 0; j < count_of(&whole, 0); j++) {
            float expected = runner_values(&whole, 0, 0)[j];
            g_assert_cmpfloat_with_epsilon(runner_values(&rest, 0, 0)[j], expected, 1e-5);
            same = same && runner_values(&rest, 0, 1)[j] == expected;
        }
        g_assert_false(same); /* zeroes are something else */
    }
    runner_close(&rest);
    runner_close(&whole);
}

static void
a_projection_needs_its_purpose_only(void)
{
    float pictures[2][COUNT], signal[COUNT], sum = 0;
    Runner runner;
    DcnError core = {0};
    draw(pictures);
    RunnerPart part = {.targets = {"r1"}, .purpose = RUNNER_PROJECT, .threads = 1};
    g_assert_true(runner_open(&runner, open_whole(), &part, NULL));
    runner_put(&runner, 0, pictures[0]);
    g_assert_true(runner_run(&runner, NULL, NULL));
    DcnSeed seed = {.tensor = runner.tensor[0], .whole_map = true};
    dcn_strongest(runner.session, runner.tensor[0], 0, 1, &seed.unit);
    g_assert_true(dcn_project(runner.session, &seed, DCN_DECONVNET, signal, NULL, &core));
    for (int i = 0; i < COUNT; i++)
        sum += fabsf(signal[i]);
    g_assert_cmpfloat(sum, >, 0);
    runner_close(&runner);
}

static void
what_is_not_there_is_refused_by_name(void)
{
    static const RunnerPart parts[] = {{.targets = {"scroe"}},
                                       {.targets = {"score"}, .start = "r11"}};
    static const char *const names[] = {"scroe", "r11"};
    Net *net = open_whole();
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        Runner runner;
        g_autoptr(GError) error = NULL;
        g_assert_false(runner_open(&runner, net, &parts[i], &error));
        g_assert_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, names[i]));
        runner_close(&runner); /* of nothing */
    }
}

static void
maps_are_checked_in_one_place(void)
{
    Runner runner;
    DcnMaps maps;
    g_autoptr(GError) error = NULL;
    RunnerPart part = {.targets = {"r1", "score"}, .threads = 1};
    g_assert_true(runner_open(&runner, open_whole(), &part, NULL));
    g_assert_true(net_maps(runner.plan, runner.tensor[0], "r1", &maps, NULL));
    g_assert_cmpuint(maps.maps, ==, WHATIF_MAPS);
    g_assert_cmpuint(maps.height * maps.width, >, 1);
    g_assert_true(net_maps(runner.plan, runner.tensor[1], "score", &maps, NULL));
    g_assert_cmpuint(maps.height * maps.width, ==, 1);
    g_assert_true(net_check_map(-1, 3, "r1", NULL));
    g_assert_true(net_check_map(2, 3, "r1", NULL));
    g_assert_false(net_check_map(3, 3, "r1", &error));
    g_assert_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "r1"));
    runner_close(&runner);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/a_batch_gives_what_single_runs_give",
                    a_batch_gives_what_single_runs_give);
    g_test_add_func("/the_rest_behind_a_tensor_is_the_rest_of_the_whole",
                    the_rest_behind_a_tensor_is_the_rest_of_the_whole);
    g_test_add_func("/a_projection_needs_its_purpose_only",
                    a_projection_needs_its_purpose_only);
    g_test_add_func("/what_is_not_there_is_refused_by_name",
                    what_is_not_there_is_refused_by_name);
    g_test_add_func("/maps_are_checked_in_one_place", maps_are_checked_in_one_place);
    int result = g_test_run();
    fixture_end();
    return result;
}
