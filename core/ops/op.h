/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op.h: what an operator is. Read this before any file in this folder.
 *
 * An operator is one file and one declared DcnOp. It sees neither graph nor session nor
 * other operators: when a plan is made it sees a DcnSetup, in a run it sees a DcnCall,
 * when a constant is folded it sees the same DcnCall (or a DcnFold); call.h has them.
 *
 * Batches. A plan settles shapes for ONE image; a batch repeats that `batch` times. So an
 * operand is batch x count elements, image after image (stride says how far apart; 0: the
 * same for all images, as weights are). A shape's first axis is whatever the net made of
 * it, usually 1. Whatever an operator does to shapes, images cannot mix.
 *
 * Backward. Each of the three functions of `back` adds to call->in[i].grad, wherever that
 * is not NULL, what comes back of call->out[j].grad (NULL: nothing does). They ADD:
 * several users of a tensor sum up in it. Definitions, signs and ties: the paper for the
 * deconvnet, the plain derivative otherwise; docs/method.md. */
#ifndef DCN_OPS_OP_H
#define DCN_OPS_OP_H

#include "dcn.h"
#include "model/model.h"
#include "ops/call.h"
#include "trainer.h"

/* --- the entry --- */

typedef struct {
    size_t min, max;
} DcnArity;
#define DCN_MANY 65536

/* A rectifier fused into the operator before it: y = min(max(y, low), high). */
typedef struct {
    float low, high; /* -INFINITY, INFINITY: none */
} DcnClamp;

/* How a box of the output can be computed alone: from the part of the input that it sees,
 * by the operator set up for that part as if it were a smaller picture. */
typedef enum {
    /* It cannot. */
    DCN_LOCAL_NO,

    /* Place by place; constant inputs must not differ along an axis of which the box has
     * a part only. */
    DCN_LOCAL_PLACES,

    /* The same; other inputs stay as they are, whatever the box: a value a channel, the
     * weights of a matrix. */
    DCN_LOCAL_CHANNELS,

    /* Any output's box is a box of the first input as it is: the one that reach.back
     * says, uncut; what lies outside of the input is `fill`. */
    DCN_LOCAL_MOVED,

    /* By windows: it is set up without pads, for an input that has its padding around
     * it. */
    DCN_LOCAL_WINDOW,
} DcnLocality;

/* What DCN_LOCAL_WINDOW says of axes 2 and 3: output o sees the input from o * stride -
 * pad, `extent` places long. */
typedef struct {
    int64_t stride[2], pad[2], extent[2];
    float fill; /* what the padding is; DCN_LOCAL_MOVED, too */
} DcnLocalWindow;

/* A box of the first input of one image that is not as it was in a run before: the base.
 */
typedef struct {
    DcnBox box;           /* axes 1 to 3 of the input */
    const float *changed; /* its elements, row-major */
    const float *input;   /* the base's, whole */
    const float *output;
} DcnChange;

/* The role of an operator in a net. A plan uses it to find the classifier and the default
 * layer, and dcn_model_new_head() to find weights. */
typedef enum {
    DCN_ROLE_OTHER,
    DCN_ROLE_WEIGHTED,   /* multiplies by weights: Conv, Gemm */
    DCN_ROLE_ADDS,       /* adds its inputs: a bias, or where branches meet */
    DCN_ROLE_NORMALISES, /* LRN, BatchNormalization */
    DCN_ROLE_POOLS,      /* sums up places: MaxPool, ReduceMean */
    DCN_ROLE_CUTS,       /* takes some places, or puts others around them: Slice, Pad */
    DCN_ROLE_HANDS_ON, /* the first input's elements, perhaps in another shape or order */
    DCN_ROLE_DECIDES,  /* makes a decision of scores, for labels only: ArgMax, TopK */
} DcnRole;

