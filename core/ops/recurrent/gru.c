/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GRU, with gates z, r and n (ONNX calls the last one h):
 *
 *     z = f(x wz^T + h rz^T + bz)        r = f(x wr^T + h rr^T + br)
 *     n = g(x wn^T + (r h) rn^T + bn)    h' = (1 - z) n + z h
 *
 * With linear_before_reset, as PyTorch has it, n = g(x wn^T + wbn + r (h rn^T + rbn)). */
#include "ops/recurrent/recurrent.h"
#include <string.h>

enum { Z, RESET, N };

static void
gru_forward(const DcnPlace *place)
{
    const DcnRecurrent *p = place->p;
    const DcnGate *f = dcn_place_function(place, 0), *g = dcn_place_function(place, 1);
    size_t state = p->rows * p->hidden;
    dcn_place_add(place, place->h, Z, 2, place->gates, p->gate_row);
    if (p->before_reset) {
        memset(place->more, 0, state * sizeof *place->more);
        dcn_place_add(place, place->h, N, 1, place->more, p->hidden);
    }
    for (size_t row = 0; row < p->rows; row++) {
        const float *reset = dcn_place_gate(place, row, RESET);
        float *n = dcn_place_gate(place, row, N), *more = place->more + row * p->hidden;
        for (size_t i = 0; i < p->hidden; i++) {
            float r = dcn_gate(f, reset[i]);
            if (p->before_reset)
                n[i] += r * more[i];
            else
                more[i] = r * place->h[row * p->hidden + i];
        }
    }
    if (!p->before_reset)
        dcn_place_add(place, place->more, N, 1, dcn_place_gate(place, 0, N), p->gate_row);
    for (size_t row = 0; row < p->rows; row++)
        for (size_t i = 0; i < p->hidden; i++) {
            size_t at = row * p->hidden + i;
            float z = dcn_gate(f, dcn_place_gate(place, row, Z)[i]);
            place->h_now[at] = (1 - z) * dcn_gate(g, dcn_place_gate(place, row, N)[i]) +
                               z * place->h[at];
        }
}

/* Signals of z and n, and what z hands on. */
static void
back_output(const DcnPlace *place, const DcnPlaceSignal *signal)
{
    const DcnRecurrent *p = place->p;
    const DcnGate *f = dcn_place_function(place, 0), *g = dcn_place_function(place, 1);
    for (size_t row = 0; row < p->rows; row++) {
        float *z = dcn_place_gate(place, row, Z), *n = dcn_place_gate(place, row, N);
        for (size_t i = 0; i < p->hidden; i++) {
            size_t at = row * p->hidden + i;
            float now = signal->dh_now[at], share = dcn_gate(f, z[i]);
            z[i] = now * (place->h[at] - dcn_gate(g, n[i])) * dcn_gate_slope(f, z[i]);
            n[i] = now * (1 - share) * dcn_gate_slope(g, n[i]);
            signal->dh[at] += now * share;
        }
    }
}

static void
gru_back(const DcnPlace *place, const DcnPlaceSignal *signal)
{
    const DcnRecurrent *p = place->p;
    const DcnGate *f = dcn_place_function(place, 0);
    size_t state = p->rows * p->hidden;
    back_output(place, signal);
    if (!p->before_reset) { /* more: from here on the signal of r h */
        memset(place->more, 0, state * sizeof *place->more);
        dcn_place_take_back(place, dcn_place_gate(place, 0, N), p->gate_row, N, 1,
                            place->more);
    }
    for (size_t row = 0; row < p->rows; row++) {
        float *reset = dcn_place_gate(place, row, RESET);
        const float *n = dcn_place_gate(place, row, N);
        for (size_t i = 0; i < p->hidden; i++) {
            size_t at = row * p->hidden + i;
            float r = dcn_gate(f, reset[i]), slope = dcn_gate_slope(f, reset[i]);
            if (p->before_reset) {
                reset[i] = n[i] * place->more[at] * slope;
                place->more[at] = n[i] * r; /* from here on the signal of h rn^T */
            } else {
                reset[i] = place->more[at] * place->h[at] * slope;
                signal->dh[at] += place->more[at] * r;
            }
        }
    }
    if (p->before_reset)
        dcn_place_take_back(place, place->more, p->hidden, N, 1, signal->dh);
    dcn_place_take_back(place, place->gates, p->gate_row, Z, 2, signal->dh);
}

static const DcnGateKind usual[] = {DCN_GATE_SIGMOID, DCN_GATE_TANH};
static const DcnCell cell = {
    .gates = 3, .usual = usual, .functions = 2, .forward = gru_forward, .back = gru_back};

static bool
gru_setup(DcnSetup *setup)
{
    DcnRecurrent *p = setup->params;
    p->before_reset = dcn_node_int(setup->node, "linear_before_reset", 0) != 0;
    return dcn_recurrent_setup(setup, &cell);
}

const DcnOp dcn_op_gru = {
    .name = "GRU",
    .inputs = {3, 6},
    .outputs = {1, 2},
    .since = 7,
    .params_size = sizeof(DcnRecurrent),
    .setup = gru_setup,
    .forward = dcn_recurrent_forward,
    .back = DCN_BACK_ALL(dcn_recurrent_back),
};
