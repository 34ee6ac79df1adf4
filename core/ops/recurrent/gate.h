/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gate.h: the functions that gates of recurrent layers may have (ONNX, "RNN"). */
#ifndef DCN_OPS_RECURRENT_GATE_H
#define DCN_OPS_RECURRENT_GATE_H

#include "ops/kit/common.h"

typedef enum {
    DCN_GATE_SIGMOID,
    DCN_GATE_TANH,
    DCN_GATE_RELU,
    DCN_GATE_AFFINE,       /* alpha x + beta */
    DCN_GATE_LEAKY_RELU,   /* x, below zero alpha x */
    DCN_GATE_THRESHOLDED,  /* x above alpha, else 0 */
    DCN_GATE_SCALED_TANH,  /* alpha tanh(beta x) */
    DCN_GATE_HARD_SIGMOID, /* alpha x + beta, cut to 0 .. 1 */
    DCN_GATE_ELU,          /* x, below zero alpha (e^x - 1) */
    DCN_GATE_SOFTSIGN,     /* x / (1 + |x|) */
    DCN_GATE_SOFTPLUS,     /* log(1 + e^x) */
} DcnGateKind;

typedef struct {
    DcnGateKind kind;
    float alpha, beta;
    float clip; /* x is cut to -clip .. clip before; INFINITY: it is not */
} DcnGate;

/* Reads the attributes "activations", with their "activation_alpha" and _beta, and "clip"
 * for `count` gates; absent ones are those of `usual`, which is repeated. False and an
 * error if one is unknown or the list has another length. */
bool dcn_gates_read(DcnSetup *setup,
                    const DcnGateKind *usual,
                    size_t n_usual,
                    size_t count,
                    DcnGate *gates);

/* f(x), and f'(x), which is 0 where x was cut. */
float dcn_gate(const DcnGate *gate, float x);
float dcn_gate_slope(const DcnGate *gate, float x);

#endif
