/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fused_learned.c: what scikit-learn's converters put behind a net, of domain ai.onnx.ml,
 * as ONNX's own nodes: scaling, norms, a linear classifier.
 *
 * Labels that are words are made by a node that nothing needs to run, as those of a
 * ZipMap are (read_graph.c). */
#include "onnx/body.h"

/* `name` = the attribute's floats */
static void
add_floats(DcnBody *body, const char *attribute, const char *name)
{
    Onnx__NodeProto *node =
        dcn_body_node(body, "Constant", DCN_NAMES(NULL), DCN_NAMES(name));
    dcn_body_give(body, node, "value_floats", attribute);
}

static size_t
count_of(const DcnBody *body, const char *name)
{
    const Onnx__AttributeProto *list = dcn_body_attribute(body, name);
    return !list ? 0 : list->n_floats + list->n_ints + list->n_strings;
}

/* Y = (A - offset) * scale, one number for all features, or one for each */
bool
dcn_learned_scaler(DcnBody *body)
{
    if (count_of(body, "offset") == 0 || count_of(body, "scale") == 0)
        return dcn_body_refuse(body, "it has no offset or no scale");
    dcn_body_needs(body, 13);
    add_floats(body, "offset", "offset");
    add_floats(body, "scale", "scale");
    dcn_body_node(body, "Sub", DCN_NAMES("A", "offset"), DCN_NAMES("centred"));
    dcn_body_node(body, "Mul", DCN_NAMES("centred", "scale"), DCN_NAMES("Y"));
    return true;
}

/* Y = A / norm of each row */
bool
dcn_learned_normalizer(DcnBody *body)
{
    static const int64_t axes[] = {1};
    bool l1 = dcn_body_says(body, "norm", "L1"), l2 = dcn_body_says(body, "norm", "L2");
    if (!l1 && !l2 && !dcn_body_says(body, "norm", "MAX") &&
        dcn_body_attribute(body, "norm"))
        return dcn_body_refuse(body, "its norm is not known");
    if (body->opset < 13 || body->opset > 17)
        body->opset = 13; /* axes of all three are attributes */
    Onnx__NodeProto *node = dcn_body_node(body,
                                          l1   ? "ReduceL1"
                                          : l2 ? "ReduceL2"
                                               : "ReduceMax",
                                          DCN_NAMES("A"), DCN_NAMES("norm"));
    dcn_body_set_ints(body, node, "axes", 1, axes);
    dcn_body_node(body, "Div", DCN_NAMES("A", "norm"), DCN_NAMES("Y"));
    return true;
}

/* The second output: what the transformation makes of "scores". */
static bool
add_probabilities(DcnBody *body)
{
    bool softmax = dcn_body_says(body, "post_transform", "SOFTMAX");
    bool logistic = dcn_body_says(body, "post_transform", "LOGISTIC");
    if (!softmax && !logistic && !dcn_body_says(body, "post_transform", "NONE") &&
        dcn_body_attribute(body, "post_transform"))
        return dcn_body_refuse(body, "its post_transform is not known");
    Onnx__NodeProto *node = dcn_body_node(body,
                                          softmax    ? "Softmax"
                                          : logistic ? "Sigmoid"
                                                     : "Identity",
                                          DCN_NAMES("scores"), DCN_NAMES("mean"));
    if (softmax)
        dcn_body_set_int(body, node, "axis", 1);
    return true;
}

/* The first output: the label of the largest score. */
static void
add_label(DcnBody *body)
{
    static char learned[] = "ai.onnx.ml";
    Onnx__NodeProto *node =
        dcn_body_node(body, "ArgMax", DCN_NAMES("scores"), DCN_NAMES("best"));
    dcn_body_set_int(body, node, "axis", 1);
    dcn_body_set_int(body, node, "keepdims", 0);
    if (count_of(body, "classlabels_ints") > 0) {
        node = dcn_body_node(body, "Constant", DCN_NAMES(NULL), DCN_NAMES("labels"));
        dcn_body_give(body, node, "value_ints", "classlabels_ints");
        dcn_body_node(body, "Gather", DCN_NAMES("labels", "best"), DCN_NAMES("Y"));
        return;
    }
    node = dcn_body_node(body, "LabelEncoder", DCN_NAMES("best"), DCN_NAMES("Y"));
    dcn_body_give(body, node, "classlabels_strings", "classlabels_strings");
    if (node)
        node->domain = learned;
}

/* Scores are A times the coefficients, a row for each class, plus the intercepts. */
bool
dcn_learned_linear(DcnBody *body)
{
    size_t rows = count_of(body, "intercepts"),
           labels = count_of(body, "classlabels_ints");
    if (labels == 0)
        labels = count_of(body, "classlabels_strings");
    if (rows == 0 || labels == 0 || count_of(body, "coefficients") % rows != 0)
        return dcn_body_refuse(body, "it has no intercepts, or no labels");
    if (rows != labels)
        return dcn_body_refuse(body, "it has other numbers of labels than of scores");
    int64_t *shape = dcn_reader_take(body->reader, 2, sizeof *shape);
    if (!shape) {
        body->failed = true;
        return true;
    }
    shape[0] = (int64_t)rows;
    shape[1] = -1;
    dcn_body_needs(body, 13);
    add_floats(body, "coefficients", "list");
    add_floats(body, "intercepts", "intercepts");
    Onnx__NodeProto *node =
        dcn_body_node(body, "Constant", DCN_NAMES(NULL), DCN_NAMES("rows"));
    dcn_body_set_ints(body, node, "value_ints", 2, shape);
    dcn_body_node(body, "Reshape", DCN_NAMES("list", "rows"), DCN_NAMES("weights"));
    node = dcn_body_node(body, "Gemm", DCN_NAMES("A", "weights", "intercepts"),
                         DCN_NAMES("scores"));
    dcn_body_set_int(body, node, "transB", 1);
    add_label(body);
    return add_probabilities(body);
}
