/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net.c: a model as a procedure needs it: plans, layers, classes. */

#include "net/net_private.h"
#include <string.h>

/* --- plans --- */

DcnPlan *
net_plan(const Net *net, DcnPlanOptions options, GError **error)
{
    DcnError core = {0};
    options.height = net->height;
    options.width = net->width;
    DcnPlan *made = dcn_plan_new(net->model, &options, &core);
    if (!made)
        fail_core(error, &core);
    return made;
}

const DcnPlan *
net_survey(Net *net, GError **error)
{
    /* Nothing is folded or fused, so that every tensor can be asked for. */
    if (!net->survey)
        net->survey =
            net_plan(net,
                     (DcnPlanOptions){.purpose = DCN_FOR_SURVEYS,
                                      .passes_off = DCN_PASS_ALL & ~DCN_PASS_MEMORY},
                     error);
    return net->survey;
}

/* --- layers --- */

void
net_layer_clear(NetLayer *layer)
{
    g_free(layer->tensor);
    g_free(layer->shown);
    *layer = (NetLayer){0};
}

const char *
net_shown_name(const DcnPlan *survey, int tensor)
{
    for (gsize i = 0; i < dcn_plan_layer_count(survey); i++)
        if (dcn_plan_layer(survey, i)->tensor == tensor)
            return dcn_plan_layer(survey, i)->name;
    return dcn_plan_name(survey, tensor);
}

gboolean
net_has_maps(Net *net)
{
    const DcnPlan *survey = net_survey(net, NULL);
    return !survey || dcn_plan_default_layer(survey) >= 0;
}

gboolean
net_fail_without_maps(const Net *net, GError **error)
{
    const DcnLayer *first = net->survey ? dcn_plan_layer(net->survey, 0) : NULL;
    if (!first)
        return fail_input(
            error, _("The model “%s” has no layer with feature maps; name a layer."),
            net->card.name);
    return fail_input(
        error,
        _("The model “%s” has no feature maps: its layers are rows of numbers. Occlusion of labels, “What If” and “Classify” work. Name a layer, such as “%s”, to take each of its numbers as a map of one unit."),
        net->card.name, first->name);
}

gboolean
net_layer(Net *net, const char *wanted, NetLayer *layer, GError **error)
{
    GError *why = NULL;
    DcnError core = {0};
    const DcnPlan *survey = net_survey(net, &why);
    if (!survey && *wanted) {
        /* What the core cannot compute may lie behind the layer, so the layer's own
         * plan decides. */
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
        return net_fail_without_maps(net, error);
    layer->tensor = g_strdup(dcn_plan_name(survey, tensor));
    layer->shown = g_strdup(net_shown_name(survey, tensor));
    return TRUE;
}

gboolean
net_maps(
    const DcnPlan *plan, int tensor, const char *shown, DcnMaps *maps, GError **error)
{
    DcnTensor constant;
    if (dcn_plan_constant(plan, tensor, &constant))
        return fail_input(
            error, _("“%s” is a constant of the model, the same for all pictures."),
            shown);
    if (!dcn_plan_maps(plan, tensor, maps)) {
        char text[128];
        return fail_input(
            error,
            _("“%s” has the shape %s, and no axes that are known as rows and columns of the picture: it has no maps, as attention has none."),
            shown, dcn_shape_print(dcn_plan_shape(plan, tensor), text));
    }
    return TRUE;
}

gboolean
net_check_map(gint64 map, gsize maps, const char *shown, GError **error)
{
    return map < 0 || (guint64)map < maps ||
           fail_input(error,
                      _("There is no map %d: layer “%s” has %zu maps, numbered from 0."),
                      (int)MIN(map, G_MAXINT), shown, maps);
}

/* --- convolutions --- */

const DcnLayer *
net_next_convolution(const DcnPlan *survey, gsize *index, DcnKernels *kernels)
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
        const DcnLayer *first = net_next_convolution(survey, &index, kernels);
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
        return fail_input(error, _("“%s” is not a convolution: %s."), wanted, core.text);
    *layer = (NetLayer){g_strdup(dcn_plan_name(survey, tensor)),
                        g_strdup(net_shown_name(survey, tensor))};
    return TRUE;
}

/* --- classes --- */

/* The same names, behind one for the background. */
static Labels
with_background(const Labels *from)
{
    Labels labels = {g_new0(char *, from->count + 2), from->count + 1};
    labels.names[0] = g_strdup(_("(background)"));
    for (gsize i = 0; i < from->count; i++)
        labels.names[i + 1] = g_strdup(from->names[i]);
    return labels;
}

/* A net that answers with one number says yes or no. */
static gboolean
is_one_number(const Net *net)
{
    DcnClassifier classifier;
    return net->survey &&
           dcn_plan_classifier(net->survey, net->card.output, &classifier, NULL) &&
           classifier.numbers == 1;
}

