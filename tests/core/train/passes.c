/* SPDX-License-Identifier: GPL-3.0-or-later */
/* passes.c: tests of what a trainer's passes do beside gradients: masks of dropout,
 * running statistics. */
#include "check.h"
#include "core/fixture/train_fixture.h"
#include "train/train_private.h"

/* --- dropout --- */

#define WIDE 4000
#define DROPPED 3

/* z is twice the sum of the ones that a Dropout lets through. */
static NewModel *
dropout_net(int opset, const char *ratio)
{
    NewModel *net = new_model(opset);
    g_autofree float *ones = g_new(float, 2 * WIDE);
    g_autofree char *attribute = g_strdup_printf("ratio=.%s", ratio);
    float number = (float)g_ascii_strtod(ratio, NULL);
    for (size_t i = 0; i < 2 * WIDE; i++)
        ones[i] = 1;
    new_input(net, "x", "-1,4000");
    new_floats(net, "w", "4000,2", ones);
    new_floats(net, "ratio", "", &number);
    new_node(net, "Dropout", "drop", opset < 12 ? "x" : "x;ratio", "d",
             opset < 12 ? attribute : "");
    new_node(net, "Gemm", "", "d;w", "z", "");
    new_output(net, "z");
    return net;
}

static char *
copy_mask(TrainFixture *f, size_t batch)
{
    size_t count, stride;
    char *mask = dcn_trainer_mask(f->trainer, "drop", &count, &stride);
    char *copy = g_malloc(batch * count);
    for (size_t n = 0; n < batch; n++)
        memcpy(copy + n * count, mask + n * stride, count);
    return copy;
}

static bool
open_dropout(TrainFixture *f, int opset, const char *ratio, bool dropout)
{
    bool open = check(
        train_start(f, dropout_net(opset, ratio),
                    &(DcnTrainerOptions){.batch = DROPPED, .dropout = dropout, .seed = 3},
                    1),
        "a trainer");
    for (size_t i = 0; open && i < DROPPED * WIDE; i++)
        dcn_trainer_input(f->trainer)[i] = 1;
    return open;
}

static void
check_rate(int opset)
{
    TrainFixture f;
    if (open_dropout(&f, opset, "0.3", true)) {
        train_run(&f, false);
        g_autofree char *mask = copy_mask(&f, DROPPED);
        for (size_t n = 0; n < DROPPED; n++) {
            size_t kept = 0;
            for (size_t i = 0; i < WIDE; i++)
                kept += mask[n * WIDE + i] == 1;
            /* The deviation of the number kept is 29. */
            if (fabs((double)kept - 0.7 * WIDE) > 4 * 29)
                check_fail("%zu of %d are kept", kept, WIDE);
            float z = (float)kept / 0.7F;
            check_floats(dcn_trainer_scores(f.trainer) + n * 2, &z, 1, 1e-2);
        }
        check(memcmp(mask, mask + WIDE, WIDE) != 0, "images have masks of their own");
    }
    train_end(&f);
}

static void
dropout_drops_as_many_as_the_ratio_says_and_scales_the_rest(void)
{
    check_rate(11);
    check_rate(13);
}

static void
masks_are_new_in_each_pass_and_come_again_with_the_generator(void)
{
    TrainFixture f;
    if (open_dropout(&f, 11, "0.5", true)) {
        uint64_t before = *dcn_trainer_random(f.trainer);
        train_run(&f, false);
        g_autofree char *first = copy_mask(&f, DROPPED);
        train_run(&f, false);
        g_autofree char *second = copy_mask(&f, DROPPED);
        *dcn_trainer_random(f.trainer) = before;
        train_run(&f, false);
        g_autofree char *again = copy_mask(&f, DROPPED);
        check(memcmp(first, second, DROPPED * WIDE) != 0, "new masks");
        check(memcmp(first, again, DROPPED * WIDE) == 0, "the first ones again");
    }
    train_end(&f);
}

static void
nothing_is_dropped_when_dropout_is_off(void)
{
    static const char *const ratios[] = {"0.3", "0"};
    for (int i = 0; i < 2; i++) {
        TrainFixture f;
        const float z[] = {WIDE, WIDE};
        if (open_dropout(&f, 11, ratios[i], i == 1)) { /* a ratio of 0 drops nothing */
            train_run(&f, false);
            check_floats(dcn_trainer_scores(f.trainer), z, 2, 0);
        }
        train_end(&f);
    }
}

static void
gradients_go_through_the_mask_of_their_pass(void)
{
    TrainFixture f;
    if (open_dropout(&f, 11, "0.5", true)) {
        dcn_trainer_targets(f.trainer)[0] = 1; /* of one image of three */
        train_run(&f, false);
        g_autofree char *mask = copy_mask(&f, DROPPED);
        const float *g = train_parameter(&f, "w")->gradient;
        /* z are equal, so dz is (1/2 - 1) / 3 for the first image, 0 for those without
         * targets; dw = dz * mask / (1 - ratio). */
        for (size_t i = 0; i < WIDE; i++) {
            float wanted = mask[i] ? -1.0F / 3 : 0;
            check_floats(&g[2 * i], &wanted, 1, 1e-6);
        }
    }
    train_end(&f);
}

/* --- running statistics --- */

static void
statistics_move_in_passes_that_a_step_follows(void)
{
    static const float one[] = {1}, two[] = {2}, x[] = {0, 2, 4, 10};
    TrainFixture f;
    NewModel *net = new_model(15);
    new_input(net, "x", "-1,1,1,2");
    new_floats(net, "scale", "1", one);
    new_floats(net, "mean", "1", one);
    new_floats(net, "var", "1", two);
    new_weights(net, "w", "2,2", 1);
    new_node(net, "BatchNormalization", "", "x;scale;scale;mean;var", "n",
             "momentum=.0.75;epsilon=.0");
    new_node(net, "Flatten", "", "n", "flat", "");
    new_node(net, "Gemm", "", "flat;w", "z", "");
    new_output(net, "z");
    if (check(train_start(&f, net, &(DcnTrainerOptions){.batch = 2}, 1), "a trainer")) {
        const DcnParameter *mean = train_parameter(&f, "mean");
        const DcnParameter *var = train_parameter(&f, "var");
        check(!mean->gradient && !var->gradient && !var->velocity,
              "they are not learned");
        memcpy(dcn_trainer_input(f.trainer), x, sizeof x);
        train_run(&f, false);
        check_floats(mean->value, one, 1, 0);
        check_floats(var->value, two, 1, 0);
        train_run(&f, true);
        /* The mean is 4; squares 16 + 4 + 0 + 36 over three: the unbiased variance. */
        const float moved[] = {0.75F * 1 + 0.25F * 4, 0.75F * 2 + 0.25F * (56.0F / 3)};
        check_floats(mean->value, &moved[0], 1, 1e-6);
        check_floats(var->value, &moved[1], 1, 1e-6);
        dcn_trainer_step(f.trainer, &(DcnSgd){.rate = 1, .decay = 1});
        check_floats(mean->value, &moved[0], 1, 1e-6);
    }
    train_end(&f);
}

CHECK_MAIN(CHECK_TEST(dropout_drops_as_many_as_the_ratio_says_and_scales_the_rest),
           CHECK_TEST(masks_are_new_in_each_pass_and_come_again_with_the_generator),
           CHECK_TEST(nothing_is_dropped_when_dropout_is_off),
           CHECK_TEST(gradients_go_through_the_mask_of_their_pass),
           CHECK_TEST(statistics_move_in_passes_that_a_step_follows))
