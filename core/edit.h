/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit.h: functions that compose, change and write a model. The rules of dcn.h hold here
 * too. */
#ifndef DCN_EDIT_H
#define DCN_EDIT_H

#include "dcn.h"

/* An empty model (ONNX opset 13), to be filled in the order of computation: names that a
 * node reads must be there. */
DcnModel *dcn_model_new(DcnError *error);

/* Open axes are -1; the first axis of a picture's input is the batch. */
bool dcn_model_add_input(DcnModel *model,
                         const char *name,
                         const DcnShape *shape,
                         DcnError *error);
bool dcn_model_add_output(DcnModel *model, const char *name, DcnError *error);

/* ints: count of them; else f (if number) or, with text, a string. An attribute "axis" of
 * one integer and a list of one are different things in ONNX: list says which. */
typedef struct {
    const char *name;
    bool list;           /* a list of integers */
    const int64_t *ints; /* NULL: a float or a string */
    size_t n_ints;
    const char *text; /* NULL: a float */
    float number;
} DcnNodeAttribute;

/* A node of one output. The node is called as its output is. */
bool dcn_model_add_node(DcnModel *model,
                        const char *type,
                        const char *output,
                        const char *const *inputs,
                        size_t n_inputs,
                        const DcnNodeAttribute *attributes,
                        size_t n_attributes,
                        DcnError *error);

/* How many windows a convolution or a pool has along an axis of n places, with their
 * padding before and behind: 224 places, 3 and 3, an extent of 7 (dilation included) and
 * stride 2 make 112. ceil: a last window may hang over the end. 0: none fits. */
int64_t dcn_window_count(
    int64_t n, int64_t begin, int64_t end, int64_t extent, int64_t stride, bool ceil);

/* Sets the initialiser of that name, or adds it. values are copied; NULL: zeroes. Plans
 * that were made of the model before must have been freed, as they read its weights in
 * place. */
bool dcn_model_set_weights(DcnModel *model,
                           const char *name,
                           const DcnShape *shape,
                           const float *values,
                           DcnError *error);

/* The initialiser of that name; false if there is none. */
bool dcn_model_weights(const DcnModel *model, const char *name, DcnTensor *tensor);

/* Sets a value of metadata_props; NULL removes it. */
bool dcn_model_set_metadata(DcnModel *model,
                            const char *key,
                            const char *value,
                            DcnError *error);

/* The classifier's last layer gets `classes` classes: the last Gemm, MatMul or 1x1 Conv
 * with stored weights. These are drawn from a normal distribution of deviation 0.01
 * (Krizhevsky et al. 2012, section 5): zeroes could learn nothing where a rectifier
 * follows, as in SqueezeNet. Its bias becomes 0. name (may be NULL) receives the name of
 * its weights. */
bool dcn_model_new_head(
    DcnModel *model, size_t classes, uint64_t seed, const char **name, DcnError *error);

/* Makes the model end at this tensor: nodes that it does not need are removed, and so are
 * all outputs. Nodes and an output can be added afterwards. The names of removed tensors
 * stay in use and cannot be given again. */
bool dcn_model_cut(DcnModel *model, const char *tensor, DcnError *error);

/* Takes each BatchNormalization that follows a convolution alone into its weights. */
bool dcn_model_fold_batchnorm(DcnModel *model, DcnError *error);

/* Writes an ONNX file: all weights inside, in little-endian order. It appears whole or
 * not at all: a file that stood there before survives a full disk. */
bool dcn_model_write(const DcnModel *model, const char *path, DcnError *error);

#endif
