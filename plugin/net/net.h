/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net.h: a model as a procedure needs it: opened once, with its card, size and names. */
#ifndef NET_H
#define NET_H

#include "base/param.h"
#include "net/card.h"
#include "photo/region.h"

typedef struct {
    char *path;
    char **files; /* the model's own, then those of weights that belong to it */
    DcnModel *model;
    Card card;
    DcnInputLayout layout;
    int height, width, channels; /* of the input, settled */
    DcnPlan *survey;             /* see net_survey() */
} Net;

/* Opens a model, or finds it opened; empty: the built-in one. If its file has changed it
 * is opened again, while who has the old one keeps it until net_forget(). Borrowed. */
Net *net_open(const char *path, GError **error);

/* SHA-256 in hexadecimal, of the model's file; if weights lie in others, of the sums of
 * all its files. NULL if one cannot be read. g_free(). */
char *net_hash(const Net *net);

/* Forgets all models; nothing of them may be in use. */
void net_forget(void);

/* A plan of the whole net that tells of layers and classes and is not run. Borrowed. */
const DcnPlan *net_survey(Net *net, GError **error);

/* A plan of one picture. tensor: computed and kept, NULL: all outputs.
 * dcn_plan_free(). */
DcnPlan *net_plan(const Net *net, const char *tensor, gboolean backward, GError **error);

/* The same with more said: height and width are filled in. */
DcnPlan *net_plan_with(const Net *net, DcnPlanOptions options, GError **error);

/* A layer: the tensor's name for the core, and what results show. */
typedef struct {
    char *tensor, *shown;
} NetLayer;
void net_layer_clear(NetLayer *layer);

/* The layer that is wanted, or the default one if the name is empty. */
gboolean net_layer(Net *net, const char *wanted, NetLayer *layer, GError **error);

/* Fails with a sentence that says so if the net is no classifier. */
gboolean net_classifier(Net *net, DcnClassifier *classifier, GError **error);

/* Names of classes; none if the model has no list that fits its number of classes, which
 * the user is told. ImageNet's if nothing is said and the number is 1000 or, with a
 * background before them, 1001. labels_clear(). */
Labels net_labels(const Net *net, gsize classes);

/* Values of one picture's input. */
gsize net_input_count(const Net *net);

/* The colour that preprocessing takes to zero. */
void net_neutral(const Net *net, float rgb[3]);

/* Tells the user if nobody said how pictures are prepared for the net. */
void net_tell(const Net *net);

/* Of a parameter "layer" that must be a convolution: the first one if the name is empty;
 * a failure offers the nearest. layer->tensor is what dcn_plan_kernels() of the survey
 * takes. */
gboolean net_convolution(
    Net *net, const char *wanted, NetLayer *layer, DcnKernels *kernels, GError **error);
GPtrArray *net_pick_convolutions(const ParamValues *values, GError **error);

/* fill() of parameters: layers, labels of the model named by the parameter "model". */
GPtrArray *net_pick_layers(const ParamValues *values, GError **error);
GPtrArray *net_pick_labels(const ParamValues *values, GError **error);

/* Parameters that most tables have. blurb, label: N_() where they stand. */
#define NET_MODEL(blurb_)                                                                \
    {                                                                                    \
        .name = "model", .type = PARAM_FILE, .label = N_("_Model"), .blurb = blurb_,     \
        .empty = N_("Built in")                                                          \
    }
#define NET_LAYER(blurb_)                                                                \
    {                                                                                    \
        .name = "layer", .type = PARAM_PICK, .label = N_("La_yer"), .blurb = blurb_,     \
        .empty = N_("Default"), .fill = net_pick_layers, .depends = "model"              \
    }
#define NET_LABEL(blurb_)                                                                \
    {                                                                                    \
        .name = "label", .type = PARAM_PICK, .label = N_("La_bel"), .blurb = blurb_,     \
        .empty = N_("The predicted one"), .fill = net_pick_labels, .depends = "model"    \
    }
#define NET_EXPORT(blurb_)                                                               \
    {                                                                                    \
        .name = "data", .type = PARAM_SAVE, .label = N_("E_xport numbers to"),           \
        .blurb = blurb_, .empty = N_("None"), .advanced = TRUE                           \
    }
#define NET_THREADS(label_)                                                              \
    {                                                                                    \
        .name = "threads", .type = PARAM_INT, .label = label_,                           \
        .blurb = N_("Processors to use; 0: all"), .max = 256, .advanced = TRUE           \
    }

#endif
