/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net.c: a model as a procedure needs it: plans, layers, classes. */

#include "net/net.h"
#include "base/fail.h"
#include <string.h>

/* --- plans --- */

DcnPlan *
net_plan_with(const Net *net, DcnPlanOptions options, GError **error)
{
    DcnError core = {0};
    options.height = net->height;
    options.width = net->width;
    DcnPlan *made = dcn_plan_new(net->model, &options, &core);
    if (!made)
        fail_core(error, &core);
    return made;
}

static DcnPlan *
plan(const Net *net, const char *tensor, gboolean backward, unsigned off, GError **error)
{
    return net_plan_with(
        net,
        (DcnPlanOptions){
            .targets = &tensor,
            .n_targets = tensor != NULL,
            .purpose = backward ? DCN_FOR_PROJECTION : DCN_FOR_RUNS,
            .passes_off = off | DCN_PASS_WINOGRAD, /* one run does not pay for it */
        },
        error);
}

const DcnPlan *
net_survey(Net *net, GError **error)
{
    /* Nothing folded or fused, so that every tensor can be asked for. */
    if (!net->survey)
        net->survey = plan(net, NULL, FALSE, DCN_PASS_ALL & ~DCN_PASS_MEMORY, error);
    return net->survey;
}

DcnPlan *
net_plan(const Net *net, const char *tensor, gboolean backward, GError **error)
{
    return plan(net, tensor, backward, 0, error);
}

void
net_layer_clear(NetLayer *layer)
{
    g_free(layer->tensor);
    g_free(layer->shown);
    *layer = (NetLayer){0};
}

static const char *
shown_name(const DcnPlan *survey, int tensor)
{
    for (gsize i = 0; i < dcn_plan_layer_count(survey); i++)
        if (dcn_plan_layer(survey, i)->tensor == tensor)
            return dcn_plan_layer(survey, i)->name;
    return dcn_plan_name(survey, tensor);
}

gboolean
net_layer(Net *net, const char *wanted, NetLayer *layer, GError **error)
{
    GError *why = NULL;
    DcnError core = {0};
    const DcnPlan *survey = net_survey(net, &why);
    if (!survey && *wanted) {
        /* What cannot be computed may lie behind the layer: let its own plan decide. */
        g_clear_error(&why);
        *layer = (NetLayer){g_strdup(wanted), g_strdup(wanted)};
        return TRUE;
    }
    if (!survey) {
        g_propagate_error(error, why);
        return FALSE;
    }
    int tensor =
        *wanted ? dcn_plan_find(survey, wanted, &core) : dcn_plan_default_layer(survey);
    if (tensor < 0 && *wanted)
        return fail_core(error, &core);
    if (tensor < 0)
        return fail_input(
            error, _("The model “%s” has no layer with feature maps; name a layer."),
            net->card.name);
    layer->tensor = g_strdup(dcn_plan_name(survey, tensor));
    layer->shown = g_strdup(shown_name(survey, tensor));
    return TRUE;
}

/* --- convolutions --- */

/* Those of the list that have kernels. */
static const DcnLayer *
next_convolution(const DcnPlan *survey, gsize *index, DcnKernels *kernels)
{
    while (*index < dcn_plan_layer_count(survey)) {
        const DcnLayer *layer = dcn_plan_layer(survey, (*index)++);
        if (dcn_plan_kernels(survey, layer->tensor, kernels, NULL))
            return layer;
    }
    return NULL;
}

gboolean
net_convolution(
    Net *net, const char *wanted, NetLayer *layer, DcnKernels *kernels, GError **error)
{
    DcnError core = {0};
    const DcnPlan *survey = net_survey(net, error);
    if (!survey)
        return FALSE;
    gsize index = 0;
    if (!*wanted) {
        const DcnLayer *first = next_convolution(survey, &index, kernels);
        if (!first)
            return fail_input(error, _("The model “%s” has no convolution."),
                              net->card.name);
        *layer = (NetLayer){g_strdup(dcn_plan_name(survey, first->tensor)),
                            g_strdup(first->name)};
        return TRUE;
    }
    int tensor = dcn_plan_find(survey, wanted, &core);
    if (tensor < 0)
        return fail_core(error, &core);
    if (!dcn_plan_kernels(survey, tensor, kernels, &core))
        return fail_input(error, _("“%s” is no convolution: %s."), wanted, core.text);
    *layer = (NetLayer){g_strdup(dcn_plan_name(survey, tensor)),
                        g_strdup(shown_name(survey, tensor))};
    return TRUE;
}

/* --- classes --- */

gboolean
net_classifier(Net *net, DcnClassifier *classifier, GError **error)
{
    DcnError core = {0};
    const DcnPlan *survey = net_survey(net, error);
    if (!survey)
        return FALSE;
    return dcn_plan_classifier(survey, classifier, &core) ||
           fail_input(
               error,
               _("The model “%s” is not a classifier, so there are no labels and probabilities: %s."),
               net->card.name, core.text);
}

