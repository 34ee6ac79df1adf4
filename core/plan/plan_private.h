/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_private.h: the inside of DcnPlan, for the files that make and run one.
 *
 * Making a plan (plan.c) goes in this order; each stage is a file:
 *
 * - build.c: every node of the model gets shapes and parameters (step.c); fold.c: what is
 *   constant is computed now
 * - pieces.c: a normalisation or GELU that the file has in pieces becomes one step
 * - maps.c: which tensors are maps; layers.c: short names, the list of layers, the
 *   classifier's end
 * - plan.c: targets and start become numbers (nearest.c helps with names that do not
 *   exist); steps that no target needs are dropped
 * - passes.c: BatchNormalization goes into convolutions, rectifiers into the step before,
 *   x * sigmoid(x) becomes one step, weights are packed
 * - memory.c: where each tensor lies; parts.c: inputs of a Concat lie in its output, and
 *   nested.c: a Concat in the next; handed.c: signals that a sum hands on lie in its own
 *
 * Asked of a plan afterwards: reach.c (what a box can touch), graph.h (who reads what),
 * learned.c (the filters of a convolution), input_scale.c (what the first steps do),
 * methods.c (where the methods of a projection differ). */
#ifndef DCN_PLAN_PLAN_PRIVATE_H
#define DCN_PLAN_PLAN_PRIVATE_H

#include "base/arena.h"
#include "base/names.h"
#include "base/tensor.h"
#include "model/model.h"
#include "ops/op.h"

typedef enum {
    DCN_BROKEN,   /* cannot be computed: `reason` says why */
    DCN_CONST,    /* known now */
    DCN_IN_RUN,   /* known in a run */
    DCN_TAKEN_IN, /* inside of what several steps became (pieces.c); with a reason too */
} DcnState;

/* Purposes that no user of the core has; they go on where DcnPurpose ends. Training in
 * which Dropout drops; runs of parts of pictures, for which weights are prepared for any
 * number of images and not for a batch (see occlude/patch.h). */
#define DCN_FOR_TRAINING_WITH_DROPOUT ((DcnPurpose)(DCN_FOR_TRAINING + 1))
#define DCN_FOR_PATCHES ((DcnPurpose)(DCN_FOR_TRAINING + 2))

/* How the maps of a value lie in it (maps.c), and which of its axes are which. */
typedef struct {
    DcnMaps at;      /* maps 0: it has none that are known */
    int channel;     /* axis */
    int row, column; /* axes; row -1: places lie row by row along `column`; both -1: there
                        is one place */
    int64_t before;  /* elements of `column` before the first place, if row is -1 */
} PlanMaps;

/* Tensors in an order; see lists.c. */
typedef struct DcnList DcnList;

typedef struct PlanValue {
    const char *name;
    const char *short_name; /* or NULL */
    DcnState state;
    DcnShape shape; /* of one image */
    size_t count;
    PlanMaps maps;          /* DCN_IN_RUN */
    DcnTensor tensor;       /* DCN_CONST */
    const float *floats;    /* DCN_CONST: what steps read; aligned, or for BLAS only;
                               NULL: they read prepared forms */
    const DcnError *reason; /* DCN_BROKEN, DCN_TAKEN_IN; else NULL */
    const DcnList *list;    /* DCN_BROKEN, as it is no tensor; else NULL */
    int step;               /* that makes it; -1: an input */
    bool wanted; /* a target or the graph's output: must be there after a run */
    bool live;   /* part of this plan after pruning and passes */
    bool of_picture, methods_differ; /* it depends on the first input; see methods.c */
    size_t users;                    /* live steps that read it */
    int first, last;                 /* steps between which its memory is in use */
    size_t offset; /* floats, for one image: the session multiplies by batch */
    size_t signal; /* the same of what comes back to it; signals share memory */
    struct PlanValue *inside; /* where it lies, from the float `at` on; NULL: alone */
    size_t at;
    struct PlanValue *handed; /* whose signal is its own too (handed.c); NULL: none's */
} PlanValue;

typedef struct {
    const DcnOp *op;
    const DcnNode *node;
    void *params;
    size_t n_in, n_out;
    int *in, *out; /* plan values; -1: left out */
    size_t kept;   /* bytes for one image */
    size_t kept_offset;
    size_t scratch, work;  /* see DcnSetup */
    const float *prepared; /* see DcnOp.prepare */
    bool transformed;
    bool live;
    bool clamped; /* a rectifier was fused into it */
    DcnClamp clamp;
    bool in_place; /* a rectifier that was fused into the step before and is there for the
                      way back only: its input lies, as its signal does, in its output's
                      place */
} PlanStep;

struct DcnPlan {
    const DcnModel *model;
    DcnArena *arena;
    size_t batch;
    DcnPurpose purpose;
    bool training; /* for a trainer, with dropout or without */
    bool backward; /* for a trainer or for projection: there is a way back */
    size_t memory_limit;

    size_t n_values, room_values;
    PlanValue *values;
    size_t n_steps, room_steps;
    PlanStep *steps;
    int *of_model; /* plan value of each value of the model's graph */

    size_t n_inputs, n_outputs;
    int *inputs, *outputs;
    int start; /* or -1 */

    DcnNames names, node_names, short_names; /* to plan values */

    size_t n_layers;
    DcnLayer *layers;
    int default_layer;