/* The only name that is known and its opposite. */
static Labels
yes_and_no(const Labels *known)
{
    const char *yes = known->count ? known->names[0] : _("class 1");
    Labels labels = {g_new0(char *, 3), 2};
    /* TRANSLATORS: the opposite of a class, as "not cat". */
    labels.names[0] = g_strdup_printf(_("not %s"), yes);
    labels.names[1] = g_strdup(yes);
    return labels;
}

/* All names that are known, for a net of so many classes; from: as of net_find_labels(),
 * NULL where there are none. */
static Labels
known_names(const Net *net, gsize classes, char **from)
{
    const Labels *said = &net->card.labels;
    const char *said_in = net->card.labels_from;
    Labels all = {0};
    if (said->count == 0)
        said = words_labels(&net->card.words, classes, &said_in);
    if (!said && classes == 1001)
        said = words_labels(&net->card.words, 1000, &said_in);
    gsize count;
    const char *const *names = dcn_model_class_names(net->model, &count);
    *from = NULL;
    if (said) {
        *from = g_strdup(said_in);
        return (Labels){g_strdupv(said->names), said->count};
    }
    if (names && count == classes) {
        *from = g_strdup(_("the net's own last node"));
        all = (Labels){g_new0(char *, count + 1), count};
        for (gsize i = 0; i < count; i++)
            all.names[i] = g_utf8_make_valid(names[i], -1);
    } else if (classes == 1000 || classes == 1001) {
        char *data = host_data_folder();
        char *path = g_build_filename(data, "models", "imagenet-labels.txt", NULL);
        if (labels_read(&all, path, NULL))
            *from = g_strdup_printf(_("the list of ImageNet, as there are %zu classes"),
                                    classes);
        g_free(path);
        g_free(data);
    }
    return all;
}

Labels
net_find_labels(const Net *net, gsize classes, char **from)
{
    Labels all = known_names(net, classes, from), labels = {0};
    if (all.count == classes)
        return all;
    if (classes == 2 && all.count < 2 && is_one_number(net))
        labels = yes_and_no(&all);
    else if (all.count == 1000 && classes == 1001)
        labels = with_background(&all);
    if (labels.count == 0) {
        g_free(*from);
        *from =
            all.count
                ? g_strdup_printf(
                      _("The model “%s” has %zu classes, its list of names %zu: classes are called by number."),
                      net->card.name, classes, all.count)
                : NULL;
    }
    labels_clear(&all);
    return labels;
}

Labels
net_labels(const Net *net, gsize classes)
{
    char *from;
    Labels labels = net_find_labels(net, classes, &from);
    if (labels.count == 0 && from)
        host_message(from);
    g_free(from);
    return labels;
}

/* --- input --- */

gsize
net_pixels(const Net *net)
{
    gsize width = (gsize)net->width;
    return (gsize)net->height * width;
}

gsize
net_input_count(const Net *net)
{
    return (gsize)net->channels * net_pixels(net);
}

void
net_input(const Net *net, const float *rgb, float *input)
{
    dcn_input_from_rgb(&net->card.how, &net->layout, (size_t)net->height,
                       (size_t)net->width, rgb, input);
}

void
net_neutral(const Net *net, float rgb[3])
{
    const DcnPreprocessing *how = &net->card.how;
    for (int c = 0; c < 3; c++) {
        int channel = net->channels == 1 ? 0 : how->bgr ? 2 - c : c;
        float fed = net->card.inside[channel] * how->std[channel];
        float value = CLAMP((fed + how->mean[channel]) / how->range, 0, 1);
        rgb[c] = how->linear ? dcn_encoded(value) : value;
    }
}

static char *
remark_on_size(const Net *net)
{
    return g_strdup_printf(
        _("“%s”: pictures are shown at %d × %d pixels, since its layers fit no other usual size. A card beside the model can say another."),
        net->card.name, net->width, net->height);
}

static char *
remark_on_feeding(const Net *net)
{
    const Card *card = &net->card;
    char *fed = card_feeding(card, net->channels);
    char *text = g_strdup_printf(
        card->sure == CARD_LIKELY
            ? _("“%s”: assumed %s, %s (likely). “Check How Pictures Are Fed” shows if that is right.")
            : _("“%s”: assumed %s, %s (a guess). “Check How Pictures Are Fed” shows if that is right."),
        card->name, fed, card->because);
    g_free(fed);
    return text;
}

static void
tell(char *text)
{
    host_message(text);
    g_free(text);
}

void
net_tell(const Net *net)
{
    if (net->told)
        return;
    ((Net *)net)->told = TRUE; /* a flag that no user of the net reads */
    if (net->found_size)
        tell(remark_on_size(net));
    if (net->card.sure != CARD_CERTAIN)
        tell(remark_on_feeding(net));
}

char *
net_remark(const Net *net)
{
    char *size = net->found_size ? remark_on_size(net) : NULL;
    char *feeding = net->card.sure != CARD_CERTAIN ? remark_on_feeding(net) : NULL;
    char *both = size && feeding ? g_strconcat(size, " ", feeding, NULL)
                                 : g_strdup(size ? size : feeding);
    g_free(feeding);
    g_free(size);
    ((Net *)net)->told = TRUE; /* as in net_tell() */
    return both;
}
