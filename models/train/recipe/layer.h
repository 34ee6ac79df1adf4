/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer.h: one line of a recipe's [layers]: a kind of layer and its numbers.
 *
 *     conv1=conv maps 48 size 7 stride 2 pad 3
 *
 * The key is the name of the tensor that the layer makes; the names of its weights begin
 * with that name. */
#ifndef TRAIN_RECIPE_LAYER_H
#define TRAIN_RECIPE_LAYER_H

#include <glib.h>

typedef enum {
    LAYER_CONV,
    LAYER_BATCHNORM,
    LAYER_RELU,
    LAYER_MAXPOOL,
    LAYER_MEANPOOL,
    LAYER_CELLS,   /* means of count x count parts of a map, all of one size */
    LAYER_AVERAGE, /* of a whole map */
    LAYER_LRN,     /* AlexNet's and ZFNet's normalisation across maps */
    LAYER_UNIT,    /* all maps at a place, behind flatten all values: length 1 */
    LAYER_DROPOUT,
    LAYER_FLATTEN,
    LAYER_LINEAR,
    LAYER_SOFTMAX,
    LAYER_SIGMOID,
    LAYER_KINDS
} LayerKind;

typedef enum {
    NUMBER_MAPS, /* of a convolution, outputs of a linear layer; 0: one a class */
    NUMBER_SIZE,
    NUMBER_STRIDE,
    NUMBER_PAD, /* on each side */
    NUMBER_GROUPS,
    NUMBER_CEIL,  /* 1: the last window may hang over the edge */
    NUMBER_RATIO, /* that is dropped */
    NUMBER_ALPHA,
    NUMBER_BETA,
    NUMBER_BIAS,
    NUMBER_COUNT, /* of cells on a side */
    LAYER_NUMBERS
} LayerNumber;

typedef struct {
    char *name;
    LayerKind kind;
    double number[LAYER_NUMBERS];
} Layer;

/* text: what stands behind the "=". layer->name is a copy. */
gboolean layer_parse(Layer *layer, const char *name, const char *text, GError **error);
void layer_clear(Layer *layer);

#endif
