/* SPDX-License-Identifier: GPL-3.0-or-later */
/* teacher.h: a net whose answers another one learns (Hinton, Vinyals & Dean 2015,
 * "Distilling the knowledge in a neural network").
 *
 * The teacher sees the pictures of the batch as they were varied and mixed, brought to
 * its own size and preprocessing. softmax(its scores / temperature) takes the share
 * `weight` of the targets. The pupil's own scores are not divided by the temperature. */
#ifndef TRAIN_RUN_TEACHER_H
#define TRAIN_RUN_TEACHER_H

#include "recipe/build.h"

typedef struct Teacher Teacher;

/* pupil: how the input that it will see is preprocessed. */
Teacher *teacher_new(const Recipe *recipe,
                     const Pupil *pupil,
                     gsize classes,
                     gsize batch,
                     DcnContext *context,
                     const char *data,
                     GError **error);
void teacher_free(Teacher *teacher);

/* input: batch images as the pupil sees them; targets: batch x classes, changed. */
gboolean teacher_tell(Teacher *teacher,
                      const float *input,
                      float *targets,
                      GError **error);

#endif
