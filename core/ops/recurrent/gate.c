/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gate.c: the functions of gates, and their slopes. */
#include "ops/recurrent/gate.h"
#include <math.h>
#include <strings.h>

/* How many numbers a function has: none, alpha, or alpha and beta; and what they are if
 * nothing is said, as for the operators of these names. */
static const struct {
    const char *name;
    int numbers;
    float alpha, beta;
} known[] = {
    [DCN_GATE_SIGMOID] = {"Sigmoid", 0, 0, 0},
    [DCN_GATE_TANH] = {"Tanh", 0, 0, 0},
    [DCN_GATE_RELU] = {"Relu", 0, 0, 0},
    [DCN_GATE_AFFINE] = {"Affine", 2, 1, 0},
    [DCN_GATE_LEAKY_RELU] = {"LeakyRelu", 1, 0.01F, 0},
    [DCN_GATE_THRESHOLDED] = {"ThresholdedRelu", 1, 1, 0},
    [DCN_GATE_SCALED_TANH] = {"ScaledTanh", 2, 1, 1},
    [DCN_GATE_HARD_SIGMOID] = {"HardSigmoid", 2, 0.2F, 0.5F},
    [DCN_GATE_ELU] = {"Elu", 1, 1, 0},
    [DCN_GATE_SOFTSIGN] = {"Softsign", 0, 0, 0},
    [DCN_GATE_SOFTPLUS] = {"Softplus", 0, 0, 0},
};

static bool
find(DcnSetup *setup, const char *name, DcnGateKind *kind)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcasecmp(known[i].name, name) == 0) {
            *kind = (DcnGateKind)i;
            return true;
        }
    return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "the activation is \"%.40s\"",
                          name);
}

/* The next number of a list that has one for each function which takes one. */
static float
next(const DcnAttribute *list, size_t *at, float fallback)
{
    return list && *at < list->count ? list->floats[(*at)++] : fallback;
}

static const DcnAttribute *
list_of(const DcnSetup *setup, const char *name, DcnAttributeKind kind)
{
    const DcnAttribute *list = dcn_node_attribute(setup->node, name);
    return list && list->kind == kind && list->count > 0 ? list : NULL;
}

bool
dcn_gates_read(DcnSetup *setup,
               const DcnGateKind *usual,
               size_t n_usual,
               size_t count,
               DcnGate *gates)
{
    const DcnAttribute *names = list_of(setup, "activations", DCN_ATTRIBUTE_STRINGS);
    const DcnAttribute *alphas = list_of(setup, "activation_alpha", DCN_ATTRIBUTE_FLOATS);
    const DcnAttribute *betas = list_of(setup, "activation_beta", DCN_ATTRIBUTE_FLOATS);
    float clip = dcn_node_float(setup->node, "clip", INFINITY);
    size_t alpha = 0, beta = 0;
    if (names && names->count != count)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                              "%zu activations where %zu are needed", names->count,
                              count);
    for (size_t i = 0; i < count; i++) {
        DcnGateKind kind = usual[i % n_usual];
        if (names && !find(setup, names->strings[i], &kind))
            return false;
        gates[i] = (DcnGate){kind, known[kind].alpha, known[kind].beta, clip};
        if (known[kind].numbers > 0)
            gates[i].alpha = next(alphas, &alpha, known[kind].alpha);
        if (known[kind].numbers > 1)
            gates[i].beta = next(betas, &beta, known[kind].beta);
    }
    return true;
}

static float
cut(float x, float bound)
{
    return x > bound ? bound : x < -bound ? -bound : x;
}

float
dcn_gate(const DcnGate *gate, float x)
{
    float alpha = gate->alpha, beta = gate->beta;
    x = cut(x, gate->clip);
    switch (gate->kind) {
    case DCN_GATE_SIGMOID:
        return 1 / (1 + expf(-x));
    case DCN_GATE_TANH:
        return tanhf(x);
    case DCN_GATE_RELU:
        return x > 0 ? x : 0;
    case DCN_GATE_AFFINE:
        return alpha * x + beta;
    case DCN_GATE_LEAKY_RELU:
        return x < 0 ? alpha * x : x;
    case DCN_GATE_THRESHOLDED:
        return x > alpha ? x : 0;
    case DCN_GATE_SCALED_TANH:
        return alpha * tanhf(beta * x);
    case DCN_GATE_HARD_SIGMOID:
        return fmaxf(0, fminf(1, alpha * x + beta));
    case DCN_GATE_ELU:
        return x < 0 ? alpha * expm1f(x) : x;
    case DCN_GATE_SOFTSIGN:
        return x / (1 + fabsf(x));
    case DCN_GATE_SOFTPLUS:
        return x > 0 ? x + log1pf(expf(-x)) : log1pf(expf(x));
    }
    return x;
}

float
dcn_gate_slope(const DcnGate *gate, float x)
{
    float alpha = gate->alpha, beta = gate->beta, y;
    if (fabsf(x) > gate->clip)
        return 0;
    switch (gate->kind) {
    case DCN_GATE_SIGMOID:
        y = 1 / (1 + expf(-x));
        return y * (1 - y);
    case DCN_GATE_TANH:
        y = tanhf(x);
        return 1 - y * y;
    case DCN_GATE_RELU:
        return x > 0;
    case DCN_GATE_AFFINE:
        return alpha;
    case DCN_GATE_LEAKY_RELU:
        return x < 0 ? alpha : 1;
    case DCN_GATE_THRESHOLDED:
        return x > alpha;
    case DCN_GATE_SCALED_TANH:
        y = tanhf(beta * x);
        return alpha * beta * (1 - y * y);
    case DCN_GATE_HARD_SIGMOID:
        y = alpha * x + beta;
        return y > 0 && y < 1 ? alpha : 0;
    case DCN_GATE_ELU:
        return x < 0 ? alpha * expf(x) : 1;
    case DCN_GATE_SOFTSIGN:
        y = 1 + fabsf(x);
        return 1 / (y * y);
    case DCN_GATE_SOFTPLUS:
        return 1 / (1 + expf(-x));
    }
    return 1;
}