/* What the last operator of a classifier makes of the scores of its classes. */
typedef enum {
    DCN_END_OTHER,
    DCN_END_PROBABILITIES,     /* of classes that exclude each other: Softmax */
    DCN_END_LOG_PROBABILITIES, /* their logarithms */
    DCN_END_EACH_PROBABILITY,  /* of each class by itself: Sigmoid */
    /* what a softmax or a sigmoid in pieces consists of */
    DCN_END_EXPONENTIALS,
    DCN_END_SUMS,
    DCN_END_QUOTIENTS,
    DCN_END_RECIPROCALS,
    /* what scales an embedding to a fixed length, and roots, of sums of squares lengths
     */
    DCN_END_FIXED_LENGTH,
    DCN_END_LENGTHS,
} DcnEnd;

/* What an operator has to do with whole numbers as levels (quant/affine.h), where constant
 * inputs 1 and 2, if it has any, are the scale and the zero point of its first input. */
typedef enum {
    DCN_LEVELS_NOTHING,
    DCN_LEVELS_MADE, /* it makes levels of numbers */
    DCN_LEVELS_READ, /* its first input is levels */
} DcnLevelled;

/* What a trainer does with a constant input. */
typedef enum {
    DCN_LEARNS_NOT,
    DCN_LEARNS,                /* it is changed by its gradient */
    DCN_LEARNS_BEHIND_WEIGHTS, /* the same if what the other input brings was made by a
                                  step that learns; else it prepares the picture */
    DCN_LEARNS_STATISTIC,      /* it is moved by DcnOp.training.update */
} DcnLearns;
#define DCN_MOST_LEARNED 5 /* inputs */

/* y[i] = f(x[i]) */
typedef void (*DcnValues)(const void *params, const float *x, float *y, size_t n);

/* dx[i] += dy[i] * f'(x[i]), or the rule of a projection; y are the forward's values. */
typedef void (*DcnSlopes)(const void *params,
                          const float *x,
                          const float *y,
                          const float *dy,
                          float *dx,
                          size_t n);

/* y[i] = f(a[i], b[i]). y may be a. */
typedef void (*DcnPairValues)(const float *a, const float *b, float *y, size_t n);

/* da[i] = dy[i] * df/da, db[i] = dy[i] * df/db: written, not added. y: the forward's
 * values. */
typedef void (*DcnPairSlopes)(const float *a,
                              const float *b,
                              const float *y,
                              const float *dy,
                              float *da,
                              float *db,
                              size_t n);

struct DcnOp {
    const char *name;   /* op_type */
    const char *domain; /* NULL: ONNX's own */
    DcnArity inputs, outputs;
    size_t params_size;

    /* The first opset in which a node means what setup reads. Nodes of older files differ
     * in a way that no attribute tells, and are refused. 0: setup reads every opset. */
    int since;

    /* --- what it is --- */

    DcnRole role;
    DcnEnd end;
    DcnLevelled levels;

    /* It is defined for tensors of N x C x H x W: those are its first input and its
     * outputs where they have four axes. */
    bool planes;

    /* How signals go back, where dcn_op_rule() cannot tell by the rest of the entry. */
    DcnRule rule;
    DcnRule (*rule_by)(const void *params); /* NULL: the same for all parameters */

    /* The kind of layer in short names ("conv", "relu", "pool"). NULL: its outputs are
     * not listed as layers. */
    const char *layer;

    /* Its results follow from the shapes of its inputs alone. */
    bool shapes_only;

    /* Of an operator with role DCN_ROLE_WEIGHTED, whose weights are input 1. */
    struct {
        /* The axis of the weights that counts outputs; -1: none does. NULL: unknown. */
        int (*outputs)(const DcnNode *node, const DcnShape *weights);

        /* They are filters, outputs x channels x height x width, and input 2 their
         * biases. They can be shown as pictures, and an operator behind them that scales
         * channels can be put into them. */
        bool filters;

        /* They are a matrix. A large one is read by BLAS alone, so it may lie as the file
         * has it, unaligned; and it is read once for many rows. */
        bool dense;
    } weights;

    /* Outside of training it is y = x * a + b with an a and b for each channel, made of
     * inputs 1 to 4: scale, bias, mean and variance. Filters before it can take it in. */
    bool scales_channels;

    /* --- what it does --- */

