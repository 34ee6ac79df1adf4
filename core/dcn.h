/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dcn.h: what a convolutional network sees. This header is the core's manual; models are
 * composed and changed with edit.h, and taught with trainer.h.
 *
 * One direction, each stage constant for the next:
 *
 *     what the       for one input size    the buffers
 *     file says      and a batch           of one run
 *     DcnModel ----> DcnPlan ------------> DcnSession ----> values of every kept tensor
 *        |                                          |
 *        |                                          +-----> dcn_project(): one map in
 *        |                                                  pixel space
 *        +------------------------------------------------> dcn_occlude(): maps over a
 *                                                           sliding square
 *
 * The shortest complete use: which map of a layer is strongest, and what caused it.
 *
 *     DcnError error = {0};
 *     DcnContext *context = dcn_context_new(2, &error);
 *     DcnModel *model = dcn_model_open("net.onnx", &error);
 *     DcnPlanOptions options = {.purpose = DCN_FOR_PROJECTION};
 *     DcnPlan *plan = dcn_plan_new(model, &options, &error);
 *     DcnSession *session = dcn_session_new(plan, context, &error);
 *     memcpy(dcn_session_input(session, 0), pixels, ...);
 *     dcn_forward(session, NULL, &error);
 *     int layer = dcn_plan_default_layer(plan);
 *     DcnUnit unit;
 *     dcn_strongest(session, layer, 0, 1, &unit);
 *     DcnSeed seed = {.tensor = layer, .unit = unit};
 *     dcn_project(session, &seed, DCN_DECONVNET, signal, NULL, &error);
 *
 * Errors. What can fail returns a pointer (NULL) or bool (false) and takes a DcnError
 * last; NULL is accepted there. A call that fails changes nothing its caller can see. The
 * sentence names the file or node, the thing, what came and what was expected; it is
 * English and for people.
 *
 * Ownership. _new and _open give, _free takes and accepts NULL. A plan borrows its model,
 * a session its plan and its context: free them in the reverse order.
 *
 * Threads. A context owns worker threads; one context is used by one thread at a time.
 * Models and plans are constant after they are made, so any number of sessions, each with
 * a context of its own, may share them. Progress is called on the caller's thread only. A
 * number of threads changes results by rounding at most. The core calls OpenBLAS with one
 * thread (openblas_set_num_threads()). */
#ifndef DCN_H
#define DCN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- errors --- */

typedef enum {
    DCN_OK,
    DCN_ERROR_FILE,        /* cannot be opened, read or written */
    DCN_ERROR_FORMAT,      /* not ONNX, cut off, contradicts itself */
    DCN_ERROR_UNSUPPORTED, /* the core does not know an operator, opset or type */
    DCN_ERROR_SHAPE,       /* sizes do not fit each other */
    DCN_ERROR_NAME,        /* no tensor, node or layer of that name */
    DCN_ERROR_VALUE,       /* an argument out of its range */
    DCN_ERROR_MEMORY,
    DCN_CANCELLED, /* the progress callback said stop */
} DcnCode;

typedef struct {
    DcnCode code;
    char text[512]; /* one sentence without the final stop, UTF-8 */
} DcnError;

/* --- shapes and types --- */

#define DCN_MAX_RANK 8

/* Sizes by axis, outermost first. -1 in a model's inputs: the file leaves it open. */
typedef struct {
    int rank;
    int64_t dim[DCN_MAX_RANK];
} DcnShape;

/* Element types, numbered as in ONNX's TensorProto.DataType. Activations are always
 * DCN_FLOAT. */
typedef enum {
    DCN_UNDEFINED = 0,
    DCN_FLOAT = 1,
    DCN_UINT8 = 2,
    DCN_INT8 = 3,
    DCN_UINT16 = 4,
    DCN_INT16 = 5,
    DCN_INT32 = 6,
    DCN_INT64 = 7,
    DCN_STRING = 8,
    DCN_BOOL = 9,
    DCN_FLOAT16 = 10,
    DCN_DOUBLE = 11,
    DCN_UINT32 = 12,
    DCN_UINT64 = 13,
    DCN_BFLOAT16 = 16,
    DCN_UINT4 = 21, /* in memory one byte an element, in files half of one */
    DCN_INT4 = 22,
} DcnType;

