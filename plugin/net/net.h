/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net.h: a model as a procedure needs it: opened once, with its card, size and names. */
#ifndef FEATURESCOPE_NET_NET_H
#define FEATURESCOPE_NET_NET_H

#include "net/card.h"

typedef struct {
    char *path;
    char **files; /* the model's own, then those of weights that belong to it */
    DcnModel *model;
    Card card;
    DcnInputLayout layout;
    int height, width, channels; /* of the input, settled */
    DcnPlan *survey;             /* see net_survey() */
    gboolean found_size;         /* height and width are what the layers fit */
    gboolean told, told_answer;  /* see net_tell(), net_tell_answer() */
    gboolean judged;             /* answer is what one run showed */
    DcnAnswer answer;
} Net;

/* Opens a model, or finds it opened; empty: the built-in one. If its file has changed it
 * is opened again; a caller that holds the old one may use it until net_forget().
 * Borrowed. */
Net *net_open(const char *path, GError **error);

/* From now on models are read into memory instead of being mapped, which takes longer and
 * more memory, and no signal is caught (cut.h): for a process that is not ours. */
void net_copy_files(void);

/* Fails if a file of the model was cut off or written anew in place since it was opened:
 * then what was computed since may be of a mixture. (One that another file took the place
 * of is read on as it was.) Asked after each run, in any thread. */
gboolean net_steady(const Net *net, GError **error);

/* SHA-256 in hexadecimal, of the model's file; if weights lie in others, of the sums of
 * all its files. NULL if one cannot be read. g_free(). */
char *net_hash(const Net *net);

/* Forgets all models; nothing of them may be in use. */
void net_forget(void);

/* Writes the preparation into the model's card, and its path to card (g_free()): beside
 * the model or, where that cannot be, into the user's folder. The next net_open() opens
 * the model again. Models that ship keep theirs. */
gboolean net_feed_as(const Net *net,
                     const DcnPreprocessing *how,
                     char **card,
                     GError **error);

/* A plan of the whole net that tells of layers and classes and is not run. Borrowed. */
const DcnPlan *net_survey(Net *net, GError **error);

/* A plan; height and width of the options are filled in. dcn_plan_free(). */
DcnPlan *net_plan(const Net *net, DcnPlanOptions options, GError **error);

/* A layer: the tensor's name for the core, and what results show. */
typedef struct {
    char *tensor, *shown;
} NetLayer;
void net_layer_clear(NetLayer *layer);

/* The layer that is wanted, or the default one if the name is empty. */
gboolean net_layer(Net *net, const char *wanted, NetLayer *layer, GError **error);

/* FALSE: the net has fully connected layers only, so there is no default layer. Fails
 * with a sentence that says what can be done with such a net. */
gboolean net_has_maps(Net *net);
gboolean net_fail_without_maps(const Net *net, GError **error);

/* What a result calls a tensor of the survey: its layer's name, if it is one. */
const char *net_shown_name(const DcnPlan *survey, int tensor);

/* The maps of a tensor of a plan, which is called `shown`. Fails if it has none. */
gboolean net_maps(
    const DcnPlan *plan, int tensor, const char *shown, DcnMaps *maps, GError **error);

/* Fails if the layer has no map of this number. Below zero: none is asked for. */
gboolean net_check_map(gint64 map, gsize maps, const char *shown, GError **error);

/* The answer (net_answer.c). Fails if the net is no classifier, with a sentence that
 * names the output and says what can be done with the net. Where only its numbers tell
 * whether they are probabilities, it is run once, and the user is told. */
gboolean net_classifier(Net *net, DcnClassifier *classifier, GError **error);

/* Tells the user, once for a model that is open, that the answer is a guess, if neither
 * the net nor names say that it is one of classes. */
void net_tell_answer(const Net *net, const DcnClassifier *classifier);

/* Names of classes; none if the model has no list that fits its number of classes, which
 * the user is told. ImageNet's if nothing is said and the number is 1000 or, with a
 * background before them, 1001. labels_clear(). */
Labels net_labels(const Net *net, gsize classes);

/* The same without a word to the user. *from, translated: where they were found, NULL if
 * they follow from there being one number; without names why, NULL if nobody says any.
 * g_free(). */
Labels net_find_labels(const Net *net, gsize classes, char **from);

/* Pixels of a picture, and values of its input. */
gsize net_pixels(const Net *net);
gsize net_input_count(const Net *net);

/* A picture as the network's input. rgb: height x width x 3, R'G'B'. */
void net_input(const Net *net, const float *rgb, float *input);

/* The colour that preprocessing, or the net's own first steps, take to zero. */
void net_neutral(const Net *net, float rgb[3]);

/* Tells the user, once for a model that is open, what was assumed and why, if neither
 * card nor file says how pictures are prepared for the net. */
void net_tell(const Net *net);

/* The same as a text for a window, which counts as told; NULL: nothing was assumed.
 * g_free() */
char *net_remark(const Net *net);

/* Of a parameter "layer" that must be a convolution: the first one if the name is empty;
 * a failure offers the nearest. layer->tensor is what dcn_plan_kernels() of the survey
 * takes. */
gboolean net_convolution(
    Net *net, const char *wanted, NetLayer *layer, DcnKernels *kernels, GError **error);

/* The next convolution in the survey's list of layers, from *index on; NULL: no more. */
const DcnLayer *net_next_convolution(const DcnPlan *survey,
                                     gsize *index,
                                     DcnKernels *kernels);

#endif
