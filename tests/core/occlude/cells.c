/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cells.c: tests that an occlusion's cells come coarse to fine and do not change any
 * more, that the caller can end it early, and that after a stop or a refusal no maps are
 * left. */
#include "check.h"
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
    CHECK(!dcn_occlude(model, context, &options, picture, &maps, &progress, &error));
    CHECK_INT(error.code, DCN_CANCELLED);
    CHECK(!maps.activity);
    options.step = 0;
    CHECK(!dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
    CHECK_INT(error.code, DCN_ERROR_VALUE);
    options.step = 2;
    options.layer = "watchd";
    CHECK(!dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
    check_text(error.text, "watchd");
    dcn_context_free(context);
    dcn_model_free(model);
    new_model_free(net);
}

typedef struct {
    const DcnOcclusionMaps *whole;
    size_t calls, known, stop_at;
    size_t grids[9]; /* calls that saw this grid */
} Watch;

/* Checks that a known cell keeps its value, and that known cells only become more. */
static bool
watch(const DcnOcclusionMaps *maps, void *user)
{
    Watch *w = user;
    size_t known = 0;
    for (size_t i = 0; i < maps->rows * maps->columns; i++) {
        if (!maps->known[i])
            continue;
        known++;
        CHECK(maps->activity[i] == w->whole->activity[i]);
        CHECK(memcmp(maps->score + i * maps->classes, w->whole->score + i * maps->classes,
                     maps->classes * sizeof(float)) == 0);
        CHECK_INT(maps->best[i], w->whole->best[i]);
    }
    CHECK_INT(known, maps->n_known);
    CHECK(known > w->known);
    for (size_t r = 0; r < maps->rows; r++)
        for (size_t c = 0; c < maps->columns; c++) {
            size_t cell = dcn_occlusion_cell(maps, r, c);
            if (maps->grid > 0 && r % maps->grid == 0 && c % maps->grid == 0)
                CHECK(maps->known[r * maps->columns + c]);
            CHECK(cell == SIZE_MAX || maps->known[cell]);
            if (maps->grid > 0) /* every cell has a known cell that stands for it */
                CHECK(cell != SIZE_MAX);
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
watch_cells_of(NewModel *net, int64_t step, size_t most_at_once)
{
    DcnError error = {0};
    DcnModel *model = new_model_open(net, &error);
    g_autofree float *picture = g_new(float, 3 * 29 * 33);
    for (int i = 0; i < 3 * 29 * 33; i++)
        picture[i] = (float)(i % 7) / 7;
    g_autofree float *fill = g_new0(float, 3 * 29 * 33);
    DcnOcclusion options = {.size = 4,
                            .step = step,
                            .fill = fill,
                            .layer = "watched",
                            .channel = -1,
                            .batch = 2};
    for (int threads = 1; threads <= 3; threads++) {
        DcnContext *context = dcn_context_new(threads, &error);
        DcnOcclusionMaps whole, maps;
        options.cells = go_on; /* batches of the same size, so equal to the last bit */
        CHECK(dcn_occlude(model, context, &options, picture, &whole, NULL, &error));
        size_t cells = whole.rows * whole.columns;
        CHECK_INT(whole.n_known, cells);
        CHECK_INT(whole.grid, 1);

        Watch all = {.whole = &whole, .stop_at = SIZE_MAX};
        options.cells = watch;
        options.cells_user = &all;
        CHECK(dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
        CHECK_INT(maps.n_known, cells);
        CHECK(memcmp(maps.activity, whole.activity, cells * sizeof(float)) == 0);
        if (threads == 1) { /* the caller computes every batch itself */
            CHECK_INT(all.grids[0] > 0, most_at_once == 2);
            CHECK_INT(all.grids[8] > 0, step == 1); /* 29 rows, or 15 */
            CHECK(all.grids[4] > 0);
            CHECK(all.grids[2] > 0);
        }
        dcn_occlusion_maps_free(&maps);

        Watch some = {.whole = &whole, .stop_at = cells / 4};
        options.cells_user = &some;
        CHECK(dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
        CHECK(maps.n_known >= some.known);
        if (threads == 1) {
            CHECK_INT(maps.n_known, some.known);
            CHECK(maps.n_known < cells / 4 + most_at_once);
        }
        for (size_t i = 0; i < cells; i++)
            CHECK(maps.activity[i] == (maps.known[i] ? whole.activity[i] : 0));
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
    watch_cells_of(random_net(1, false), 2, 2);
    watch_cells_of(random_net(1, false), 1, 2);
}

static void
cells_of_a_large_head_come_coarse_to_fine_too(void)
{
    watch_cells_of(net_with_a_large_head(false), 2, 192);
}

CHECK_MAIN(CHECK_TEST(a_stop_leaves_nothing_behind),
           CHECK_TEST(cells_come_coarse_to_fine_until_it_is_enough),
           CHECK_TEST(cells_of_a_large_head_come_coarse_to_fine_too))
