/* SPDX-License-Identifier: GPL-3.0-or-later */
/* card.h: how pictures are prepared for a model, and what its classes are called.
 *
 * NAME.ini beside NAME.onnx comes first, then the metadata of the ONNX file, then the
 * conventions of ImageNet nets, or of Caffe's for nets that Caffe made. models/README.md
 * documents the keys. */
#ifndef CARD_H
#define CARD_H

#include "dcn.h"
#include "net/labels.h"

/* A picture's side beyond this is a mistake in a card. */
#define CARD_LARGEST_SIDE 16384

typedef enum {
    CARD_SAID,     /* by card or metadata */
    CARD_IMAGENET, /* assumed: R G B, mean and deviation of ImageNet's pictures */
    CARD_CAFFE,    /* assumed: B G R, 0 to 255, mean 104 117 123 */
} CardSource;

typedef struct {
    char *name; /* for people */
    DcnPreprocessing how;
    CardSource source;
    int height, width; /* where the net leaves them open; 0: not said */
    Labels labels;     /* none: not said */
} Card;

/* models: the folder of shipped lists of names. channels: of the net's input, 1 or 3. */
gboolean card_read(Card *card,
                   const char *model_path,
                   const DcnModel *model,
                   int channels,
                   const char *models,
                   GError **error);
void card_clear(Card *card);

#endif