/* "float", "uint8", "string", or "of an unknown type". */
const char *dcn_type_name(DcnType type);

/* A constant: elements in row-major order, little-endian. data may be unaligned inside a
 * mapped file. */
typedef struct {
    DcnType type;
    DcnShape shape;
    const void *data;
} DcnTensor;

/* Elements of a shape, or 0 if an axis is open or the product passes 2^40. A scalar (rank
 * 0) has 1. */
size_t dcn_shape_count(const DcnShape *shape);

/* "1x64x55x55", "scalar"; open axes are "?". Returns text. */
const char *dcn_shape_print(const DcnShape *shape, char text[static 128]);

/* --- outline: what a file says of itself --- */

typedef struct {
    const char *domain; /* "" is ONNX's own */
    int64_t version;
} DcnOpset;

/* An input or output as the file declares it. type: DCN_UNDEFINED if it is no tensor;
 * shape: rank -1 if it has none. */
typedef struct {
    const char *name;
    DcnType type;
    DcnShape shape;
} DcnDeclared;

typedef struct {
    const char *domain, *name;
    size_t nodes; /* of the graph, of its branches, and of the file's functions */
} DcnOperatorCount;

typedef struct {
    DcnType type;
    uint64_t values; /* in all initialisers and Constants of this type */
} DcnWeightCount;

/* What can be told of an ONNX file that is no model for the core: nothing is looked up,
 * checked or put in order. Texts are as the file has them, "" where it has none. */
typedef struct {
    const char *producer, *producer_version; /* the program that wrote it */
    const char *graph;                       /* the graph's name */
    int64_t ir_version;
    size_t n_opsets, n_inputs, n_outputs, n_operators, n_weights, n_externals;
    DcnOpset *opsets;
    DcnDeclared *inputs, *outputs; /* inputs without an initialiser only */
    DcnOperatorCount *operators;   /* in the order in which they first stand there */
    DcnWeightCount *weights;       /* by type, in the order in which they come */
    const char **externals;        /* names of files of weights, as the file has them */
    size_t n_nodes;                /* of the graph itself */
} DcnOutline;

/* Fails if the file cannot be read or is not ONNX. Free with dcn_outline_free(); the
 * outline owns its texts. */
DcnOutline *dcn_outline_open(const char *path, DcnError *error);
DcnOutline *dcn_outline_parse(const void *bytes, size_t size, DcnError *error);
void dcn_outline_free(DcnOutline *outline);

/* --- model: what the file says --- */

typedef struct DcnModel DcnModel;

/* Opens an ONNX file (opset 1 to 25). The file is mapped, weights stay in place: it must
 * not be changed while the model lives. External data are read from the file's own folder
 * only. */
DcnModel *dcn_model_open(const char *path, DcnError *error);

/* The same, but all files are read into memory and may be changed: for a process that
 * nothing must happen to when somebody cuts one off, as mapped memory would be gone. */
DcnModel *dcn_model_open_copied(const char *path, DcnError *error);

/* The same from memory, which the model borrows. External data are refused. */
DcnModel *dcn_model_parse(const void *bytes, size_t size, DcnError *error);

void dcn_model_free(DcnModel *model);

/* A value of the file's metadata_props, or NULL. */
const char *dcn_model_metadata(const DcnModel *model, const char *key);

/* Graph inputs that are no initialisers, and graph outputs. shape: as the file has it,
 * rank -1 if it has none; may be NULL. Inputs are in the file's order, but where its first
 * one has not the four axes of a picture and cannot be one, the first that has them comes
 * before it: some detectors begin with the sizes of the photo. */
size_t dcn_model_input_count(const DcnModel *model);
const char *dcn_model_input(const DcnModel *model,
                            size_t index,
                            DcnType *type,
                            DcnShape *shape);
size_t dcn_model_output_count(const DcnModel *model);
const char *dcn_model_output(const DcnModel *model, size_t index);

/* Files of weights (external data) that belong to the model, as it names them: relative
 * to its own folder. */
size_t dcn_model_external_count(const DcnModel *model);
const char *dcn_model_external(const DcnModel *model, size_t index);

size_t dcn_model_node_count(const DcnModel *model);

/* Number of values (weights) in the initialisers that nodes use as floats. */
size_t dcn_model_parameter_count(const DcnModel *model);

