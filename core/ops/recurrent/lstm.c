/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LSTM, with gates i, o, f and n (ONNX calls the last one c), p being peepholes:
 *
 *     i = f(x wi^T + h ri^T + bi + pi c)    f = f(x wf^T + h rf^T + bf + pf c), or 1 - i
 *     n = g(x wn^T + h rn^T + bn)           c' = f c + i n
 *     o = f(x wo^T + h ro^T + bo + po c')   h' = o h(c')
 *
 * The functions f, g and h are sigmoid, tanh and tanh if nothing else is said. */
#include "ops/recurrent/recurrent.h"

enum { I, O, F, N }; /* blocks of w and r; of the peepholes the first three */

static float
peephole(const DcnPlace *place, size_t gate, size_t i)
{
    return place->peephole ? place->peephole[gate * place->p->hidden + i] : 0;
}

static void
lstm_forward(const DcnPlace *place)
{
    const DcnRecurrent *p = place->p;
    const DcnGate *f = dcn_place_function(place, 0), *g = dcn_place_function(place, 1),
                  *h = dcn_place_function(place, 2);
    dcn_place_add(place, place->h, I, 4, place->gates, p->gate_row);
    for (size_t row = 0; row < p->rows; row++) {
        float *gate[4];
        for (size_t k = 0; k < 4; k++)
            gate[k] = dcn_place_gate(place, row, k);
        for (size_t i = 0; i < p->hidden; i++) {
            size_t at = row * p->hidden + i;
            float before = place->c[at];
            gate[I][i] += peephole(place, I, i) * before;
            gate[F][i] += peephole(place, F, i) * before;
            float in = dcn_gate(f, gate[I][i]);
            float keep = p->coupled ? 1 - in : dcn_gate(f, gate[F][i]);
            float now = keep * before + in * dcn_gate(g, gate[N][i]);
            gate[O][i] += peephole(place, O, i) * now;
            place->c_now[at] = now;
            place->h_now[at] = dcn_gate(f, gate[O][i]) * dcn_gate(h, now);
        }
    }
}

static void
lstm_back(const DcnPlace *place, const DcnPlaceSignal *signal)
{
    const DcnRecurrent *p = place->p;
    const DcnGate *f = dcn_place_function(place, 0), *g = dcn_place_function(place, 1),
                  *h = dcn_place_function(place, 2);
    for (size_t row = 0; row < p->rows; row++) {
        float *gate[4];
        for (size_t k = 0; k < 4; k++)
            gate[k] = dcn_place_gate(place, row, k);
        for (size_t i = 0; i < p->hidden; i++) {
            size_t at = row * p->hidden + i;
            float before = place->c[at], now = place->c_now[at];
            float in = dcn_gate(f, gate[I][i]), new = dcn_gate(g, gate[N][i]);
            float keep = p->coupled ? 1 - in : dcn_gate(f, gate[F][i]);
            float dh = signal->dh_now[at];
            float d_out = dh * dcn_gate(h, now) * dcn_gate_slope(f, gate[O][i]);
            float dc = signal->dc_now[at] +
                       dh * dcn_gate(f, gate[O][i]) * dcn_gate_slope(h, now) +
                       d_out * peephole(place, O, i);
            float d_in =
                dc * (p->coupled ? new - before : new) * dcn_gate_slope(f, gate[I][i]);
            float d_keep = p->coupled ? 0 : dc * before * dcn_gate_slope(f, gate[F][i]);
            gate[N][i] = dc * in * dcn_gate_slope(g, gate[N][i]);
            gate[I][i] = d_in;
            gate[O][i] = d_out;
            gate[F][i] = d_keep;
            signal->dc[at] =
                dc * keep + d_in * peephole(place, I, i) + d_keep * peephole(place, F, i);
        }
    }
    dcn_place_take_back(place, place->gates, p->gate_row, I, 4, signal->dh);
}

static const DcnGateKind usual[] = {DCN_GATE_SIGMOID, DCN_GATE_TANH, DCN_GATE_TANH};
static const DcnCell cell = {.gates = 4,
                             .usual = usual,
                             .functions = 3,
                             .cell = true,
                             .forward = lstm_forward,
                             .back = lstm_back};

static bool
lstm_setup(DcnSetup *setup)
{
    DcnRecurrent *p = setup->params;
    p->coupled = dcn_node_int(setup->node, "input_forget", 0) != 0;
    return dcn_recurrent_setup(setup, &cell);
}

const DcnOp dcn_op_lstm = {
    .name = "LSTM",
    .inputs = {3, 8},
    .outputs = {1, 3},
    .since = 7,
    .params_size = sizeof(DcnRecurrent),
    .setup = lstm_setup,
    .forward = dcn_recurrent_forward,
    .back = DCN_BACK_ALL(dcn_recurrent_back),
};
