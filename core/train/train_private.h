/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train_private.h: the inside of DcnTrainer.
 *
 *     trainer.c     what is learned; making and freeing
 *     gradient.c    one pass forward and back over the batch
 *     loss.c        the two losses
 *     sgd.c         the step */
#ifndef DCN_TRAIN_TRAIN_PRIVATE_H
#define DCN_TRAIN_TRAIN_PRIVATE_H

#include "run/session_private.h"
#include "trainer.h"

struct DcnTrainer {
    const DcnModel *model;
    DcnPlan *plan;
    DcnSession *session;
    DcnContext *context;
    DcnLoss loss;
    size_t classes;
    int scores; /* the tensor z that the loss is taken of */
    float *targets;
    DcnRandom random;

    size_t n_parameters;
    DcnParameter *parameters;
    float *memory;        /* of gradients, then velocities */
    size_t memory_floats; /* of one of both */

    float **of_value; /* by plan value: the gradient of a parameter, or NULL */
    bool *path;       /* by plan value: lies between a parameter and the scores */
};

/* Loss and, in dz, its gradient by z; all batch x classes. */
double dcn_loss(DcnLoss loss,
                size_t batch,
                size_t classes,
                const float *z,
                const float *targets,
                float *dz);

/* Marks trainer->path. False: no parameter has a way to the scores, or an operator on the
 * way has no derivative. */
bool dcn_gradient_path(DcnTrainer *trainer, DcnError *error);

/* One pass. draw: Dropout draws its masks anew, else it takes those that are there. */
double dcn_gradient_pass(DcnTrainer *trainer, bool draw, bool update);

/* The mask of a Dropout node, count times 0 or 1 for each image, stride bytes apart;
 * NULL: there is none. */
char *dcn_trainer_mask(DcnTrainer *trainer,
                       const char *node,
                       size_t *count,
                       size_t *stride);

#endif