/* Names of classes that a node behind the classifier gives them; NULL: there are none. */
const char *const *dcn_model_class_names(const DcnModel *model, size_t *count);

/* First operator of the graph that the core does not know, or NULL: its ONNX name. */
const char *dcn_model_unsupported(const DcnModel *model);

/* How pictures enter the net: the layout of the first input. NCHW unless its last axis is
 * 1 or 3 and its second is not. channels, height, width: -1 where the file leaves them
 * open. rank: of the input in the file; a plan takes a picture of four axes in any case,
 * and hands it on as the file has it: C x H x W, or a row that the graph reshapes. */
typedef struct {
    bool nhwc;
    int64_t channels, height, width;
    int rank;
} DcnInputLayout;
bool dcn_model_input_layout(const DcnModel *model,
                            DcnInputLayout *layout,
                            DcnError *error);

/* --- context: the threads --- */

typedef struct DcnContext DcnContext;

/* threads: 1 to 256, the caller's among them; 0 takes the number of processors. */
DcnContext *dcn_context_new(int threads, DcnError *error);
void dcn_context_free(DcnContext *context);
int dcn_context_threads(const DcnContext *context);

/* Asked now and then during long work, on the caller's thread. done: 0 to 1, never
 * falling. Returns false to stop; the work then fails with DCN_CANCELLED. */
typedef struct {
    bool (*report)(double done, void *user);
    void *user;
} DcnProgress;

/* --- plan: a model made ready for a batch and an input size --- */

typedef struct DcnPlan DcnPlan;

/* Passes that can be switched off, to compare or to look inside. */
enum {
    DCN_PASS_BATCHNORM = 1 << 0, /* BatchNormalization into the convolution before it */
    DCN_PASS_FUSE = 1 << 1,   /* rectifiers into the operator before them; x * sigmoid(x),
                             * also a hard one, as one step */
    DCN_PASS_MEMORY = 1 << 2, /* tensors not in use at the same time share memory */
    /* weights of 3x3 convolutions transformed, 4 times as large: quicker for several
     * runs, slower for one */
    DCN_PASS_WINOGRAD = 1 << 3,
    DCN_PASS_PACK = 1 << 4, /* weights of convolutions packed for the inner loop, and with
                             * DCN_PASS_WINOGRAD transformed */
    DCN_PASS_PARTS = 1 << 5,    /* inputs of a Concat are written into its output */
    DCN_PASS_SHUFFLES = 1 << 6, /* channels put in another order are one step */
    DCN_PASS_ALL = DCN_PASS_BATCHNORM | DCN_PASS_FUSE | DCN_PASS_MEMORY |
                   DCN_PASS_WINOGRAD | DCN_PASS_PACK | DCN_PASS_PARTS | DCN_PASS_SHUFFLES,
};

/* What the sessions of a plan can do. */
typedef enum {
    DCN_FOR_RUNS,       /* dcn_forward() */
    DCN_FOR_PROJECTION, /* dcn_project() too: keeps the tensors that it needs */
    DCN_FOR_SURVEYS,    /* it tells of layers and classes, and need not be run: it is made
                         * also where no output can be computed */
    DCN_FOR_TRAINING,   /* set by a trainer: statistics of the batch, weights copied; the
                         * passes are FUSE, PACK and WINOGRAD only */
} DcnPurpose;

typedef struct {
    const char *name;
    DcnShape shape;
} DcnNamedShape;

typedef struct {
    const char *name;
    DcnTensor tensor;
} DcnBinding;

/* Zeroes are the defaults. */
typedef struct {
    size_t batch; /* images a run; 0 is 1. Each value is laid out image after image */

    /* Height and width of the picture where the file leaves them open, or to overrule the
     * file; 0: the file's, else 224. */
    int64_t height, width;

    /* Whole shapes by name, for inputs that are no pictures. Overrule the above. */
    const DcnNamedShape *shapes;
    size_t n_shapes;

    /* Inputs that are constants from now on: nothing of them is left to a run. Borrowed.
     */
    const DcnBinding *bindings;
    size_t n_bindings;

    /* Tensors to compute and keep: tensor, node or short names. With none, all graph
     * outputs that can be computed, and the plan fails if none can (but not one that is
     * for DCN_FOR_SURVEYS); with some, only they and what they need. Asked-for tensors
     * are never fused away. */
    const char *const *targets;
    size_t n_targets;

    /* Start at this tensor: it becomes the only input and everything before it is left
     * out. */
    const char *start;

    /* With start: what is wanted may depend on the file's inputs by other ways too, as
     * around a residual block. These inputs stay, behind the tensor. */
    bool bypass;

    DcnPurpose purpose;
    unsigned passes_off; /* DCN_PASS_... */
    size_t memory_limit; /* bytes that the sessions of this plan may take; 0 is 8 GiB */

    /* Its threads make other forms of weights. NULL: the caller's does. Not kept. */
    DcnContext *context;
} DcnPlanOptions;

