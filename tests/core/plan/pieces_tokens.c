/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces_tokens.c: tests that GELU and layer normalisation in pieces become one step, and
 * that what only looks like one does not.
 *
 * The twin has a value inside among its outputs, so that its pieces stay apart. */
#include "check.h"
#include "core/fixture/net.h"
#include "run/session_private.h"
#include <string.h>

/* 2 x 4 tokens of 6 features, of as many pixels in three channels */
#define COUNT 48
#define PIXELS 72

/* nodes: "type inputs output attributes" each, from x to y; inside: a value between. */
typedef struct {
    const char *what, *becomes, *inside; /* NULL: stays as it is */
    int opset;
    const char *nodes;
} Form;

#define ERF "Div x;root a -|Erf a b -|Add b;one c -|"
#define CUBE                                                                             \
    "Pow x;three a -|Mul a;cube b -|Add x;b c -|Mul c;slope d -|Tanh d e -|Add e;one f -|"
#define CENTRE "ReduceMean x m axes=[-1]|Sub x;m d -|"
#define ROOT                                                                             \
    "Pow d;two p -|ReduceMean p v axes=[-1]|Add v;small w -|Sqrt w s -|Div d;s q -|"

static const Form forms[] = {
    {"PyTorch's GELU", "Gelu", "c", 13, ERF "Mul x;c d -|Mul d;half y -"},
    {"the half first", "Gelu", "c", 13, ERF "Mul x;half d -|Mul d;c y -"},
    {"the half with the gate", "Gelu", "c", 13, ERF "Mul half;c d -|Mul x;d y -"},
    {"a factor", "Gelu", "c", 13,
     "Mul x;inverse a -|Erf a b -|Add one;b c -|Mul c;x d -|Mul half;d y -"},
    {"by tanh", "Gelu", "c", 13, "Mul x;half h -|" CUBE "Mul h;f y -"},
    {"a layer normalisation", "LayerNormalization", "q", 13,
     CENTRE ROOT "Mul q;scale r -|Add r;bias y -"},
    {"numbers first", "LayerNormalization", "q", 13,
     CENTRE ROOT "Mul scale;q r -|Add bias;r y -"},
    {"axes as an input", "LayerNormalization", "q", 18,
     "ReduceMean x;last m -|Sub x;m d -|Pow d;two p -|ReduceMean p;last v -|Add v;small w -|Sqrt w s -|Div d;s q -|Mul q;scale r -|Add r;bias y -"},
    /* what only looks like it */
    {"another half", NULL, "c", 13, ERF "Mul x;c d -|Mul d;two y -"},
    {"another gate", NULL, "c", 13, ERF "Mul other;c d -|Mul d;half y -"},
    {"another root", NULL, "c", 13,
     "Div x;two a -|Erf a b -|Add b;one c -|Mul x;c d -|Mul d;half y -"},
    {"another power", NULL, "c", 13,
     "Mul x;half h -|Pow x;two a -|Mul a;cube b -|Add x;b c -|Mul c;slope d -|Tanh d e -|Add e;one f -|Mul h;f y -"},
    {"a gate that is used elsewhere", NULL, "c", 13,
     ERF "Mul x;c d -|Mul d;half g -|Add g;b y -"},
    {"means of tokens", NULL, "q", 13,
     "ReduceMean x m axes=[2]|Sub x;m d -|" ROOT "Mul q;scale r -|Add r;bias y -"},
    {"means of other squares", NULL, "q", 13,
     CENTRE
     "Pow x;two p -|ReduceMean p v axes=[-1]|Add v;small w -|Sqrt w s -|Div d;s q -|Mul q;scale r -|Add r;bias y -"},
    {"a fourth power", NULL, "q", 13,
     CENTRE
     "Pow d;four p -|ReduceMean p v axes=[-1]|Add v;small w -|Sqrt w s -|Div d;s q -|Mul q;scale r -|Add r;bias y -"},
    {"a scale by token", NULL, "q", 13, CENTRE ROOT "Mul q;by_token r -|Add r;bias y -"},
    {"a mean that is used elsewhere", NULL, "q", 13,
     CENTRE ROOT "Mul q;scale r -|Add r;bias t -|Add t;m y -"},
};

