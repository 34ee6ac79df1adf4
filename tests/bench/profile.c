/* SPDX-License-Identifier: GPL-3.0-or-later */
/* profile.c: steps are timed where they are called.
 *
 * The linker hands calls of the core's dcn_op_forward(), dcn_op_back() and dcn_patch_run()
 * to functions here (--wrap, see tests/meson.build), so that the core knows nothing of it.
 * Steps of a projection's way back are kinds of their own, `back`. What an
 * occlusion does between two steps of a batch, putting inputs together, is counted as
 * `between` of the step behind it. The rest of the batch is the last line. */
#include "bench/profile.h"
#include "occlude/patch.h"
#include "ops/conv/operator.h"
#include "ops/op.h"
#include <glib.h>
#include <stdio.h>
#include <time.h>

typedef struct {
    char *name;
    double seconds, between, products;
    size_t calls, images;
} Kind;

static struct {
    GHashTable *kinds, *groups; /* of Kind, by name */
    bool inside;                /* of a batch of patches */
    double last;                /* end of the step before */
    double batches, steps;      /* seconds */
} profile;

void __real_dcn_op_forward(const DcnOp *op, const DcnCall *call);
void __wrap_dcn_op_forward(const DcnOp *op, const DcnCall *call);
void __real_dcn_op_back(const DcnOp *op, DcnMethod method, const DcnCall *call);
void __wrap_dcn_op_back(const DcnOp *op, DcnMethod method, const DcnCall *call);
void __real_dcn_patch_run(const DcnPatchPlan *patches,
                          const DcnSession *base,
                          DcnContext *context,
                          const DcnPosition *positions,
                          size_t batch,
                          const float *fill,
                          float *memory);
void __wrap_dcn_patch_run(const DcnPatchPlan *patches,
                          const DcnSession *base,
                          DcnContext *context,
                          const DcnPosition *positions,
                          size_t batch,
                          const float *fill,
                          float *memory);

/* Processor time of this thread: other programs on the machine do not count. */
static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void
kind_free(gpointer data)
{
    Kind *kind = data;
    g_free(kind->name);
    g_free(kind);
}

void
profile_start(void)
{
    g_clear_pointer(&profile.kinds, g_hash_table_unref);
    g_clear_pointer(&profile.groups, g_hash_table_unref);
    profile.kinds = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, kind_free);
    profile.groups = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, kind_free);
    profile.batches = profile.steps = 0;
}

/* --- what a step is --- */

static bool
is_conv(const DcnOp *op)
{
    return op->forward == dcn_conv_ahead;
}

/* As ops/conv/operator.c makes the run. */
static const char *
way_back_of(const DcnCall *call)
{
    const DcnConvParams *p = call->params;
    const DcnOperand *dy = &call->out[0];
    size_t inner = (size_t)dy->shape.dim[0];
    DcnImages y = {dy->grad, dy->stride, inner, inner ? dy->count / inner : 0};
    DcnConvRun run = {.conv = &p->conv,
                      .use = &p->use[DCN_CONV_BACK],
                      .images = call->batch * inner,
                      .y = &y,
                      .box = dy->box,
                      .narrow = true};
    if (call->prepared && run.use->forms)
        run.forms = call->prepared + dcn_conv_forms_size(call->prepared);
    return dcn_conv_choose(DCN_CONV_BACK, &run)->name;
}

static const char *
way_of(const DcnCall *call, bool back)
{
    const DcnConvParams *p = call->params;
    if (p->transposed)
        return "transposed";
    if (back)
        return way_back_of(call);
    DcnConvRun run = {.conv = &p->conv,
                      .use = &p->use[DCN_CONV_FORWARD],
                      .images = call->batch,
                      .forms = call->prepared};
    return dcn_conv_choose(DCN_CONV_FORWARD, &run)->name;
}

static void
write_shape(GString *text, const DcnShape *shape)
{
    for (int i = shape->rank > 1 ? 1 : 0; i < shape->rank; i++)
        g_string_append_printf(text, "%s%lld", i > 1 ? "x" : "",
                               (long long)shape->dim[i]);
}