/* All shapes, orders and offsets are settled here; a run of the plan fails only if it is
 * cancelled. Unknown operators fail here, by name, unless no target needs them. */
DcnPlan *dcn_plan_new(const DcnModel *model,
                      const DcnPlanOptions *options,
                      DcnError *error);
void dcn_plan_free(DcnPlan *plan);

size_t dcn_plan_batch(const DcnPlan *plan);
size_t dcn_plan_input_count(const DcnPlan *plan);
int dcn_plan_input(const DcnPlan *plan, size_t index);
size_t dcn_plan_output_count(const DcnPlan *plan);
int dcn_plan_output(const DcnPlan *plan, size_t index);

/* A tensor by its name: tensor names first, then node names (their first output), then
 * short names. -1 and an error that offers the nearest names if there is none. A tensor
 * that was fused away or is not computed by this plan is an error too. */
int dcn_plan_find(const DcnPlan *plan, const char *name, DcnError *error);

/* The name, and the shape of one image's part. The pointer lives as long as the plan. */
const char *dcn_plan_name(const DcnPlan *plan, int tensor);
const DcnShape *dcn_plan_shape(const DcnPlan *plan, int tensor);

/* True, with the value, if the tensor does not depend on any input of a run. */
bool dcn_plan_constant(const DcnPlan *plan, int tensor, DcnTensor *value);

/* Bytes that a session of this plan takes, and bytes of prepared weights that the plan
 * owns. */
size_t dcn_plan_session_bytes(const DcnPlan *plan);
size_t dcn_plan_weight_bytes(const DcnPlan *plan);

/* What a convolution learned. */
typedef struct {
    DcnTensor weights;        /* as in the file: M x C / groups x kernel height x width */
    int64_t channels, groups; /* C, the channels of its input */
    int answer; /* where the kernels' answer is to be seen: behind the normalisation and
                 * the rectifier, if only these use what the convolution made */
} DcnKernels;

/* The kernels of the two-dimensional convolution that makes the tensor, in a plan without
 * DCN_PASS_BATCHNORM and DCN_PASS_FUSE. False, with an error that says what makes it, if
 * that is no such convolution or its weights are known in a run only. */
bool dcn_plan_kernels(const DcnPlan *plan,
                      int tensor,
                      DcnKernels *kernels,
                      DcnError *error);

/* How the maps of a tensor lie in the values of one image: the value of map c at row y
 * and column x is number first + c * map_stride + (y * width + x) * place_stride.
 *
 *     1 x 64 x 7 x 7    N x C x H x W: 64 maps, map_stride 49, place_stride 1
 *     1 x 7 x 7 x 64    N x H x W x C: 64 maps, map_stride 1, place_stride 64
 *     1 x 50 x 64       tokens of a 7 x 7 grid behind a class token: 64 maps, first 64,
 *                       map_stride 1, place_stride 64
 *     1 x 64            64 maps of one place
 */
typedef struct {
    size_t maps, height, width;
    size_t first, map_stride, place_stride;
} DcnMaps;

/* The maps of a tensor. False: it has none, as attention weights have, or it is not known
 * which of its axes are rows and columns of the picture. That follows from how the tensor
 * was made (core/plan/maps.c). */
bool dcn_plan_maps(const DcnPlan *plan, int tensor, DcnMaps *maps);

/* Copies a map out of the values of one image, row by row; sets it to zero there. */
void dcn_maps_read(const DcnMaps *maps, const float *values, size_t map, float *out);
void dcn_maps_clear(const DcnMaps *maps, size_t map, float *values);

