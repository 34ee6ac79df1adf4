/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fused_layout.c: com.microsoft's operators on pictures N x H x W x C, as the same ones
 * between two transpositions. */
#include "onnx/body.h"
#include <string.h>

static const struct {
    const char *type, *plain;
    bool marked;        /* only with channels_last = 1 */
    const char *domain; /* of the plain one */
} types[] = {
    {"NhwcConv", "Conv", false, ""},
    {"NhwcFusedConv", "FusedConv", false, "com.microsoft"},
    {"NhwcMaxPool", "MaxPool", false, ""},
    {"QLinearConv", "QLinearConv", true, ""},
    {"QLinearAveragePool", "QLinearAveragePool", true, "com.microsoft"},
    {"QLinearGlobalAveragePool", "QLinearGlobalAveragePool", true, "com.microsoft"},
};

static void
add_transpose(DcnBody *body, const char *from, const char *to, const int64_t perm[4])
{
    Onnx__NodeProto *node =
        dcn_body_node(body, "Transpose", DCN_NAMES(from), DCN_NAMES(to));
    dcn_body_set_ints(body, node, "perm", 4, perm);
}

bool
dcn_fused_channels_last(DcnBody *body)
{
    static const int64_t first[] = {0, 3, 1, 2}, last[] = {0, 2, 3, 1};
    size_t i = 0;
    while (strcmp(types[i].type, body->call->op_type) != 0)
        i++;
    bool turned = !types[i].marked || dcn_body_is_set(body, "channels_last");
    if (!turned && types[i].domain[0])
        return false; /* it is an operator of ours */
    bool sum = strcmp(types[i].type, "NhwcFusedConv") == 0 && dcn_body_has_input(body, 3);
    const char *inputs[] = {"A", "B", "C", sum ? "d" : "D", "E", "F", "G",
                            "H", "I", NULL};
    if (turned) {
        inputs[0] = "a";
        add_transpose(body, "A", "a", first);
    }
    if (sum)
        add_transpose(body, "D", "d", first);
    inputs[body->call->n_input < 9 ? body->call->n_input : 9] = NULL;
    Onnx__NodeProto *node =
        dcn_body_node(body, types[i].plain, inputs, DCN_NAMES(turned ? "y" : "Y"));
    if (node)
        node->domain = (char *)(uintptr_t)types[i].domain;
    dcn_body_hand_on(body, node,
                     DCN_NAMES("auto_pad", "dilations", "group", "kernel_shape", "pads",
                               "strides", "ceil_mode", "count_include_pad", "activation",
                               "activation_params"));
    if (turned)
        add_transpose(body, "y", "Y", last);
    return true;
}