/* Writes the kind, and returns its products in each image. */
static double
describe(const DcnOp *op, const DcnCall *call, bool back, GString *group, GString *kind)
{
    double products = 0;
    g_string_assign(group, back ? "back " : "");
    g_string_append(group, op->name);
    if (is_conv(op)) {
        const DcnConvParams *p = call->params;
        DcnConvSizes s = dcn_conv_sizes(&p->conv);
        products = (double)(s.rows * p->conv.maps * s.out);
        g_string_append_printf(group, " %s", way_of(call, back));
    }
    g_string_assign(kind, group->str);
    g_string_append_c(kind, ' ');
    if (call->n_in > 0)
        write_shape(kind, &call->in[0].shape);
    g_string_append(kind, " > ");
    write_shape(kind, &call->out[0].shape);
    if (is_conv(op)) {
        const DcnConvParams *p = call->params;
        const DcnWindow *w = &p->conv.window;
        g_string_append_printf(kind, " k%lldx%lld s%lld", (long long)w->kernel[1],
                               (long long)w->kernel[2], (long long)w->stride[1]);
        if (p->conv.groups > 1)
            g_string_append_printf(kind, " g%zu", p->conv.groups);
    }
    return products;
}

static Kind *
kind_named(GHashTable *kinds, const char *name)
{
    Kind *kind = g_hash_table_lookup(kinds, name);
    if (!kind) {
        kind = g_new0(Kind, 1);
        kind->name = g_strdup(name);
        g_hash_table_insert(kinds, kind->name, kind);
    }
    return kind;
}

static void
add(Kind *kind, double seconds, double between, double products, size_t images)
{
    kind->seconds += seconds;
    kind->between += between;
    kind->products += products * (double)images;
    kind->calls++;
    kind->images += images;
}

/* --- what is wrapped --- */

static void
note(const DcnOp *op, const DcnCall *call, bool back, double took, double between)
{
    g_autoptr(GString) group = g_string_new(NULL), kind = g_string_new(NULL);
    double products = describe(op, call, back, group, kind);
    add(kind_named(profile.groups, group->str), took, between, products, call->batch);
    add(kind_named(profile.kinds, kind->str), took, between, products, call->batch);
    profile.steps += took + between;
    profile.last = now();
}

void
__wrap_dcn_op_forward(const DcnOp *op, const DcnCall *call)
{
    if (!profile.kinds) {
        __real_dcn_op_forward(op, call);
        return;
    }
    double start = now(), between = profile.inside ? start - profile.last : 0;
    __real_dcn_op_forward(op, call);
    note(op, call, false, now() - start, between);
}

void
__wrap_dcn_op_back(const DcnOp *op, DcnMethod method, const DcnCall *call)
{
    double start = now();
    __real_dcn_op_back(op, method, call);
    if (profile.kinds)
        note(op, call, true, now() - start, 0);
}

void
__wrap_dcn_patch_run(const DcnPatchPlan *patches,
                     const DcnSession *base,
                     DcnContext *context,
                     const DcnPosition *positions,
                     size_t batch,
                     const float *fill,
                     float *memory)
{
    double start = profile.last = now();
    profile.inside = true;
    __real_dcn_patch_run(patches, base, context, positions, batch, fill, memory);
    profile.inside = false;
    profile.batches += now() - start;
}

/* --- what is printed --- */

static int
by_time(const void *a, const void *b)
{
    const Kind *x = a, *y = b;
    double left = x->seconds + x->between, right = y->seconds + y->between;
    return left > right ? -1 : left < right;
}

static void
print_table(GHashTable *kinds, int runs, int most)
{
    GList *sorted = g_list_sort(g_hash_table_get_values(kinds), by_time);
    printf("%9s %9s %7s %7s %8s  kind\n", "ms", "between", "GFLOPS", "calls", "images");
    for (GList *link = sorted; link && most > 0; link = link->next, most--) {
        const Kind *kind = link->data;
        printf("%9.1f %9.1f %7.1f %7zu %8.1f  %s\n", kind->seconds * 1e3 / runs,
               kind->between * 1e3 / runs,
               kind->seconds > 0 ? 2e-9 * kind->products / kind->seconds : 0,
               kind->calls / (size_t)runs, (double)kind->images / (double)kind->calls,
               kind->name);
    }
    g_list_free(sorted);
}

void
profile_print(int runs, int most)
{
    print_table(profile.groups, runs, G_MAXINT);
    printf("\n");
    print_table(profile.kinds, runs, most);
    printf("\nsteps %.1f ms, batches of patches %.1f ms, a run\n",
           profile.steps * 1e3 / runs, profile.batches * 1e3 / runs);
    g_clear_pointer(&profile.kinds, g_hash_table_unref);
    g_clear_pointer(&profile.groups, g_hash_table_unref);
}