/* The layers whose maps can be shown, in the order of computation. */
typedef struct {
    int tensor;
    const char *
        name; /* what to show: the file's name where it reads well, else the short name */
    const char *short_name; /* "conv1", "relu1", "pool1", "add3": kind and number */
    const char *op;         /* "Conv", "MaxPool" */
    DcnShape shape;         /* of one image */
    DcnMaps maps;
    bool spatial; /* its maps have more than one place */
} DcnLayer;
size_t dcn_plan_layer_count(const DcnPlan *plan);
const DcnLayer *dcn_plan_layer(const DcnPlan *plan, size_t index);

/* The deepest spatial activation before the classifier's head (SqueezeNet: fire9/concat,
 * not the convolution that is the classifier). -1 if the plan has no spatial tensor. */
int dcn_plan_default_layer(const DcnPlan *plan);

/* How probabilities are computed from the numbers of a classifier's answer. */
typedef enum {
    DCN_ANSWER_SCORES, /* by their softmax; they may be logarithms already */
    DCN_ANSWER_EACH,   /* labels that do not exclude each other: by a sigmoid each */
    DCN_ANSWER_ONE,    /* one number, a yes or no: P of class 1 is its sigmoid */
    DCN_ANSWER_PROBABILITIES,   /* they are probabilities */
    DCN_ANSWER_ONE_PROBABILITY, /* one number is P of class 1 */
} DcnAnswer;

typedef struct {
    size_t classes; /* 2 where the answer is one number */
    size_t numbers; /* of the answer */
    int tensor; /* to be read: before the softmax or sigmoid, where one ends the net */
    int output; /* the answer itself, as the net gives it */
    DcnAnswer answer;
    bool softmax; /* the net ends with one, in one operator or in pieces */
    bool told;    /* the file tells that these are classes: a softmax, a sigmoid, a
                     decision or names end the net, or its numbers are probabilities. If
                     not, they may be an embedding or a regression, which look the same */
    bool unsure;  /* its steps do not tell scores from probabilities: see
                     dcn_classifier_judge() */
} DcnClassifier;

/* Where a classifier's answer is: the first output that is one number a class, or the
 * tensor called `output`, if that is not NULL. False: the net is no classifier, as its
 * outputs are boxes and what is told of them, key points, maps over the picture or an
 * embedding of a fixed length; the error is DCN_ERROR_SHAPE and names the output. Or it
 * needs what cannot be computed. */
bool dcn_plan_classifier(const DcnPlan *plan,
                         const char *output,
                         DcnClassifier *classifier,
                         DcnError *error);

/* Where steps leave it open what the numbers are, those of one image tell: none below 0
 * and a sum of 1 (to 0.001) are probabilities, all others scores. Afterwards the
 * classifier is sure; judge once and keep it, so that all images are read alike. A
 * classifier that is sure stays as it is. */
void dcn_classifier_judge(DcnClassifier *classifier, const float *numbers);

/* True if all outputs of the file can be computed, apart from those that only name
 * classes. If not, the error is the first one's; it is DCN_ERROR_SHAPE if sizes do not
 * fit. */
bool dcn_plan_is_whole(const DcnPlan *plan, DcnError *reason);

/* How a signal goes back through a step of a projection, g; docs/method.md has the
 * reasons. */
typedef enum {
    DCN_RULE_DERIVATIVE, /* by its derivative, in all methods */
    DCN_RULE_TRANSPOSED, /* the same; it is linear but for a bias, which is ignored */
    DCN_RULE_STATISTICS, /* the same, through the picture's mean and deviation too */
    DCN_RULE_STRAIGHT,   /* as if it did not round; nothing where it cut off */
    DCN_RULE_SWITCH,     /* to the place of the maximum */
    DCN_RULE_RECTIFIER,  /* deconvnet: max(0, g); guided: that, where it was active;
                          * gradient: g, where it was active */
    DCN_RULE_UNCHANGED,  /* deconvnet: unchanged; guided, gradient: the derivative */
    DCN_RULE_NOTHING,    /* it is flat: nothing comes back */
    DCN_RULE_REFUSED,    /* it cannot: a projection through it fails */
} DcnRule;