    /* An operator that treats each element of one input alone, or pairs of elements of
     * two broadcast inputs, states its mathematics here and may leave out setup, forward,
     * back, grad_weights and reach: op.c knows what they are. No slopes: it
     * is flat, and nothing comes back. integers: exact int64 arithmetic
     * for constants, false if undefined (division by 0). */
    struct {
        DcnValues values;
        DcnSlopes slopes[DCN_METHODS];
    } each;
    struct {
        DcnPairValues values;
        DcnPairSlopes slopes;
        bool (*integers)(int64_t a, int64_t b, int64_t *y);
    } pair;

    /* Reads attributes and constant inputs, checks them, fills output shapes and params.
     * Everything that can be wrong is found here. */
    bool (*setup)(DcnSetup *setup);

    void (*forward)(const DcnCall *call);

    /* By DcnMethod: what comes back to the inputs. All three are stated, even where they
     * are the same; NULL: cannot, and a projection through the operator is refused by
     * name. */
    void (*back[DCN_METHODS])(const DcnCall *call);

    /* All of back write to the first input's grad, where it is fresh, instead of adding
     * to it; without, the caller clears it before. starts_all: to every input's. What is
     * left to `each` and `pair` starts in any case, if the first input has the output's
     * shape. */
    bool starts, starts_all;

    /* All of back honour rectify of the first input. */
    bool rectifies;

    /* True if back, in this call (which has shapes and params only), keeps to boxes: it
     * reads nothing of the output's grad outside of its box, and adds all that comes of
     * it to the inputs' grad, inside of their boxes. NULL: it does not, and no operand
     * has a box, unless back is left to `each` or `pair`. Boxes never come with fresh. */
    bool (*bounded)(const DcnCall *call);

    /* True if input `input` of one image is one run of floats of the output as it is; at:
     * where the run begins. Data and grad of the input may then lie there already, and
     * forward and back do nothing for it. The call has shapes and params only. NULL:
     * never. */
    bool (*part)(const DcnCall *call, size_t input, size_t *at);

    /* True if all of back add the output's grad to that of input `input` as it is. Both
     * may then lie at one place, and back does nothing for it. The call has shapes and
     * params only. NULL: never. */
    bool (*hands)(const DcnCall *call, size_t input);

    /* The gradient to constant inputs (weights): adds to call->in[i].grad of inputs with
     * stride 0, summed over the batch. NULL: no weights. */
    void (*grad_weights)(const DcnCall *call);

    struct {
        /* Which box of output `output` the box of input `input` can influence, and the
         * reverse. Boxes are cut to the tensors by the caller. NULL: everything may touch
         * everything. The call has shapes and params only. */
        void (*ahead)(const DcnCall *call,
                      size_t input,
                      const DcnBox *in,
                      size_t output,
                      DcnBox *out);
        void (*back)(const DcnCall *call,
                     size_t output,
                     const DcnBox *out,
                     size_t input,
                     DcnBox *in);

        /* How a box is computed alone; fills window for DCN_LOCAL_WINDOW. NULL: not at
         * all. */
        DcnLocality (*local)(const void *params, DcnLocalWindow *window);

        /* Makes the whole output y from that of the base and the change of a box of the
         * first input, which has rank 4. The result is exact but for rounding, and the
         * cost does not grow with the rest of the input. NULL: there is no such way. The
         * call has the base's shapes and params only. */
        void (*change)(const DcnCall *call, const DcnChange *change, float *y);
    } reach;

    /* Constants of other types. moves: forward only moves elements and honours
     * call->element. fold: does it itself, whatever the types. Neither: integers are
     * converted to float, run forward, and back; or pair.integers does it. type: that of
     * output `output`, where it need not be the first input's; DCN_UNDEFINED: it is. */
    struct {
        bool moves;
        bool (*fold)(DcnFold *fold);
        DcnType (*type)(const void *params, size_t output);
    } constants;

    /* Constant inputs in another form, made once a plan and shared by all its sessions
     * and by patches of other sizes. transform: also in forms that take more memory and
     * pay for several runs only. In training, where they change, made before each pass.
     * prepared_floats: how many, 0 for none. The prepared floats must state their own
     * layout, because a call knows neither `transform` nor the size that they were made
     * for. */
    size_t (*prepared_floats)(const void *params, bool transform);
    void (*prepare)(const DcnCall *call, bool transform, float *prepared);

