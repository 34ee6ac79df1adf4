/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RNN: h' = f(x w^T + h r^T + b), place by place; f is tanh if nothing else is said. */
#include "ops/recurrent/recurrent.h"

static void
rnn_forward(const DcnPlace *place)
{
    const DcnRecurrent *p = place->p;
    const DcnGate *f = dcn_place_function(place, 0);
    dcn_place_add(place, place->h, 0, 1, place->gates, p->gate_row);
    for (size_t row = 0; row < p->rows; row++)
        for (size_t i = 0; i < p->hidden; i++)
            place->h_now[row * p->hidden + i] =
                dcn_gate(f, dcn_place_gate(place, row, 0)[i]);
}

static void
rnn_back(const DcnPlace *place, const DcnPlaceSignal *signal)
{
    const DcnRecurrent *p = place->p;
    const DcnGate *f = dcn_place_function(place, 0);
    for (size_t row = 0; row < p->rows; row++) {
        float *gate = dcn_place_gate(place, row, 0);
        for (size_t i = 0; i < p->hidden; i++)
            gate[i] = signal->dh_now[row * p->hidden + i] * dcn_gate_slope(f, gate[i]);
    }
    dcn_place_take_back(place, place->gates, p->gate_row, 0, 1, signal->dh);
}

static const DcnGateKind usual[] = {DCN_GATE_TANH};
static const DcnCell cell = {
    .gates = 1, .usual = usual, .functions = 1, .forward = rnn_forward, .back = rnn_back};

static bool
rnn_setup(DcnSetup *setup)
{
    return dcn_recurrent_setup(setup, &cell);
}

const DcnOp dcn_op_rnn = {
    .name = "RNN",
    .inputs = {3, 6},
    .outputs = {1, 2},
    .since = 7,
    .params_size = sizeof(DcnRecurrent),
    .setup = rnn_setup,
    .forward = dcn_recurrent_forward,
    .back = DCN_BACK_ALL(dcn_recurrent_back),
};