/* Steps of a plan that have one operator and one rule. */
typedef struct {
    const char *domain, *name; /* of the operator; "" is ONNX's own domain */
    DcnRule rule;
    size_t steps;
} DcnStepKind;

/* The kinds of steps that a run takes, in the order in which they first come; steps that
 * were computed when the plan was made are not among them. Fills at most `most` and
 * returns how many there are. */
size_t dcn_plan_step_kinds(const DcnPlan *plan, DcnStepKind *kinds, size_t most);

/* A node of the model that cannot be computed for a reason of its own. */
typedef struct {
    const char *node; /* its name, or that of its first output */
    const char *domain, *name;
    int opset;          /* of ONNX's own operators, where the node was written */
    bool known;         /* the core has an operator of that name */
    int since;          /* the first opset in which the core reads it; 0: any */
    size_t shut;        /* nodes that cannot be computed as they need it, itself not among
                       them; others may shut them too */
    DcnCode code;       /* of the reason */
    const char *reason; /* lives as long as the plan */
} DcnShutNode;

/* All such nodes, apart from those that only name classes. Fills at most `most`; *count:
 * how many were filled; *computed: nodes of the model that can be computed. Asks a plan
 * for DCN_FOR_SURVEYS. */
bool dcn_plan_shut_nodes(const DcnPlan *plan,
                         DcnShutNode *nodes,
                         size_t most,
                         size_t *count,
                         size_t *computed,
                         DcnError *error);

/* Scores and probabilities of all classes from the numbers of one image. score: as the
 * net has them, of a yes or no the negative one first; logarithms where it gives
 * probabilities only. score or p may be NULL. */
void dcn_classifier_read(const DcnClassifier *classifier,
                         const float *numbers,
                         float *score,
                         float *p);

/* What the net itself does to the values of its first input before it computes: channel c
 * (0 to channels - 1, 1 or 3 of them, in the net's order) becomes value * scale[c] +
 * offset[c], by its first steps, such as Sub and Div with constants, and
 * BatchNormalization. False: they do nothing of the kind. Asks a plan without
 * DCN_PASS_BATCHNORM and DCN_PASS_FUSE. */
typedef struct {
    size_t channels;
    float scale[3], offset[3];
} DcnInputScale;
bool dcn_plan_input_scale(const DcnPlan *plan, DcnInputScale *scale);

/* Which numbers the first input can stand for, where the net counts it in levels before it
 * computes: level q, from low to high, is (q - zero) * scale. made: the net makes the
 * levels of the numbers that it is fed (QuantizeLinear); else it is fed levels. False: it
 * does nothing of the kind, or not alike for all channels. */
typedef struct {
    bool made;
    float scale, zero, low, high;
} DcnInputLevels;
bool dcn_plan_input_levels(const DcnPlan *plan, DcnInputLevels *levels);

/* Boxes of channels x height x width, half open: axes 1, 2 and 3 of a tensor; absent axes
 * are 0..1. */
typedef struct {
    int64_t begin[3], end[3];
} DcnBox;

/* A unit: one place of a map. */
typedef struct {
    size_t channel, y, x;
    float value;
} DcnUnit;

/* The box of a unit of a tensor that has maps; its value does not matter. */
DcnBox dcn_plan_unit_box(const DcnPlan *plan, int tensor, const DcnUnit *unit);

/* The part of tensor `from` that can influence the box of tensor `to` (receptive field),
 * and the part of `to` that the box of `from` can influence. Exact for windows, an upper
 * bound for operators that have no rule. False if there is no path; result is then empty.
 */
bool dcn_plan_reach_back(
    const DcnPlan *plan, int to, const DcnBox *box, int from, DcnBox *result);
bool dcn_plan_reach_ahead(
    const DcnPlan *plan, int from, const DcnBox *box, int to, DcnBox *result);

/* --- session: the buffers of one run --- */

typedef struct DcnSession DcnSession;

DcnSession *dcn_session_new(const DcnPlan *plan, DcnContext *context, DcnError *error);
void dcn_session_free(DcnSession *session);

/* Where the caller writes an input before dcn_forward(): batch x count floats, image
 * after image. Inputs survive a run unless the plan's memory pass lets others use their
 * place: write before each. */
float *dcn_session_input(DcnSession *session, size_t index);

bool dcn_forward(DcnSession *session, const DcnProgress *progress, DcnError *error);

