/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whatif_network.c: tests of layers and maps switched off, against nets that mask
 * them. */
#include "plugin/fixture/whatif.h"

static void
a_map_that_is_off_is_a_net_that_masks_it(void)
{
    g_autofree char *model = whatif_whole_net();
    Photo photo = fixture_noise(8, 8);
    for (int map = 0; map < WHATIF_MAPS; map++) {
        float keep[WHATIF_MAPS] = {1, 1, 1, 1, 1, 1};
        keep[map] = 0;
        g_autofree char *other = whatif_masked_net(keep, 1, "masked");
        g_autofree char *which = g_strdup_printf("map=%d", map);
        Call plain = fixture_call(&procedure_classify, &photo, other, NULL);
        Call call = fixture_call(&procedure_whatif, &photo, model, "remove=map",
                                 "layer=r1", which, NULL);
        whatif_assert_same(&call, &plain);
        g_assert_cmpfloat(fixture_number(&call, ACTIVITIES, 0), ==, 0);
        g_assert_cmpint(call.results[MAP].i, ==, map);
        fixture_call_clear(&call);
        fixture_call_clear(&plain);
    }
    fixture_free(&photo);
}

static void
a_layer_that_is_off_gives_zeroes(void)
{
    static const float none[WHATIF_MAPS] = {0}, all[WHATIF_MAPS] = {1, 1, 1, 1, 1, 1};
    g_autofree char *model = whatif_whole_net();
    g_autofree char *without_r1 = whatif_masked_net(none, 1, "without-r1");
    g_autofree char *without_c2 = whatif_masked_net(all, 0, "without-c2");
    Photo photo = fixture_noise(8, 8);
    const char *others[2] = {without_r1, without_c2};
    const char *layers[2] = {"layers=r1", "layers=c2"};
    for (int i = 0; i < 2; i++) {
        Call plain = fixture_call(&procedure_classify, &photo, others[i], NULL);
        Call call = fixture_call(&procedure_whatif, &photo, model, "remove=layers",
                                 layers[i], "layer=sum", NULL);
        whatif_assert_same(&call, &plain);
        g_assert_cmpstr(call.results[REMOVED].texts[0], ==, layers[i] + 7);
        fixture_call_clear(&call);
        fixture_call_clear(&plain);
    }
    fixture_free(&photo);
}

static void
every_layer_before_the_score_takes_its_turn(void)
{
    static const char *const wanted[] = {"c1",  "r1", "maps", "c2",   "shares",
                                         "sum", "r2", "c3",   "mean", NULL};
    g_autofree char *model = whatif_whole_net();
    Photo photo = fixture_noise(8, 8);
    Call call = fixture_call(&procedure_whatif, &photo, model, "remove=layers",
                             "label=dog", NULL);
    char **removed = call.results[REMOVED].texts;
    guint count = g_strv_length(removed);
    for (guint i = 0; i < count; i++) {
        g_autofree char *one = g_strconcat("layers=", removed[i], NULL);
        g_assert_true(g_strv_contains(wanted, removed[i]));
        Call alone = fixture_call(&procedure_whatif, &photo, model, "remove=layers", one,
                                  "label=dog", NULL);
        g_assert_cmpfloat(fixture_number(&call, SCORES, i), ==,
                          fixture_number(&alone, SCORES, 0));
        g_assert_cmpfloat(fixture_number(&call, ACTIVITIES, i), ==,
                          fixture_number(&alone, ACTIVITIES, 0));
        fixture_call_clear(&alone);
    }
    g_assert_true(g_strv_contains((const char *const *)removed, "c1"));
    g_assert_true(g_strv_contains((const char *const *)removed, "sum"));
    g_assert_cmpuint(call.results[LABELS_AFTER].texts
                         ? g_strv_length(call.results[LABELS_AFTER].texts)
                         : 0,
                     ==, 3 * count);
    fixture_call_clear(&call);

    call = fixture_call(&procedure_whatif, &photo, model, "remove=layers",
                        "layers=r2; c2", NULL);
    g_assert_cmpuint(g_strv_length(call.results[REMOVED].texts), ==, 2);
    g_assert_cmpstr(call.results[REMOVED].texts[1], ==, "c2");
    fixture_call_clear(&call);
    fixture_free(&photo);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/whatif/map", a_map_that_is_off_is_a_net_that_masks_it);
    g_test_add_func("/whatif/layer", a_layer_that_is_off_gives_zeroes);
    g_test_add_func("/whatif/layers", every_layer_before_the_score_takes_its_turn);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
