/* net.c: a model as a procedure needs it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "net.h"
#include "fail.h"
#include <glib/gstdio.h>
#include <string.h>

/* Where neither file nor card says a size; most nets for pictures were trained at it. */
#define USUAL_SIDE 224

/* No picture net takes more: 16384 x 16384 in three channels would be 3 GB. */
#define MOST_PIXELS ((gint64)1 << 26)

/* --- opening --- */

typedef struct {
    Net net;
    gint64 mtime, size;
    guint64 inode;
} Opened;

/* By path. A process runs procedures one after another, on one thread. */
static GHashTable *opened;

static void
opened_free(void *data)
{
    Opened *entry = data;
    dcn_plan_free(entry->net.survey);
    card_clear(&entry->net.card);
    dcn_model_free(entry->net.model);
    g_free(entry->net.path);
    g_free(entry);
}

void
net_forget(void)
{
    g_clear_pointer(&opened, g_hash_table_unref);
}

static gboolean
settle_input(Net *net, GError **error)
{
    DcnInputLayout *layout = &net->layout;
    if (layout->channels != 1 && layout->channels != 3 && layout->channels != -1)
        return fail_input(error,
                          _("The model “%s” takes pictures of %lld channels; "
                            "Featurescope shows it 3 (colour) or 1 (gray)."),
                          net->path, (long long)layout->channels);
    net->channels = layout->channels == 1 ? 1 : 3;
    gint64 height = layout->height, width = layout->width;
    if (height < 1)
        height = net->card.height ? net->card.height : USUAL_SIDE;
    if (width < 1)
        width = net->card.width ? net->card.width : USUAL_SIDE;
    if (height > MOST_PIXELS || width > MOST_PIXELS / height)
        return fail_input(
            error,
            _("The model “%s” takes pictures of %lld × %lld pixels, which is too large."),
            net->path, (long long)width, (long long)height);
    *layout = (DcnInputLayout){layout->nhwc, net->channels, height, width};
    net->height = (int)height;
    net->width = (int)width;
    return TRUE;
}

static gboolean
open_parts(Net *net, const char *models, GError **error)
{
    DcnError core = {0};
    net->model = dcn_model_open(net->path, &core);
    if (!net->model || !dcn_model_input_layout(net->model, &net->layout, &core))
        return fail_core(error, &core);
    int channels = net->layout.channels == 1 ? 1 : 3;
    return card_read(&net->card, net->path, net->model, channels, models, error) &&
           settle_input(net, error);
}

static char *
models_folder(void)
{
    char *data = host_data_folder();
    char *models = g_build_filename(data, "models", NULL);
    g_free(data);
    return models;
}

Net *
net_open(const char *path, GError **error)
{
    char *models = models_folder();
    char *full = *path ? g_canonicalize_filename(path, NULL)
                       : g_build_filename(models, "default.onnx", NULL);
    GStatBuf now = {0};
    if (g_stat(full, &now) != 0) /* the core will say why; nothing is opened */
        now.st_size = -1;
    if (!opened)
        opened = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, opened_free);

    Opened *entry = g_hash_table_lookup(opened, full);
    if (entry && entry->mtime == now.st_mtime && entry->size == now.st_size &&
        entry->inode == now.st_ino) {
        g_free(full);
        g_free(models);
        return &entry->net;
    }
    if (entry)
        g_hash_table_remove(opened, full);
    entry = g_new0(Opened, 1);
    entry->net.path = full;
    entry->mtime = now.st_mtime;
    entry->size = now.st_size;
    entry->inode = now.st_ino;
    gboolean ok = open_parts(&entry->net, models, error);
    g_free(models);
    if (!ok) {
        opened_free(entry);
        return NULL;
    }
    g_hash_table_insert(opened, full, entry);
    return &entry->net;
}

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
            .backward = backward,
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
           fail_input(error,
                      _("The model “%s” is not a classifier, so there are no labels and "
                        "probabilities: %s."),
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
        char *models = models_folder();
        char *path = g_build_filename(models, "imagenet-labels.txt", NULL);
        labels_read(&all, path, NULL);
        g_free(path);
        g_free(models);
    }
    if (all.count == classes)
        return all;
    if (all.count == 1000 && classes == 1001)
        labels = with_background(&all);
    else if (all.count) {
        char *text = g_strdup_printf(_("The model “%s” has %zu classes, its list of "
                                       "names %zu: classes are called by number."),
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
            : _("“%s” does not say how pictures are prepared for it, so ImageNet's "
                "preprocessing is assumed. A card beside the model can say it."),
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
