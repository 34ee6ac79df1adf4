/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cells.c: tests that an occlusion's cells come coarse to fine, for good, until
 * it is enough, and that a stop or a refusal leaves nothing behind. */
#include "core/fixture/random_net.h"
#include <string.h>

static bool
stop_in_the_middle(double done, void *user)
{
    (void)user;
    return done < 0.4;
}

static void
a_stop_leaves_nothing_behind(void)
{
    NewModel *net = random_net(1, false);
    DcnError error = {0};
    DcnModel *model = new_model_open(net, &error);
    DcnContext *context = dcn_context_new(1, &error);
    DcnOcclusionMaps maps;
    g_autofree float *picture = g_new0(float, 3 * 29 * 33);
    g_autofree float *fill = g_new(float, 3 * 29 * 33);
    for (size_t i = 0; i < 3 * 29 * 33; i++)
        fill[i] = 1;
    DcnOcclusion options = {.size = 4,
                            .step = 2,
                            .fill = fill,
                            .layer = "watched",
                            .channel = -1,
                            .batch = 2};
    DcnProgress progress = {stop_in_the_middle, NULL};
    g_assert_false(
        dcn_occlude(model, context, &options, picture, &maps, &progress, &error));
    g_assert_cmpint(error.code, ==, DCN_CANCELLED);
    g_assert_null(maps.activity);
    options.step = 0;
    g_assert_false(dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
    g_assert_cmpint(error.code, ==, DCN_ERROR_VALUE);
    options.step = 2;
    options.layer = "watchd";
    g_assert_false(dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
    g_assert_nonnull(strstr(error.text, "watchd"));
    dcn_context_free(context);
    dcn_model_free(model);
    new_model_free(net);
}

typedef struct {
    const DcnOcclusionMaps *whole;
    size_t calls, known, stop_at;
    size_t grids[5]; /* calls that saw this grid */
} Watch;

/* Cells that are known have their last value, and only more of them come. */
static bool
watch(const DcnOcclusionMaps *maps, void *user)
{
    Watch *w = user;
    size_t known = 0;
    for (size_t i = 0; i < maps->rows * maps->columns; i++) {
        if (!maps->known[i])
            continue;
        known++;
        g_assert_cmpfloat(maps->activity[i], ==, w->whole->activity[i]);
        g_assert_cmpmem(maps->score + i * maps->classes, maps->classes * sizeof(float),
                        w->whole->score + i * maps->classes,
                        maps->classes * sizeof(float));
        g_assert_cmpuint(maps->best[i], ==, w->whole->best[i]);
    }
    g_assert_cmpuint(known, ==, maps->n_known);
    g_assert_cmpuint(known, >, w->known);
    for (size_t r = 0; r < maps->rows; r++)
        for (size_t c = 0; c < maps->columns; c++) {
            size_t cell = dcn_occlusion_cell(maps, r, c);
            if (maps->grid > 0 && r % maps->grid == 0 && c % maps->grid == 0)
                g_assert_true(maps->known[r * maps->columns + c]);
            g_assert_true(cell == SIZE_MAX || maps->known[cell]);
            if (maps->grid > 0) /* the map has no hole any more */
                g_assert_cmpuint(cell, !=, SIZE_MAX);
        }
    w->known = known;
    w->calls++;
    w->grids[maps->grid]++;
    return known < w->stop_at;
}

static bool
go_on(const DcnOcclusionMaps *maps, void *user)
{
    (void)user;
    return maps->n_known > 0;
}

static void
watch_cells_of(NewModel *net, size_t most_at_once)
{
    DcnError error = {0};
    DcnModel *model = new_model_open(net, &error);
    g_autofree float *picture = g_new(float, 3 * 29 * 33);
    for (int i = 0; i < 3 * 29 * 33; i++)
        picture[i] = (float)(i % 7) / 7;
    g_autofree float *fill = g_new0(float, 3 * 29 * 33);
    DcnOcclusion options = {.size = 4,
                            .step = 2,
                            .fill = fill,
                            .layer = "watched",
                            .channel = -1,
                            .batch = 2};
    for (int threads = 1; threads <= 3; threads++) {
        DcnContext *context = dcn_context_new(threads, &error);
        DcnOcclusionMaps whole, maps;
        options.cells = go_on; /* batches of the same size, so equal to the last bit */
        g_assert_true(
            dcn_occlude(model, context, &options, picture, &whole, NULL, &error));
        size_t cells = whole.rows * whole.columns;
        g_assert_cmpuint(whole.n_known, ==, cells);
        g_assert_cmpuint(whole.grid, ==, 1);

        Watch all = {.whole = &whole, .stop_at = SIZE_MAX};
        options.cells = watch;
        options.cells_user = &all;
        g_assert_true(
            dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
        g_assert_cmpuint(maps.n_known, ==, cells);
        g_assert_cmpmem(maps.activity, cells * sizeof(float), whole.activity,
                        cells * sizeof(float));
        if (threads == 1) { /* the caller computes every batch itself */
            g_assert_cmpint(all.grids[0] > 0, ==, most_at_once == 2);
            g_assert_cmpuint(all.grids[4], >, 0);
            g_assert_cmpuint(all.grids[2], >, 0);
        }
        dcn_occlusion_maps_free(&maps);

        Watch some = {.whole = &whole, .stop_at = cells / 4};
        options.cells_user = &some;
        g_assert_true(
            dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
        g_assert_cmpuint(maps.n_known, >=, some.known);
        if (threads == 1) {
            g_assert_cmpuint(maps.n_known, ==, some.known);
            g_assert_cmpuint(maps.n_known, <, cells / 4 + most_at_once);
        }
        for (size_t i = 0; i < cells; i++)
            g_assert_cmpfloat(maps.activity[i], ==,
                              maps.known[i] ? whole.activity[i] : 0);
        dcn_occlusion_maps_free(&maps);
        dcn_occlusion_maps_free(&whole);
        dcn_context_free(context);
    }
    dcn_model_free(model);
    new_model_free(net);
}

static void
cells_come_coarse_to_fine_until_it_is_enough(void)
{
    watch_cells_of(random_net(1, false), 2);
}

static void
cells_of_a_large_head_come_coarse_to_fine_too(void)
{
    watch_cells_of(net_with_a_large_head(false), 192);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/occlude_cells/a_stop_leaves_nothing_behind",
                    a_stop_leaves_nothing_behind);
    g_test_add_func("/occlude_cells/cells_come_coarse_to_fine_until_it_is_enough",
                    cells_come_coarse_to_fine_until_it_is_enough);
    g_test_add_func("/occlude_cells/cells_of_a_large_head_come_coarse_to_fine_too",
                    cells_of_a_large_head_come_coarse_to_fine_too);
    return g_test_run();
}
