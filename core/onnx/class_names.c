/* SPDX-License-Identifier: GPL-3.0-or-later */
/* class_names.c: reads the names of classes that converters put into nodes behind a
 * classifier (ZipMap of ai.onnx.ml,
 * https://onnx.ai/onnx/operators/onnx_aionnxml_ZipMap.html, and what is left of a
 * LinearClassifier, fused_learned.c). */
#include "model/model_private.h"

const char *const *
dcn_model_class_names(const DcnModel *model, size_t *count)
{
    for (size_t i = 0; i < model->graph.n_nodes; i++) {
        const DcnNode *node = &model->graph.nodes[i];
        if (!node->labels_only)
            continue;
        const DcnAttribute *names = dcn_node_attribute(node, "classlabels_strings");
        if (names && names->kind == DCN_ATTRIBUTE_STRINGS && names->count > 0) {
            *count = names->count;
            return names->strings;
        }
    }
    *count = 0;
    return NULL;
}