static NewModel *
make_net(const Form *form, bool apart)
{
    NewModel *net = new_model(form->opset);
    new_input(net, "picture", "1,3,4,6");
    new_weights(net, "filters", "2,3,1,1", 5);
    new_weights(net, "shift", "1,2,4,6", 1);
    new_weights(net, "scale", "6", 2);
    new_weights(net, "bias", "6", 3);
    new_weights(net, "by_token", "4,1", 4);
    new_floats(net, "root", "", (const float[]){1.41421356F});
    new_floats(net, "inverse", "", (const float[]){0.70710678F});
    new_floats(net, "one", "", (const float[]){1});
    new_floats(net, "two", "", (const float[]){2});
    new_floats(net, "three", "", (const float[]){3});
    new_floats(net, "four", "", (const float[]){4});
    new_floats(net, "half", "", (const float[]){0.5F});
    new_floats(net, "cube", "", (const float[]){0.044715F});
    new_floats(net, "slope", "", (const float[]){0.79788456F});
    new_floats(net, "small", "", (const float[]){1e-3F});
    new_ints(net, "last", "-1");
    new_node(net, "Conv", "", "picture;filters", "x", "");
    new_node(net, "Add", "", "x;shift", "other", "");
    g_auto(GStrv) nodes = g_strsplit(form->nodes, "|", -1);
    for (size_t i = 0; nodes[i]; i++) {
        g_auto(GStrv) words = g_strsplit(nodes[i], " ", -1);
        new_node(net, words[0], "", words[1], words[2],
                 strcmp(words[3], "-") == 0 ? "" : words[3]);
    }
    new_output(net, "y");
    if (apart)
        new_output(net, form->inside);
    return net;
}

static size_t
steps_called(const DcnPlan *plan, const char *name)
{
    DcnStepKind kinds[32];
    size_t count = 0, n = dcn_plan_step_kinds(plan, kinds, 32);
    for (size_t i = 0; name && i < n; i++)
        count += strcmp(kinds[i].name, name) == 0 ? kinds[i].steps : 0;
    return count;
}

/* y of noise, then what comes back to the picture of one value. */
static float *
forward_and_back(const NetFixture *f, const DcnPlan *plan, DcnMethod method)
{
    DcnError error = {0};
    DcnSession *session = dcn_session_new(plan, f->context, &error);
    CHECK_NEED(session);
    net_noise(dcn_session_input(session, 0), PIXELS, 7);
    CHECK(dcn_forward(session, NULL, &error));
    int y = dcn_plan_find(plan, "y", &error);
    float *all = g_new0(float, COUNT + PIXELS);
    memcpy(all, dcn_session_tensor(session, y), COUNT * sizeof *all);
    DcnSeed seed = {.tensor = y, .unit = {.channel = 1, .y = 2, .x = 3}};
    CHECK(dcn_project(session, &seed, method, all + COUNT, NULL, &error));
    dcn_session_free(session);
    return all;
}

static void
pieces_become_one_step_that_does_the_same(void)
{
    DcnPlanOptions options = {.purpose = DCN_FOR_PROJECTION};
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        const Form *form = &forms[i];
        NetFixture joined = net_open(make_net(form, false), 1);
        NetFixture apart = net_open(make_net(form, true), 1);
        DcnPlan *plan = net_plan(&joined, &options), *twin = net_plan(&apart, &options);
        size_t whole =
            steps_called(plan, "Gelu") + steps_called(plan, "LayerNormalization");
        if (whole != (form->becomes != NULL) ||
            steps_called(plan, form->becomes) != whole)
            check_fail("%s: %zu joined", form->what, whole);
        CHECK_INT(steps_called(twin, "Gelu") + steps_called(twin, "LayerNormalization"),
                  0);
        static const DcnMethod methods[] = {DCN_DECONVNET, DCN_GUIDED, DCN_GRADIENT};
        for (size_t k = 0; k < G_N_ELEMENTS(methods); k++) {
            g_autofree float *got = forward_and_back(&joined, plan, methods[k]);
            g_autofree float *want = forward_and_back(&apart, twin, methods[k]);
            check_floats(got, want, COUNT + PIXELS, 2e-6);
        }
        dcn_plan_free(plan);
        dcn_plan_free(twin);
        net_close(&joined);
        net_close(&apart);
    }
}

static void
what_was_joined_says_so_and_is_there_on_demand(void)
{
    NetFixture f = net_open(make_net(&forms[0], false), 1);
    DcnPlan *plan = net_plan(&f, NULL);
    DcnError error = {0};
    CHECK_INT(dcn_plan_find(plan, "b", &error), -1);
    check_same_text(
        error.text,
        "tensor \"b\" is a piece of the GELU \"y\", and is not computed alone");
    const char *inside = "b";
    DcnPlan *with = net_plan(&f, &(DcnPlanOptions){.targets = &inside, .n_targets = 1});
    CHECK(dcn_plan_find(with, "b", &error) >= 0);
    dcn_plan_free(with);
    dcn_plan_free(plan);
    net_close(&f);
}

CHECK_MAIN(CHECK_TEST(pieces_become_one_step_that_does_the_same),
           CHECK_TEST(what_was_joined_says_so_and_is_there_on_demand))
