/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scarce.c: lets each allocation of the core fail once, in a run through all of it, from
 * reading a model's file to writing one.
 *
 * The linker hands all allocations of the core to this file (--wrap), which lets number n
 * fail. Then the call has to fail with DCN_ERROR_MEMORY, and no memory may be lost, which
 * the address sanitizer checks. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "edit.h"
#include "trainer.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

static long countdown = -1; /* allocations until one fails; below 0: none does */
static long allocations;

static bool
fails(void)
{
    allocations++;
    return countdown >= 0 && countdown-- == 0;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *
__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *
__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *
__wrap_realloc(void *memory, size_t size)
{
    return fails() ? NULL : __real_realloc(memory, size);
}

void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *
__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

/* Two rectified convolutions, the first one normalised, and a classifier. */
static NewModel *
small_net(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,12,12");
    new_weights(net, "w1", "4,3,3,3", 1);
    new_node(net, "Conv", "conv1", "x;w1", "c1", "pads=1,1,1,1");
    new_weights(net, "scale", "4", 2);
    new_weights(net, "shift", "4", 3);
    new_weights(net, "mean", "4", 4);
    new_floats(net, "var", "4", (float[]){1, 2, 3, 4});
    new_node(net, "BatchNormalization", "bn", "c1;scale;shift;mean;var", "n1", "");
    new_node(net, "Relu", "relu1", "n1", "r1", "");
    new_node(net, "MaxPool", "pool1", "r1", "p1", "kernel_shape=2,2;strides=2,2");
    new_weights(net, "w2", "6,4,3,3", 5);
    new_node(net, "com.microsoft:FusedConv", "conv2", "p1;w2", "r2", "activation=:Relu");
    new_node(net, "Flatten", "flat", "r2", "f", "");
    new_weights(net, "w3", "96,5", 6);
    new_node(net, "Gemm", "fc", "f;w3", "z", "");
    new_node(net, "Softmax", "prob", "z", "y", "");
    new_output(net, "y");
    return net;
}

/* Allocations between a session made and a projection of it. */
static long of_runs;

static bool
look(const DcnModel *model, DcnContext *context, DcnError *error)
{
    DcnPlan *plan =
        dcn_plan_new(model, &(DcnPlanOptions){.purpose = DCN_FOR_PROJECTION}, error);
    DcnSession *session = plan ? dcn_session_new(plan, context, error) : NULL;
    long before = allocations;
    bool done = session && dcn_forward(session, NULL, error);
    if (done) {
        int layer = dcn_plan_default_layer(plan);
        float signal[3 * 12 * 12];
        DcnUnit unit;
        dcn_strongest(session, layer, 0, 1, &unit);
        done = dcn_project(session, &(DcnSeed){.tensor = layer, .unit = unit},
                           DCN_DECONVNET, signal, NULL, error);
        of_runs += allocations - before;
    }
    dcn_session_free(session);
    dcn_plan_free(plan);
    return done;
}

static bool
occlude(const DcnModel *model, DcnContext *context, DcnError *error)
{
    float picture[3 * 12 * 12] = {0.5F}, fill[3 * 12 * 12] = {0};
    DcnOcclusionMaps maps;
    DcnOcclusion options = {.size = 4, .step = 4, .fill = fill, .channel = -1};
    DcnOccluder *occluder = dcn_occluder_new(model, context, error);
    bool done = occluder != NULL;
    for (int run = 0; done && run < 2; run++) { /* of which the second takes over */
        done = dcn_occluder_run(occluder, &options, picture, &maps, NULL, error);
        if (done)
            dcn_occlusion_maps_free(&maps);
        options.size = 6;
    }
    dcn_occluder_free(occluder);
    return done;
}

static bool
train(DcnModel *model, DcnContext *context, DcnError *error)
{
    DcnTrainer *trainer =
        dcn_trainer_new(model, context, &(DcnTrainerOptions){.batch = 2}, error);
    double loss;
    bool done = trainer && dcn_trainer_run(trainer, true, &loss, error);
    if (done) {
        dcn_trainer_step(trainer, &(DcnSgd){.rate = 0.01F});
        done = dcn_trainer_store(trainer, model, error);
    }
    dcn_trainer_free(trainer);
    return done;
}

static bool
change_and_write(DcnModel *model, const char *path, DcnError *error)
{
    return dcn_model_new_head(model, 3, 1, NULL, error) &&
           dcn_model_fold_batchnorm(model, error) &&
           dcn_model_set_metadata(model, "labels", "a\nb\nc", error) &&
           dcn_model_write(model, path, error);
}

/* What can be told without running anything. */
static bool
tell(const guint8 *bytes, gsize size, DcnError *error)
{
    DcnOutline *outline = dcn_outline_parse(bytes, size, error);
    DcnModel *model = outline ? dcn_model_parse(bytes, size, error) : NULL;
    DcnPlan *plan =
        model ? dcn_plan_new(model, &(DcnPlanOptions){.purpose = DCN_FOR_SURVEYS}, error)
              : NULL;
    DcnShutNode shut[4];
    size_t count, computed;
    bool done = plan && dcn_plan_shut_nodes(plan, shut, 4, &count, &computed, error);
    dcn_plan_free(plan);
    dcn_model_free(model);
    dcn_outline_free(outline);
    return done;
}

/* All of it. */
static bool
live(const guint8 *bytes, gsize size, const char *path, DcnError *error)
{
    if (!tell(bytes, size, error))
        return false;
    DcnModel *model = dcn_model_parse(bytes, size, error);
    DcnContext *context = model ? dcn_context_new(2, error) : NULL;
    bool done = context && look(model, context, error) &&
                occlude(model, context, error) && train(model, context, error) &&
                change_and_write(model, path, error);
    dcn_context_free(context);
    dcn_model_free(model);
    return done;
}

static bool
compose(DcnError *error)
{
    DcnModel *model = dcn_model_new(error);
    bool done =
        model && dcn_model_add_input(model, "x", &(DcnShape){4, {-1, 3, 8, 8}}, error) &&
        dcn_model_set_weights(model, "w", &(DcnShape){4, {2, 3, 3, 3}}, NULL, error) &&
        dcn_model_add_node(
            model, "Conv", "c", (const char *[]){"x", "w"}, 2,
            &(DcnNodeAttribute){
                .name = "strides", .list = true, .ints = (int64_t[]){1, 1}, .n_ints = 2},
            1, error) &&
        dcn_model_add_output(model, "c", error);
    dcn_model_free(model);
    return done;
}

/* Lets allocation 0, 1, 2 ... fail until all succeed. */
static void
starve(bool (*run)(void *data, DcnError *error), void *data)
{
    for (long n = 0;; n++) {
        DcnError error = {0};
        countdown = n;
        bool done = run(data, &error);
        bool hungry = countdown < 0; /* it has failed */
        countdown = -1;
        if (!hungry) {
            check(done, error.text);
            check(n > 5, "there were allocations to fail");
            return;
        }
        if (done || error.code != DCN_ERROR_MEMORY || !error.text[0]) {
            check_fail("allocation %ld failed: %s, error %d, \"%s\"", n,
                       done ? "a success" : "a failure", (int)error.code, error.text);
            if (check_failures > 8)
                return;
        }
    }
}

typedef struct {
    const guint8 *bytes;
    gsize size;
    char *path;
} Life;

static bool
run_life(void *data, DcnError *error)
{
    const Life *life = data;
    return live(life->bytes, life->size, life->path, error);
}

static bool
run_compose(void *data, DcnError *error)
{
    (void)data;
    return compose(error);
}

static void
each_allocation_of_a_life_fails_once(void)
{
    NewModel *net = small_net();
    Life life = {.path = g_build_filename(g_get_tmp_dir(), "scarce.XXXXXX", NULL)};
    int file = g_mkstemp(life.path);
    life.bytes = new_model_bytes(net, &life.size);
    starve(run_life, &life);
    close(file);
    remove(life.path);
    g_free(life.path);
    new_model_free(net);
}

static void
each_allocation_of_composing_fails_once(void)
{
    starve(run_compose, NULL);
}

/* Products of many rows pass over zeroes with memory that was asked for when the plan was
 * made. */
static void
a_run_allocates_nothing(void)
{
    NewModel *net = small_net();
    gsize size;
    new_input(net, "v", "-1,300");
    new_node(net, "Relu", "relu3", "v", "r3", "");
    new_weights(net, "w4", "300,256", 7);
    new_node(net, "Gemm", "wide", "r3;w4", "u", "");
    new_output(net, "u");
    const guint8 *bytes = new_model_bytes(net, &size);
    DcnError error = {0};
    DcnModel *model = dcn_model_parse(bytes, size, &error);
    DcnContext *context = dcn_context_new(2, &error);
    DcnPlanOptions options = {
        .batch = 64, .targets = (const char *[]){"u"}, .n_targets = 1};
    DcnPlan *plan = dcn_plan_new(model, &options, &error);
    DcnSession *session = plan ? dcn_session_new(plan, context, &error) : NULL;
    if (check(session != NULL, error.text)) {
        long before = allocations;
        check(dcn_forward(session, NULL, &error), error.text);
        check_int(allocations - before, 0, "allocations in a run");
    }
    dcn_session_free(session);
    dcn_plan_free(plan);
    dcn_context_free(context);
    dcn_model_free(model);
    new_model_free(net);
}

static void
a_run_and_a_projection_ask_for_no_memory(void)
{
    DcnError error = {0};
    NewModel *net = small_net();
    gsize size;
    const guint8 *bytes = new_model_bytes(net, &size);
    DcnModel *model = dcn_model_parse(bytes, size, &error);
    DcnContext *context = dcn_context_new(2, &error);
    of_runs = 0;
    check(model && context && look(model, context, &error), error.text);
    check(of_runs == 0, "everything is there when the session is made");
    dcn_context_free(context);
    dcn_model_free(model);
    new_model_free(net);
}

CHECK_MAIN(CHECK_TEST(a_run_and_a_projection_ask_for_no_memory),
           CHECK_TEST(a_run_allocates_nothing),
           CHECK_TEST(each_allocation_of_a_life_fails_once),
           CHECK_TEST(each_allocation_of_composing_fails_once))
