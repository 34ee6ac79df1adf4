/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.h: what a model's own file, and files of other programs beside it, say of how
 * pictures are prepared.
 *
 * Read are ONNX's keys for images (Image.BitmapPixelFormat, Image.NominalPixelRange),
 * those of Ultralytics (names, imgsz, task), and mean, std, input_size and id2label as timm
 * and Hugging Face's programs write them into metadata, preprocessor_config.json and
 * config.json; lists of names in labels.txt, classes.txt and synset.txt. */
#ifndef WORDS_H
#define WORDS_H

#include "dcn.h"
#include "net/labels.h"

typedef struct {
    char *preparation;    /* what said how pictures are prepared; NULL: nothing did */
    DcnPreprocessing how; /* if so */
    int height, width;    /* 0: not said */
    Labels labels;        /* none: not said */
} Words;

/* Never fails: what cannot be read says nothing. words_clear(). */
void words_read(Words *words, const char *model_path, const DcnModel *model);
void words_clear(Words *words);

#endif