    /* True if runs read the prepared floats and never input 1, where these were made. NULL:
     * false. */
    bool (*only_prepared)(const void *params);

    /* In training only. learns: what becomes of each constant input. draw: before a
     * forward, fills call->kept with what is random of it. update: after a forward that a
     * step follows, moves running statistics, which are constant inputs. NULL: there is
     * nothing of the kind. */
    struct {
        DcnLearns learns[DCN_MOST_LEARNED];
        void (*draw)(const DcnCall *call, DcnRandom *random);
        void (*update)(const DcnCall *call);
    } training;

    /* Steps that are done by the one before them, or together with it. */
    struct {
        /* It multiplies its two inputs. */
        bool multiplies;

        /* The operator, with the parameters that it has by default, that gives this one's
         * output times its input: x * Sigmoid(x) is Swish. NULL, or with these parameters:
         * there is none. */
        const DcnOp *(*gated)(const void *params);

        /* The operator is a rectifier that can be fused: says its bounds. Its back looks
         * at y and not at x, and honours that the input's grad may lie in the place of
         * the output's. With a lower bound of 0 the deconvnet takes what is above zero,
         * and that is all; with any other the three methods are the same. */
        bool (*clamp)(const void *params, DcnClamp *clamp);

        /* Takes over a rectifier that follows it. NULL: cannot. trains: in training it
         * takes over the way back too. */
        void (*take)(void *params, const DcnClamp *clamp);
        bool trains;
    } fuse;
};

/* An operator by its domain and name, or NULL; ONNX's own by name. */
const DcnOp *dcn_op_find_in(const char *domain, const char *name);
const DcnOp *dcn_op_find(const char *name);

/* --- what an entry says, or what follows from it (op.c) --- */

bool dcn_op_setup(DcnSetup *setup);
void dcn_op_forward(const DcnOp *op, const DcnCall *call);

/* How signals go back through the operator, with the parameters of a step. */
DcnRule dcn_op_rule(const DcnOp *op, const void *params);

/* True if a signal can go back through the operator, and if one can go back to its
 * weights. */
bool dcn_op_goes_back(const DcnOp *op, DcnMethod method);
bool dcn_op_has_weights(const DcnOp *op);

void dcn_op_back(const DcnOp *op, DcnMethod method, const DcnCall *call);
bool dcn_op_bounded(const DcnOp *op, const DcnCall *call);
bool dcn_op_starts(const DcnOp *op, const DcnCall *call, size_t input);
void dcn_op_grad_weights(const DcnOp *op, const DcnCall *call);

/* Reach; the whole tensor, where the operator knows no better. has_reach: it does. */
bool dcn_op_has_reach(const DcnOp *op);
void dcn_op_reach_ahead(const DcnOp *op,
                        const DcnCall *call,
                        size_t input,
                        const DcnBox *in,
                        size_t output,
                        DcnBox *out);
void dcn_op_reach_back(const DcnOp *op,
                       const DcnCall *call,
                       size_t output,
                       const DcnBox *out,
                       size_t input,
                       DcnBox *in);
DcnLocality dcn_op_local(const DcnOp *op, const void *params, DcnLocalWindow *window);

/* One function for every method. */
#define DCN_BACK_ALL(function)                                                           \
    {                                                                                    \
        [DCN_DECONVNET] = function, [DCN_GUIDED] = function, [DCN_GRADIENT] = function   \
    }

/* --- common to several operators --- */

bool dcn_bounded_always(const DcnCall *call);
DcnLocality dcn_local_places(const void *params, DcnLocalWindow *window);
bool dcn_setup_same(DcnSetup *setup); /* one output, shape of the first input */
void dcn_reach_same(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_reach_back_same(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);

/* An axis attribute: negative ones count from the end. False and an error if out of range
 * (0 .. rank - 1, or 0 .. rank with inclusive_end). */
bool dcn_setup_axis(
    DcnSetup *setup, int64_t axis, int rank, bool inclusive_end, int *result);

#endif
