/* SPDX-License-Identifier: GPL-3.0-or-later */
/* checkpoint.h: the files that a training leaves after each epoch. */
#ifndef TRAIN_RUN_CHECKPOINT_H
#define TRAIN_RUN_CHECKPOINT_H

#include "recipe/build.h"

/* Paths beside OUT.onnx; see train.h. */
typedef struct {
    char *out, *unfolded, *state, *csv, *epochs;
} Files;

gboolean files_name(Files *files, const char *out, GError **error);
void files_clear(Files *files);

/* The net as it will be written: pupil's weights, folded if the recipe says so. It is
 * read from files->unfolded, which is written first, and which must stay as it is while
 * the result lives. NULL with an error. */
DcnModel *checkpoint_open(const Files *files,
                          const Pupil *pupil,
                          const Recipe *recipe,
                          GError **error);

/* Writes OUT.onnx and, when it is due, the epoch's file. */
gboolean checkpoint_write(const Files *files,
                          const DcnModel *model,
                          const Recipe *recipe,
                          gsize epoch,
                          GError **error);

#endif