/* The same names after one for the background. */
static Labels
with_background(const Labels *from)
{
    Labels labels = {g_new0(char *, from->count + 2), from->count + 1};
    labels.names[0] = g_strdup(_("(background)"));
    for (gsize i = 0; i < from->count; i++)
        labels.names[i + 1] = g_strdup(from->names[i]);
    return labels;
}

Labels
net_labels(const Net *net, gsize classes)
{
    Labels all = {0}, labels = {0};
    if (net->card.labels.count)
        all = (Labels){g_strdupv(net->card.labels.names), net->card.labels.count};
    else if (classes == 1000 || classes == 1001) {
        char *data = host_data_folder();
        char *path = g_build_filename(data, "models", "imagenet-labels.txt", NULL);
        labels_read(&all, path, NULL);
        g_free(path);
        g_free(data);
    }
    if (all.count == classes)
        return all;
    if (all.count == 1000 && classes == 1001)
        labels = with_background(&all);
    else if (all.count) {
        char *text = g_strdup_printf(
            _("The model “%s” has %zu classes, its list of names %zu: classes are called by number."),
            net->card.name, classes, all.count);
        host_message(text);
        g_free(text);
    }
    labels_clear(&all);
    return labels;
}

/* --- input --- */

gsize
net_input_count(const Net *net)
{
    return (gsize)net->channels * (gsize)net->height * (gsize)net->width;
}

void
net_neutral(const Net *net, float rgb[3])
{
    const DcnPreprocessing *how = &net->card.how;
    for (int c = 0; c < 3; c++) {
        int channel = net->channels == 1 ? 0 : how->bgr ? 2 - c : c;
        rgb[c] = CLAMP(how->mean[channel] / how->range, 0, 1);
    }
}

void
net_tell(const Net *net)
{
    if (net->card.source == CARD_SAID)
        return;
    char *text = g_strdup_printf(
        net->card.source == CARD_CAFFE
            ? _("“%s” does not say how pictures are prepared for it; by its names it "
                "comes "
                "from Caffe, so Caffe's preprocessing is assumed. A card beside the "
                "model "
                "can say it.")
            : _("“%s” does not say how pictures are prepared for it, so ImageNet's preprocessing is assumed. A card beside the model can say it."),
        net->card.name);
    host_message(text);
    g_free(text);
}

/* --- pick lists --- */

static void
pick_free(void *pick)
{
    param_pick_free(pick);
}

static void
pick_add(GPtrArray *list, const char *value, char *label)
{
    ParamPick *pick = g_new(ParamPick, 1);
    *pick = (ParamPick){g_strdup(value), label};
    g_ptr_array_add(list, pick);
}

GPtrArray *
net_pick_layers(const ParamValues *values, GError **error)
{
    Net *net = net_open(param_text(values, "model"), error);
    const DcnPlan *survey = net ? net_survey(net, error) : NULL;
    if (!survey)
        return NULL;
    GPtrArray *list = g_ptr_array_new_with_free_func(pick_free);
    int usual = dcn_plan_default_layer(survey);
    pick_add(list, "",
             usual < 0 ? g_strdup(_("(default)"))
                       : g_strdup_printf(_("(default: %s)"), shown_name(survey, usual)));
    for (gsize i = 0; i < dcn_plan_layer_count(survey); i++) {
        const DcnLayer *layer = dcn_plan_layer(survey, i);
        const DcnShape *shape = &layer->shape;
        char *size = layer->spatial
                         ? g_strdup_printf("%d × %d × %d", (int)shape->dim[1],
                                           (int)shape->dim[2], (int)shape->dim[3])
                         : g_strdup_printf("%d", (int)shape->dim[shape->rank > 1]);
        pick_add(list, layer->name,
                 g_strdup_printf("%s  (%s, %s)", layer->name, layer->op, size));
        g_free(size);
    }
    return list;
}

GPtrArray *
net_pick_convolutions(const ParamValues *values, GError **error)
{
    Net *net = net_open(param_text(values, "model"), error);
    const DcnPlan *survey = net ? net_survey(net, error) : NULL;
    if (!survey)
        return NULL;
    GPtrArray *list = g_ptr_array_new_with_free_func(pick_free);
    DcnKernels kernels;
    const DcnLayer *layer;
    pick_add(list, "", g_strdup(_("(the first one)")));
    for (gsize i = 0; (layer = next_convolution(survey, &i, &kernels));) {
        const int64_t *dim = kernels.weights.shape.dim;
        pick_add(list, layer->name,
                 g_strdup_printf("%s  (%d × %d × %d × %d)", layer->name, (int)dim[0],
                                 (int)dim[1], (int)dim[2], (int)dim[3]));
    }
    return list;
}

GPtrArray *
net_pick_labels(const ParamValues *values, GError **error)
{
    DcnClassifier classifier;
    Net *net = net_open(param_text(values, "model"), error);
    if (!net || !net_classifier(net, &classifier, error))
        return NULL;
    GPtrArray *list = g_ptr_array_new_with_free_func(pick_free);
    Labels labels = net_labels(net, classifier.classes);
    for (gsize i = 0; i < classifier.classes; i++) {
        char *key = labels_key(&labels, i);
        pick_add(list, key, labels_name(&labels, i));
        g_free(key);
    }
    labels_clear(&labels);
    return list;
}