/* A tensor's values after dcn_forward(): batch x count floats. Only targets, outputs and,
 * in a plan for projection, everything that was not fused away; NULL otherwise. Valid
 * until the next run. */
const float *dcn_session_tensor(const DcnSession *session, int tensor);

/* --- strongest maps --- */

/* The strongest unit of each of the `count` strongest maps, strongest first; ties: the
 * lower channel, then row-major order. Returns how many there are. */
size_t dcn_strongest(
    const DcnSession *session, int tensor, size_t image, size_t count, DcnUnit *units);

/* The strongest unit of one map. */
DcnUnit dcn_strongest_of_map(const DcnSession *session,
                             int tensor,
                             size_t image,
                             size_t channel);

/* --- projection --- */

typedef enum {
    DCN_DECONVNET, /* Zeiler & Fergus 2014, section 2.1 */
    DCN_GUIDED,    /* Springenberg et al. 2015, "Striving for simplicity" */
    DCN_GRADIENT,  /* Simonyan et al. 2014; starts from the activation */
    DCN_METHODS,
} DcnMethod;

/* False if the three give the same for seeds in this tensor, bit by bit: between it and
 * the picture there is no rectifier, nor another step that they treat differently, as in
 * the first layers of a net or in one with ELU, SiLU or GELU for rectifiers. Of a
 * plan's first input. */
bool dcn_plan_methods_differ(const DcnPlan *plan, int tensor);

typedef struct {
    int tensor;
    size_t image;
    bool whole_map; /* every positive value of unit.channel; else one unit with its value
                     */
    DcnUnit unit;   /* value is ignored: the session's is taken */
} DcnSeed;

/* Takes a unit or a map of the session's last run back to the plan's first input.
 *
 * signal   as many floats as one image of that input, in its layout; written whole; the
 * net's own scale
 *
 * Needs a plan for projection, and a dcn_forward() before. Asks for no memory: with a
 * seed of the plan whose way to the picture has no operator that refuses, it fails only
 * if `progress` stops it. */
bool dcn_project(DcnSession *session,
                 const DcnSeed *seed,
                 DcnMethod method,
                 float *signal,
                 const DcnProgress *progress,
                 DcnError *error);

/* --- occlusion --- */

typedef struct DcnOcclusionMaps DcnOcclusionMaps;

typedef struct {
    int64_t size, step; /* of the square, in pixels of the net's input; 1 and more */
    const float *fill;  /* a whole image in the input's layout: the square shows it. */
    const char
        *layer; /* whose strongest map's activity is followed; NULL: the default layer,
                 * or none where a classifier has no layer with maps */
    int64_t channel;       /* -1: the strongest map of the whole picture */
    int64_t height, width; /* of the net's input, as in DcnPlanOptions */
    size_t batch;          /* positions a run; 0: chosen */
    size_t memory_limit;   /* as in DcnPlanOptions */

    /* A plan of the whole net for this height and width, to be asked for layers and the
     * classifier's end. NULL: one is made and freed, which takes as long as the first
     * plan of a net. */
    const DcnPlan *survey;

    const char *output; /* the classifier's answer; NULL: see dcn_plan_classifier() */

    /* Called on the caller's thread whenever cells have been added, with the maps as far
     * as they are known. Returns false to stop with the maps as they are, which is a
     * success. NULL: it is not called. */
    bool (*cells)(const DcnOcclusionMaps *maps, void *user);
    void *cells_user;
} DcnOcclusion;

/* rows x columns cells; cell (i, j) has the square's centre at (i * step + step / 2, j *
 * step + step / 2) and covers rows centre - size / 2 up to, not including, centre - size
 * / 2 + size, cut off at the edges. Cells are computed coarse to fine: those of every 8th
 * row and column, if there are 25 of both, of every 4th, of every 2nd, all. */
