/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trained.c: tests that quantisers of QONNX and OpenVINO give what their definitions,
 * written in ONNX's own nodes, give. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"

/* Numbers -1 .. 1 with a scale and a zero point, up to the node that is tried. */
static NewModel *
numbers_net(float zero, float bits)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,2,5,5");
    new_floats(net, "s", "1,2,1,1", (float[]){0.07F, 0.3F});
    new_floats(net, "z", "", &zero);
    new_floats(net, "bits", "", &bits);
    new_output(net, "y");
    return net;
}

/* What the definition says, for these bounds and with this node for rounding. */
static NewModel *
defined_net(float zero, float low, float high, const char *rounding)
{
    NewModel *net = numbers_net(zero, 0);
    new_floats(net, "low", "", &low);
    new_floats(net, "high", "", &high);
    new_node(net, "Div", "", "x;s", "d", "");
    new_node(net, "Add", "", "d;z", "a", "");
    new_node(net, "Clip", "", "a;low;high", "c", "");
    new_node(net, rounding, "", "c", "r", "");
    new_node(net, "Sub", "", "r;z", "b", "");
    new_node(net, "Mul", "", "b;s", "y", "");
    return net;
}

static void
a_quantiser_has_the_levels_of_its_bits(void)
{
    static const struct {
        const char *attributes, *rounding;
        float zero, bits, low, high;
    } tries[] = {
        {"signed=1;narrow=0;rounding_mode=:ROUND", "Round", 0, 3, -4, 3},
        {"signed=1;narrow=1", "Round", 0, 3, -3, 3},
        {"signed=0;narrow=0;rounding_mode=:FLOOR", "Floor", 1, 3, 0, 7},
        {"signed=0;narrow=1;rounding_mode=:ceil", "Ceil", 1, 2, 0, 2},
    };
    static const char *const types[] = {"qonnx.custom_op.general:Quant",
                                        "onnx.brevitas:Quant",
                                        "finn.custom_op.general:Quant"};
    for (size_t i = 0; i < G_N_ELEMENTS(tries); i++) {
        NewModel *net = numbers_net(tries[i].zero, tries[i].bits);
        new_node(net, types[i % 3], "", "x;s;z;bits", "y", tries[i].attributes);
        model_near_answers(net, defined_net(tries[i].zero, tries[i].low, tries[i].high,
                                            tries[i].rounding));
    }
}

static void
one_bit_is_a_sign(void)
{
    NewModel *plain = numbers_net(0, 0), *net = numbers_net(0, 0);
    new_floats(plain, "minus", "1,2,1,1", (float[]){-0.07F, -0.3F});
    new_node(plain, "Less", "", "x;z", "below", "");
    new_node(plain, "Where", "", "below;minus;s", "y", "");
    new_node(net, "qonnx.custom_op.general:BipolarQuant", "", "x;s", "y", "");
    model_same_answers(plain, net);
}

static void
truncating_takes_the_last_bits(void)
{
    NewModel *plain = numbers_net(1, 6), *net = numbers_net(1, 6);
    new_floats(net, "fewer", "", (float[]){4});
    new_floats(plain, "four", "", (float[]){4});
    new_node(plain, "Div", "", "x;s", "d", "");
    new_node(plain, "Add", "", "d;z", "a", "");
    new_node(plain, "Round", "", "a", "r", "");
    new_node(plain, "Div", "", "r;four", "q", "");
    new_node(plain, "Floor", "", "q", "f", "");
    new_node(plain, "Sub", "", "f;z", "b", "");
    new_node(plain, "Mul", "", "b;s", "y", "");
    new_node(net, "onnx.brevitas:Trunc", "", "x;s;z;bits;fewer", "y", "");
    model_same_answers(plain, net);
}

static void
a_range_is_divided_into_levels(void)
{
    for (int same = 0; same < 2; same++) {
        NewModel *plain = numbers_net(0, 0), *net = numbers_net(0, 0);
        NewModel *both[] = {plain, net};
        for (int i = 0; i < 2; i++) {
            new_floats(both[i], "a", "", (float[]){-0.5F});
            new_floats(both[i], "b", "", (float[]){0.75F});
            new_floats(both[i], "c", "", (float[]){same ? -0.5F : 1});
            new_floats(both[i], "d", "", (float[]){same ? 0.75F : 6});
        }
        new_floats(plain, "range", "", (float[]){1.25F});
        new_floats(plain, "spread", "", (float[]){same ? 1.25F : 5});
        new_floats(plain, "last", "", (float[]){15});
        new_node(plain, "Clip", "", "x;a;b", "cut", "");
        new_node(plain, "Sub", "", "cut;a", "above", "");
        new_node(plain, "Div", "", "above;range", "share", "");
        new_node(plain, "Mul", "", "share;last", "steps", "");
        new_node(plain, "Round", "", "steps", "level", "");
        new_node(plain, "Div", "", "level;last", "part", "");
        new_node(plain, "Mul", "", "part;spread", "spread part", "");
        new_node(plain, "Add", "", "spread part;c", "y", "");
        new_node(net, "org.openvinotoolkit:FakeQuantize", "",
                 same ? "x;a;b;a;b" : "x;a;b;c;d", "y", "levels=16");
        model_near_answers(plain, net);
    }
}

static void
what_is_not_known_is_refused(void)
{
    NewModel *net = numbers_net(0, 4);
    new_node(net, "onnx.brevitas:Quant", "q", "x;s;z;bits", "y",
             "rounding_mode=:STOCHASTIC");
    model_not_planned(net, "rounding_mode \"STOCHASTIC\"");
    net = numbers_net(0, 4);
    new_node(net, "org.openvinotoolkit:FakeQuantize", "q", "x;z;bits;z;bits", "y", "");
    model_not_planned(net, "it does not say how many levels there are");
}

CHECK_MAIN(CHECK_TEST(a_quantiser_has_the_levels_of_its_bits),
           CHECK_TEST(one_bit_is_a_sign),
           CHECK_TEST(truncating_takes_the_last_bits),
           CHECK_TEST(a_range_is_divided_into_levels),
           CHECK_TEST(what_is_not_known_is_refused))
