/* whatif_fixture.c: see whatif_fixture.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "whatif_fixture.h"

char *
whatif_masked_net(const float keep[WHATIF_MAPS], float sum, const char *name)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w1", "6,3,3,3", 11);
    new_floats(net, "keep", "1,6,1,1", keep);
    new_floats(net, "part", "1,1,1,1", &sum);
    new_weights(net, "w2", "6,6,3,3", 12);
    new_weights(net, "w3", "3,6,1,1", 13);
    new_node(net, "Conv", "c1", "picture;w1", "c1", "pads=1,1,1,1");
    new_node(net, "Relu", "r1", "c1", "r1", "");
    new_node(net, "Mul", "maps", "r1;keep", "maps", "");
    new_node(net, "Conv", "c2", "maps;w2", "c2", "pads=1,1,1,1");
    new_node(net, "Mul", "shares", "c2;part", "shares", "");
    new_node(net, "Add", "sum", "shares;maps", "sum", "");
    new_node(net, "Relu", "r2", "sum", "r2", "");
    new_node(net, "Conv", "c3", "r2;w3", "c3", "");
    new_node(net, "GlobalAveragePool", "mean", "c3", "mean", "");
    new_node(net, "Flatten", "score", "mean", "score", "");
    new_node(net, "Softmax", "probability", "score", "probability", "axis=1");
    new_output(net, "probability");
    g_autofree char *card = g_strconcat(name, ".ini", NULL);
    g_autofree char *file = g_strconcat(name, ".onnx", NULL);
    fixture_write(card, "[model]\nname=Masked\n[input]\nrange=0;1\n"
                        "[output]\nlabels=cat;dog;car\n");
    g_autofree char *path = fixture_model(net, file);
    return g_strconcat("model=", path, NULL);
}

char *
whatif_whole_net(void)
{
    return whatif_masked_net((float[WHATIF_MAPS]){1, 1, 1, 1, 1, 1}, 1, "whole");
}

void
whatif_assert_same(const Call *call, const Call *plain)
{
    g_assert_cmpuint(call->results[AFTER].numbers->len, ==, 3);
    for (guint i = 0; i < 3; i++) {
        g_assert_cmpstr(call->results[LABELS_AFTER].texts[i], ==,
                        plain->results[1].texts[i]);
        g_assert_cmpfloat_with_epsilon(fixture_number(call, AFTER, i),
                                       fixture_number(plain, 2, i), WHATIF_ROUNDING);
    }
}