    /* sessions */
    size_t value_floats;  /* one image */
    size_t signal_floats; /* one image, with a way back */
    size_t kept_bytes;    /* one image */
    size_t scratch;       /* each thread */
    size_t work;          /* of the step that takes most */
    size_t weight_bytes;  /* prepared, owned by the arena */
};

/* build.c */
bool dcn_plan_build(DcnPlan *plan, const DcnPlanOptions *options, DcnError *error);
int dcn_plan_add_value(DcnPlan *plan, const char *name, DcnError *error);

/* step.c: the operator's setup for inputs of these shapes (NULL: left out) and values
 * (NULL: known in a run). Fills params, kept and scratch of the step, and the shapes of
 * its outputs. */
bool dcn_step_setup(DcnPlan *plan,
                    PlanStep *step,
                    const DcnShape **in,
                    const DcnTensor **value,
                    int64_t file_batch,
                    DcnShape *out,
                    DcnError *reason);

/* fold.c: runs a step whose inputs are all constant. Fills state and tensor of its
 * outputs. */
bool dcn_plan_fold(DcnPlan *plan,
                   const PlanStep *step,
                   DcnContext *context,
                   DcnError *error);

/* pieces.c: makes one step of what PyTorch's exporters write for a normalisation or GELU,
 * unless the options ask for a tensor inside. */
bool dcn_plan_join_pieces(DcnPlan *plan, const DcnPlanOptions *options, DcnError *error);

/* answer.c: the value that the classifier's answer is; -1, with the reason: none is. */
int dcn_plan_answer(const DcnPlan *plan, DcnError *error);

/* nearest.c: "; did you mean a, b, c?" with the layers that are called most like name, or
 * "". */
void dcn_plan_nearest(const DcnPlan *plan, const char *name, char *text, size_t size);

/* maps.c: fills PlanValue.maps. The boxes of a map, and of one place of it, as axes 1 to
 * 3 of the tensor. */
bool dcn_plan_find_maps(DcnPlan *plan, DcnError *error);
DcnBox dcn_maps_box(const PlanMaps *maps, const DcnShape *shape, size_t channel);
DcnBox dcn_maps_unit(
    const PlanMaps *maps, const DcnShape *shape, size_t channel, size_t y, size_t x);

/* layers.c; output: the first one of the file, where the classifier is looked for */
bool dcn_plan_name_layers(DcnPlan *plan, DcnError *error);
bool dcn_plan_list_layers(DcnPlan *plan, int output, DcnError *error);

/* passes.c */
bool dcn_pass_batchnorm(DcnPlan *plan, DcnError *error);
bool dcn_pass_gates(DcnPlan *plan, DcnError *error);
void dcn_pass_fuse(DcnPlan *plan);
bool dcn_pass_prepare(DcnPlan *plan,
                      DcnContext *context,
                      bool transform,
                      DcnError *error);

/* True if dcn_pass_prepare() makes what runs of the step read in place of input 1. */
bool dcn_step_only_prepared(const DcnPlan *plan, const PlanStep *step);

/* shuffles.c */
bool dcn_pass_shuffles(DcnPlan *plan, DcnError *error);

/* methods.c: fills of_picture and methods_differ of all values. */
void dcn_plan_find_methods(DcnPlan *plan);

/* parts.c: makes inputs of a Concat parts of its output. dcn_plan_lies_in(): whether one
 * value is a part of another. */
bool dcn_pass_parts(DcnPlan *plan, DcnError *error);
bool dcn_plan_lies_in(const DcnPlan *plan, int part, int whole);

/* nested.c: makes a Concat of all that another one has take that one's output. */
bool dcn_pass_nested(DcnPlan *plan, DcnError *error);

/* handed.c: fills PlanValue.handed, for a projection. dcn_plan_is_handed(): whether the
 * signal of an input of a sum lies where the sum's lies. */
bool dcn_pass_handed(DcnPlan *plan, DcnError *error);
bool dcn_plan_is_handed(const DcnPlan *plan, int part, int sum);

/* memory.c: places values by first, last and count; live ones that are known in a run.
 * Returns floats; SIZE_MAX: no memory. */
size_t dcn_place_values(PlanValue *values, size_t n_values, bool share);
bool dcn_plan_memory(DcnPlan *plan, bool share, bool parts, DcnError *error);

/* reach.c: for all values, the boxes that can change if `box` of the value `from` does.
 * boxes: n_values. */
bool dcn_plan_boxes_ahead(const DcnPlan *plan,
                          int from,
                          const DcnBox *box,
                          DcnBox *boxes);

/* The reverse: what a box of the value `to` depends on. operands: room for those of any
 * step, dcn_plan_most_operands(). */
void dcn_plan_boxes_back(
    const DcnPlan *plan, int to, const DcnBox *box, DcnBox *boxes, DcnOperand *operands);

/* A step as a call that has shapes and params only. operands: room for n_in + n_out. */
DcnCall dcn_plan_shapes_of(const DcnPlan *plan,
                           const PlanStep *step,
                           DcnOperand *operands);

/* Room for the operands of any step. */
size_t dcn_plan_most_operands(const DcnPlan *plan);

/* Operand of a step as shapes only, for reach and setup-time questions. */
void dcn_plan_operand(const DcnPlan *plan, int value, DcnOperand *operand);

#endif
