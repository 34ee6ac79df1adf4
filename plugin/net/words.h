/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.h: what a model's own file, and files of other programs beside it, say of how
 * pictures are prepared and of the names of classes.
 *
 * Read are ONNX's keys for images (Image.BitmapPixelFormat, Image.NominalPixelRange,
 * Image.ColorSpaceGamma),
 * those of Ultralytics (names, imgsz, task), and mean, std, input_size and id2label as
 * timm and Hugging Face's programs write them into metadata, preprocessor_config.json and
 * config.json; lists of names in labels.txt, classes.txt and synset.txt. */
#ifndef FEATURESCOPE_NET_WORDS_H
#define FEATURESCOPE_NET_WORDS_H

#include "dcn.h"
#include "net/labels.h"

#define WORDS_MOST_LISTS 8

typedef struct {
    char *preparation;    /* what said how pictures are prepared; NULL: nothing did */
    DcnPreprocessing how; /* if so */
    gboolean linear;      /* pictures are fed as light, whoever says the rest */
    int height, width;    /* 0: not said */
    Labels
        lists[WORDS_MOST_LISTS]; /* of names, in the order in which they are believed */
    const char *said_in[WORDS_MOST_LISTS]; /* where each was found: "labels.txt" */
    gsize n_lists;
} Words;

/* Never fails: what cannot be read says nothing. words_clear(). */
void words_read(Words *words, const char *model_path, const DcnModel *model);
void words_clear(Words *words);

/* The first list of this length: a list of another one belongs to another net. NULL:
 * there is none. *said_in: where it was found; may be NULL. */
const Labels *words_labels(const Words *words, gsize classes, const char **said_in);

#endif
