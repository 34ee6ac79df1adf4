/* SPDX-License-Identifier: GPL-3.0-or-later */
/* card.h: how pictures are prepared for a model, and what its classes are called.
 *
 * A card (card_file.h) comes first, then the metadata of the ONNX file under our own
 * keys, then what other programs write into the file or beside it (words.h). What none of
 * them says is guessed from the net (guess.h). models/README.md documents the keys. */
#ifndef FEATURESCOPE_NET_CARD_H
#define FEATURESCOPE_NET_CARD_H

#include "dcn.h"
#include "net/labels.h"
#include "net/words.h"

/* A picture's side beyond this is a mistake in a card. */
#define CARD_LARGEST_SIDE 16384

/* Where the preparation of pictures comes from. */
typedef enum {
    CARD_SILENT,   /* nobody says; guess_feeding() comes next */
    CARD_SAID,     /* by card, or metadata under our keys */
    CARD_WORDS,    /* by other words of the file, or files beside it */
    CARD_WHOLE,    /* guessed, for an input of integers: 0 to 255, or -128 to 127 */
    CARD_INSIDE,   /* for a net whose first steps subtract or scale */
    CARD_LEVELS,   /* for an input that is counted in levels: what they stand for */
    CARD_CAFFE,    /* for Caffe's names: B G R, 0 to 255, mean 104 117 123 */
    CARD_KERAS,    /* for N x H x W x C and TensorFlow's names */
    CARD_GRAY,     /* for one channel: 0 to 1 */
    CARD_IMAGENET, /* R G B, mean and deviation of ImageNet's pictures */
} CardSource;

typedef enum {
    CARD_GUESSED, /* what most nets of the kind want */
    CARD_LIKELY,  /* something in the net tells */
    CARD_CERTAIN, /* said */
} CardSure;

typedef struct {
    char *name; /* for people */
    char *path; /* of the card; NULL: there is none */
    DcnPreprocessing how;
    CardSource source;
    CardSure sure;
    char *because; /* a part of a sentence, translated: why it is so */
    float
        inside[3]; /* by channel, what is fed where the net's first steps make 0 of it */
    int height, width; /* where the net leaves them open; 0: not said */
    Labels labels;     /* none: not said */
    char *labels_from; /* what said them: "net.ini"; NULL: nothing did */
    Words words;       /* other lists of names */
    char *output;      /* the name of the output that is the answer; NULL: not said */
} Card;

/* models: the folder of shipped lists of names. */
gboolean card_read(Card *card,
                   const char *model_path,
                   const DcnModel *model,
                   const char *models,
                   GError **error);
void card_clear(Card *card);

/* How pictures are fed, for people: "0…255, B G R, minus a mean". channels: 1 or 3.
 * g_free(). */
char *card_feeding(const Card *card, int channels);

#endif
