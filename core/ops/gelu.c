/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gelu: y = x * P(X <= x) for a normal X, which is x / 2 * (1 + erf(x / sqrt 2)), or with
 * approximate = "tanh" x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) (Hendrycks &
 * Gimpel 2016). All methods, the derivative: dx += dy * (P(X <= x) + x * e^(-x^2 / 2) /
 * sqrt(2 pi)), and with t for the tanh, dx += dy * ((1 + t) / 2 + x / 2 * (1 - t^2) *
 * sqrt(2 / pi) * (1 + 3 * 0.044715 x^2)). */
#include "ops/kit/elementwise.h"
#include "ops/kit/error_function.h"
#include <string.h>

#define ROOT_HALF 0.707106781F    /* sqrt(1 / 2) */
#define ROOT_2_BY_PI 0.797884561F /* sqrt(2 / pi) */
#define CUBE 0.044715F

typedef struct {
    bool approximate;
} Params;

static bool
gelu_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const char *word = dcn_node_string(setup->node, "approximate", "none");
    p->approximate = strcmp(word, "tanh") == 0;
    if (!p->approximate && strcmp(word, "none") != 0)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "approximate is \"%.40s\"", word);
    return dcn_setup_same(setup);
}

/* (1 + tanh(z)) / 2 is the sigmoid of 2 z, which compilers make vectors of. */
static inline float
by_tanh(float x)
{
    return x / dcn_one_and_exp(-2 * ROOT_2_BY_PI * (x + CUBE * x * x * x));
}

DCN_VECTOR static void
gelu_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    const Params *p = params;
    if (p->approximate)
        for (size_t i = 0; i < n; i++)
            y[i] = by_tanh(x[i]);
    else
        for (size_t i = 0; i < n; i++)
            y[i] = 0.5F * x[i] * (1 + dcn_erf(x[i] * ROOT_HALF));
}

/* With s for that sigmoid, (1 + t) / 2 is s and (1 - t^2) / 2 is 2 s (1 - s). */
static inline float
slope_by_tanh(float x)
{
    float s = 1 / dcn_one_and_exp(-2 * ROOT_2_BY_PI * (x + CUBE * x * x * x));
    return s + x * 2 * s * (1 - s) * ROOT_2_BY_PI * (1 + 3 * CUBE * x * x);
}

static inline float
slope_by_erf(float x)
{
    return 0.5F * (1 + dcn_erf(x * ROOT_HALF)) +
           x * 0.5F * ROOT_2_BY_PI * dcn_exp(-0.5F * x * x);
}

DCN_VECTOR static void
gelu_slopes(const void *params,
            const float *restrict x,
            const float *restrict y,
            const float *restrict dy,
            float *restrict dx,
            size_t n)
{
    const Params *p = params;
    (void)y;
    if (p->approximate)
        for (size_t i = 0; i < n; i++)
            dx[i] += dy[i] * slope_by_tanh(x[i]);
    else
        for (size_t i = 0; i < n; i++)
            dx[i] += dy[i] * slope_by_erf(x[i]);
}

const DcnOp dcn_op_gelu = {
    .name = "Gelu",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = gelu_setup,
    .each = {gelu_values, DCN_BACK_ALL(gelu_slopes)},
    .layer = "gelu",
};