struct DcnOcclusionMaps {
    size_t rows, columns, classes;
    size_t channel;  /* the map that was followed */
    float *activity; /* rows x columns: the sum over the map; NULL: none is followed */
    float
        *probability; /* rows x columns x classes, NULL if the net is not a classifier */
    float *score;     /* the same before the softmax; NULL if not a classifier */
    uint32_t *best; /* rows x columns: the most probable class, the lowest one of equals;
                       or NULL */
    float base_activity;                  /* the same without a square */
    float *base_probability, *base_score; /* classes */
    uint32_t base_best;
    bool *known;    /* rows x columns: computed, for good. The others are 0 */
    size_t n_known; /* all, unless DcnOcclusion.cells stopped */
    double changed; /* of all cells the largest sum of magnitudes of the map's units, with
                       the square and without, that the square changes */
    size_t grid; /* all cells are known whose row and column are multiples of this: 8, 4,
                    2, 1; 0: not even the first of these */
};

/* A known cell that stands for (row, column): itself, or the one of every 2nd, 4th or 8th
 * row and column at or before it. Its index, row-major; SIZE_MAX if none is known. */
size_t dcn_occlusion_cell(const DcnOcclusionMaps *maps, size_t row, size_t column);

/* Two values of a map that are no further apart may differ by rounding alone: 16 units in
 * the last place (2^-23 each) of what they were added up from. An activity is the sum
 * over what the square changes, a score the largest of its class and of the best class, a
 * probability follows from these. A map whose lowest and highest value are no further
 * apart is constant. */
typedef enum {
    DCN_MAP_OF_ACTIVITY,
    DCN_MAP_OF_SCORE,
    DCN_MAP_OF_PROBABILITY,
} DcnOcclusionKind;
double dcn_occlusion_rounding(const DcnOcclusionMaps *maps,
                              DcnOcclusionKind kind,
                              size_t class_index);

/* Slides a square over one picture. input: one image in the layout of the net's first
 * input. All maps come out of one sweep. On success the caller frees the result; on
 * failure, also if progress stopped it, maps is zeroed. */
bool dcn_occlude(const DcnModel *model,
                 DcnContext *context,
                 const DcnOcclusion *options,
                 const float *input,
                 DcnOcclusionMaps *maps,
                 const DcnProgress *progress,
                 DcnError *error);
void dcn_occlusion_maps_free(DcnOcclusionMaps *maps);

/* Occludes by one net again and again. What a run can take over from those before it stays
 * in memory: the plan, if layer, answer and size are the same, and the run without a
 * square, if the picture is. So another square, what it shows, and another map begin at
 * once. The maps are those of dcn_occlude(), bit by bit. model and context outlive it. */
typedef struct DcnOccluder DcnOccluder;
DcnOccluder *dcn_occluder_new(const DcnModel *model,
                              DcnContext *context,
                              DcnError *error);
bool dcn_occluder_run(DcnOccluder *occluder,
                      const DcnOcclusion *options,
                      const float *input,
                      DcnOcclusionMaps *maps,
                      const DcnProgress *progress,
                      DcnError *error);
void dcn_occluder_free(DcnOccluder *occluder); /* NULL is accepted */

/* P from scores, numerically safe: p[k] = exp(s[k] - max) / sum. p may be s. */
void dcn_softmax(const float *score, size_t count, float *p);

/* --- pixels to planes --- */

/* What the net wants done to R'G'B' values 0..1: value * range, minus mean, divided by
 * std, in order. mean and std are in the order of the net's channels. */
typedef struct {
    bool bgr;
    float range; /* 1 or 255 */
    float mean[3], std[3];
    bool linear; /* value is light, decoded by sRGB's curve, and not R'G'B' */
} DcnPreprocessing;

/* An encoded value of sRGB as light, and back; black is 0 and white 1 in both. */
float dcn_light(float encoded);
float dcn_encoded(float light);

/* rgb: height x width x 3, row-major, encoded R'G'B' 0..1. input: the net's input in its
 * layout, with 1 or 3 channels; one channel is the luma 0.299 R + 0.587 G + 0.114 B, of
 * light the luminance 0.2126 R + 0.7152 G + 0.0722 B. */
void dcn_input_from_rgb(const DcnPreprocessing *how,
                        const DcnInputLayout *layout,
                        size_t height,
                        size_t width,
                        const float *rgb,
                        float *input);

/* The projected signal as three channels in R, G, B order (one channel is tripled),
 * undivided: sign and scale are the net's. rgb: height x width x 3. */
void dcn_signal_to_rgb(const DcnPreprocessing *how,
                       const DcnInputLayout *layout,
                       size_t height,
                       size_t width,
                       const float *signal,
                       float *rgb);

#endif
