/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trainer.h: functions that train a model. The rules of dcn.h hold here too.
 *
 *     DcnTrainer *trainer = dcn_trainer_new(model, context, &options, &error);
 *     for each batch:
 *         fill dcn_trainer_input() and dcn_trainer_targets()
 *         dcn_trainer_run(trainer, true, &loss, &error);
 *         dcn_trainer_step(trainer, &sgd);
 *     dcn_trainer_store(trainer, model, &error); */
#ifndef DCN_TRAINER_H
#define DCN_TRAINER_H

#include "dcn.h"

typedef struct DcnTrainer DcnTrainer;

typedef enum {
    DCN_LOSS_SOFTMAX, /* cross-entropy of softmax(z) with t, mean over images */
    DCN_LOSS_SIGMOID, /* binary cross-entropy of each class, mean over images and classes
                       */
} DcnLoss;

typedef struct {
    size_t batch;          /* images a step */
    int64_t height, width; /* as in DcnPlanOptions */
    const char *start; /* inputs are values of this tensor: what comes before stays as it
                          is, and is not computed. NULL: pictures */
    DcnLoss loss;
    bool dropout;  /* Dropout drops */
    uint64_t seed; /* of dropout */
    size_t memory_limit;
} DcnTrainerOptions;

/* Something that is learned, or a running statistic (gradient and velocity NULL). */
typedef struct {
    const char *name; /* of the initialiser */
    DcnShape shape;
    size_t count;
    bool filters; /* weights of a convolution: maps x C / groups x height x width */
    float *value, *gradient, *velocity;
} DcnParameter;

/* Copies what is to be learned out of the model, which it borrows. The loss is taken at
 * the input of a last Softmax or Sigmoid, else at the output. Learned are: weights,
 * biases, slopes and scales that are float initialisers; not: bounds, paddings, shapes.
 */
DcnTrainer *dcn_trainer_new(const DcnModel *model,
                            DcnContext *context,
                            const DcnTrainerOptions *options,
                            DcnError *error);
void dcn_trainer_free(DcnTrainer *trainer);

size_t dcn_trainer_parameter_count(const DcnTrainer *trainer);
const DcnParameter *dcn_trainer_parameter(const DcnTrainer *trainer, size_t index);

/* To be filled before a run: batch x count of the input; batch x classes of t, which is a
 * distribution (the caller applies label smoothing, mixtures or a teacher's outputs) or,
 * with DCN_LOSS_SIGMOID, 0 and 1. */
float *dcn_trainer_input(DcnTrainer *trainer);
const DcnShape *dcn_trainer_input_shape(const DcnTrainer *trainer);
float *dcn_trainer_targets(DcnTrainer *trainer);
size_t dcn_trainer_classes(const DcnTrainer *trainer);

/* Forward and back: loss, scores and all gradients. A pass that a step follows moves
 * running statistics too. */
bool dcn_trainer_run(DcnTrainer *trainer, bool update, double *loss, DcnError *error);

/* batch x classes of z, of the last run. */
const float *dcn_trainer_scores(const DcnTrainer *trainer);

/* d = g + decay * w; v = momentum * v + d; w -= rate * (nesterov ? d + momentum * v : v).
 * Then filters whose root mean square passes rms_limit (0: none) are brought back to it
 * (Zeiler & Fergus 2014, section 3). */
typedef struct {
    float rate, momentum, decay;
    bool nesterov;
    bool decay_weights_only; /* not biases, scales and shifts: parameters of rank 1 */
    float rms_limit;
} DcnSgd;
void dcn_trainer_step(DcnTrainer *trainer, const DcnSgd *sgd);

/* The state of dropout's generator, to be kept and set for a resumed run. */
uint64_t *dcn_trainer_random(DcnTrainer *trainer);

/* Writes all parameters back into a model of the same initialisers: the one it came from
 * or another. */
bool dcn_trainer_store(const DcnTrainer *trainer, DcnModel *model, DcnError *error);

/* --- a small seeded generator, whose numbers are equal on every machine */

/* The whole state: saved and restored by copying. */
typedef struct DcnRandom {
    uint64_t state;
} DcnRandom;

/* A stream of its own for each pair, so that what one image draws does not depend on how
 * many numbers another took. */
DcnRandom dcn_random_seed(uint64_t seed, uint64_t stream);

uint64_t dcn_random_bits(DcnRandom *random);
double dcn_random_unit(DcnRandom *random);   /* 0 to, not including, 1 */
double dcn_random_normal(DcnRandom *random); /* mean 0, variance 1 */
/* Values of mean 0 and this deviation: initial weights, before any training. */
void dcn_random_weights(DcnRandom *random, double deviation, float *values, size_t count);
uint64_t dcn_random_below(DcnRandom *random, uint64_t limit); /* 0 .. limit - 1 */

/* --- threads that prepare inputs */

/* From here on numbers below 1e-38 count as zero in this thread, as in the core's own
 * threads: on most processors each of them costs as much as a hundred others. Returns
 * what the thread did before, for dcn_restore_denormals(). */
uint64_t dcn_zero_denormals(void);
void dcn_restore_denormals(uint64_t before);

#endif
