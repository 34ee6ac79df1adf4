/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picks.h: lists to choose from in a dialog, and the parameters that most tables have. */
#ifndef FEATURESCOPE_NET_PICKS_H
#define FEATURESCOPE_NET_PICKS_H

#include "base/param.h"
#include "net/net.h"

/* fill() of parameters: layers, convolutions, labels of the model that the parameter
 * "model" names. */
GPtrArray *net_pick_layers(const ParamValues *values, GError **error);
GPtrArray *net_pick_convolutions(const ParamValues *values, GError **error);
GPtrArray *net_pick_labels(const ParamValues *values, GError **error);

/* The same of a list of layers, which has no default among them. */
GPtrArray *net_pick_listed(const ParamValues *values, GError **error);
/* hint() of parameters: what the empty text of "layer" stands for, "relu7 (default)"; of
 * a convolution, "conv1 (the first)". NULL if that cannot be told. */
char *net_hint_layer(const ParamValues *values);
char *net_hint_convolution(const ParamValues *values);

/* The same of a net: all layers, and the one by default in words. */
GPtrArray *net_list_layers(Net *net, GError **error);
char *net_usual_layer(Net *net);

/* What is assumed of the model of the parameter "model"; see net_remark(). */
char *net_pick_remark(const ParamValues *values);

/* Whether the model has the layer of the parameter "layer", and the labels of "label" or
 * "labels". */
gboolean net_valid_layer(const ParamValues *values, GError **error);
gboolean net_valid_label(const ParamValues *values, GError **error);
gboolean net_valid_labels(const ParamValues *values, GError **error);

/* The layers of the parameter "layers", at most NET_MOST_LAYERS; none if it is empty.
 * Cleared by net_layers_clear(), also after a failure. */
#define NET_MOST_LAYERS 4
typedef struct {
    NetLayer layers[NET_MOST_LAYERS];
    gsize count;
} NetLayers;
gboolean net_layers(NetLayers *layers,
                    Net *net,
                    const ParamValues *values,
                    GError **error);
void net_layers_clear(NetLayers *layers);
gboolean net_valid_layers(const ParamValues *values, GError **error);

/* Parameters that most tables have. blurb, label: N_() where they stand. */
#define NET_MODEL(blurb_)                                                                \
    {                                                                                    \
        .name = "model", .type = PARAM_FILE, .label = N_("_Model"), .blurb = blurb_,     \
        .empty = N_("Built in"), .pattern = "*.onnx", .shared = TRUE,                    \
        .remark = net_pick_remark                                                        \
    }
#define NET_LAYER(blurb_)                                                                \
    {                                                                                    \
        .name = "layer", .type = PARAM_PICK, .label = N_("Network la_yer"),              \
        .blurb = blurb_, .empty = N_("Default"), .hint = net_hint_layer,                 \
        .fill = net_pick_layers, .depends = "model", .valid = net_valid_layer            \
    }
#define NET_LAYERS(blurb_, empty_)                                                       \
    {                                                                                    \
        .name = "layers", .type = PARAM_PICKS, .label = N_("Network la_yers"),           \
        .blurb = blurb_, .empty = empty_, .fill = net_pick_listed, .depends = "model",   \
        .valid = net_valid_layers                                                        \
    }
#define NET_LABEL(blurb_)                                                                \
    {                                                                                    \
        .name = "label", .type = PARAM_PICK, .label = N_("La_bel"), .blurb = blurb_,     \
        .empty = N_("The predicted one"), .fill = net_pick_labels, .depends = "model",   \
        .valid = net_valid_label                                                         \
    }
#define NET_EXPORT(blurb_)                                                               \
    {                                                                                    \
        .name = "data", .type = PARAM_SAVE, .label = N_("E_xport numbers to"),           \
        .blurb = blurb_, .empty = N_("None"), .advanced = TRUE                           \
    }
#define NET_THREADS(label_)                                                              \
    {                                                                                    \
        .name = "threads", .type = PARAM_INT, .label = label_,                           \
        .blurb = N_("Processors to use; 0: all"), .max = 256, .empty = N_("All"),        \
        .advanced = TRUE                                                                 \
    }

#endif
