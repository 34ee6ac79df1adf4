/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recurrent.h: what RNN, GRU and LSTM have in common: a cell that goes over the places of
 * a sequence, in one direction or both (ONNX, "RNN", "GRU", "LSTM").
 *
 *     x  T x rows x in        gates = x w^T + h r^T + b        y  T x directions x rows x hidden
 *     h  of the place before  of each place                    y_h, y_c  of the last place
 *
 * w is (count hidden) x in and r (count hidden) x hidden for each direction, for the
 * cell's `count` gates one below the other.
 *
 * Back, all methods: by the derivative, place by place against the direction. Nothing is
 * kept of a run: the way back computes it again.
 */
#ifndef DCN_OPS_RECURRENT_RECURRENT_H
#define DCN_OPS_RECURRENT_RECURRENT_H

#include "ops/recurrent/gate.h"

/* A place of a sequence, for all its rows. Gates before their functions; a row of them is
 * gate_row floats after the one before. States: rows x hidden. */
typedef struct {
    const struct DcnRecurrent *p;
    size_t direction;
    float *gates;
    const float *h, *c; /* of the place before */
    float *h_now, *c_now;
    float *more; /* rows x hidden, which the cell keeps of the place for its way back */
    const float *r, *bias, *peephole; /* of the direction; NULL: there is none */
    float *room;                      /* for products */
} DcnPlace;

/* Signals at a place: in, those of its states; out, gates' in the place of the gates, and
 * those of the states before, which are added to (dh) or written (dc). */
typedef struct {
    const float *dh_now, *dc_now;
    float *dh, *dc;
} DcnPlaceSignal;

typedef struct {
    size_t gates;             /* blocks of w and r */
    const DcnGateKind *usual; /* functions */
    size_t functions;
    bool cell; /* there is a state c, and peepholes */

    /* Gates have x w^T and the bias of w in them. h and h_now are the sums' own. */
    void (*forward)(const DcnPlace *place);
    void (*back)(const DcnPlace *place, const DcnPlaceSignal *signal);
} DcnCell;

#define DCN_MOST_FUNCTIONS 6 /* of both directions */

typedef struct DcnRecurrent {
    const DcnCell *cell;
    size_t places, rows, in, hidden, directions;
    bool first_backwards; /* direction 0 goes from the last place to the first */
    bool rows_first;      /* layout 1: rows x T x in */
    bool before_reset;    /* GRU, "linear_before_reset" */
    bool coupled;         /* LSTM, "input_forget" */
    size_t gate_row;      /* floats from a row of gates to the next */
    DcnGate functions[DCN_MOST_FUNCTIONS]; /* of direction 0, then 1 */
} DcnRecurrent;

/* Setup, with DcnRecurrent as the parameters of the operator; forward and back. */
bool dcn_recurrent_setup(DcnSetup *setup, const DcnCell *cell);
void dcn_recurrent_forward(const DcnCall *call);
void dcn_recurrent_back(const DcnCall *call);

/* For cells: a function of the place's direction; gate block `gate` of a row. */
static inline const DcnGate *
dcn_place_function(const DcnPlace *place, size_t index)
{
    const DcnRecurrent *p = place->p;
    return &p->functions[place->direction * p->cell->functions + index];
}

static inline float *
dcn_place_gate(const DcnPlace *place, size_t row, size_t gate)
{
    return place->gates + row * place->p->gate_row + gate * place->p->hidden;
}

/* out (rows x (count hidden), each `row` floats behind the one before) += h (rows x hidden)
 * r^T + b, of `count` blocks of r and of its bias from block `first` on. */
void dcn_place_add(const DcnPlace *place,
                   const float *h,
                   size_t first,
                   size_t count,
                   float *out,
                   size_t row);

/* dh (rows x hidden) += dout r */
void dcn_place_take_back(const DcnPlace *place,
                         const float *dout,
                         size_t row,
                         size_t first,
                         size_t count,
                         float *dh);

#endif
