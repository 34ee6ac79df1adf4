/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common.h: small things that many operators need. Inside core/ops/ only. */
#ifndef DCN_OPS_KIT_COMMON_H
#define DCN_OPS_KIT_COMMON_H

#include "base/box.h"
#include "ops/op.h"

/* Elements that one thread takes at a time in cheap loops: enough to pay for waking it.
 */
#define DCN_GRAIN ((size_t)16384)

static inline bool
dcn_has_input(const DcnSetup *setup, size_t input)
{
    return input < setup->n_in && setup->in[input];
}

/* The axes listed in a constant input (since opset 13 or 18) or in the attribute "axes":
 * named[axis] becomes true. Returns how many, 0 if the list is absent or empty, -1 and an
 * error if one is out of range, named twice or the list is too long. added: the list
 * counts in a result that has one axis more for each entry. */
int dcn_setup_axes(
    DcnSetup *setup, size_t input, int rank, bool added, bool named[DCN_MAX_RANK]);

/* Data and gradient of one image; constants have one for all images. */
static inline float *
dcn_image(const DcnOperand *operand, size_t image)
{
    return operand->data + image * operand->stride;
}

static inline float *
dcn_image_grad(const DcnOperand *operand, size_t image)
{
    return operand->grad + image * operand->stride;
}

/* The same in bytes, for operators that only move elements. */
static inline char *
dcn_image_bytes(const DcnCall *call, const DcnOperand *operand, size_t image)
{
    return (char *)operand->data + image * operand->stride * call->element;
}

/* An input of a call that is there; NULL if the node leaves it out. */
static inline const DcnOperand *
dcn_input(const DcnCall *call, size_t input)
{
    return input < call->n_in && call->in[input].data ? &call->in[input] : NULL;
}

/* True if a signal comes back to this output and the gradient of this input is wanted.
 * False for constants (stride 0), whose gradient is computed by grad_weights. */
static inline bool
dcn_wants_back(const DcnCall *call, size_t input)
{
    return input < call->n_in && call->out[0].grad && call->in[input].grad &&
           call->in[input].stride != 0;
}

static inline bool
dcn_wants_weights(const DcnCall *call, size_t input)
{
    return input < call->n_in && call->out[0].grad && call->in[input].grad &&
           call->in[input].stride == 0;
}

/* NaN stays NaN. */
static inline float
dcn_clamp(DcnClamp clamp, float value)
{
    value = value < clamp.low ? clamp.low : value;
    return value > clamp.high ? clamp.high : value;
}

static inline bool
dcn_clamp_is_open(DcnClamp clamp)
{
    return clamp.low == -__builtin_inff() && clamp.high == __builtin_inff();
}

DcnClamp dcn_clamp_open(void);

/* first, then second: one clamp that does both. */
DcnClamp dcn_clamp_join(DcnClamp first, DcnClamp second);

/* Sums in eight lanes, so that long sums lose less than one after another would. */
float dcn_sum(const float *x, size_t n);
float dcn_dot(const float *a, const float *b, size_t n);

/* floor and ceiling of a / b for b > 0 and any sign of a. */
static inline int64_t
dcn_floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return q - (a % b < 0);
}

static inline int64_t
dcn_ceil_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return q + (a % b > 0);
}

/* The result box of a tensor whose axis j has the coordinates of axis from[j] of the
 * tensor that `in` lies in; -1: any of that axis's places may be touched. */
void dcn_reach_axes(const DcnShape *result_shape,
                    const int from[DCN_MAX_RANK],
                    const DcnBox *in,
                    DcnBox *result);

/* Reach of operators that only reshape, by the shapes in the call: the smallest box around
 * the elements that axes merged or split make of a box. */
void dcn_reach_reshape(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_reach_back_reshape(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);

/* Of elementwise operators whose inputs are broadcast to the output's shape. */
void dcn_reach_broadcast(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_reach_back_broadcast(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);

/* Of operators that treat the elements of their first input alone, by numbers in further
 * inputs that hold for all of them. */
void dcn_reach_first(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_reach_back_first(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);

/* Back of operators that are flat wherever they have a slope: nothing comes back. */
void dcn_flat_back(const DcnCall *call);

/* The element of a broadcast operand behind element i of the result. */
size_t dcn_broadcast_index(const DcnShape *result, const DcnShape *operand, size_t i);

/* Forward and back of operators that hand on their first input as it is: Reshape,
 * Identity ... */
void dcn_copy_forward(const DcnCall *call);
void dcn_copy_back(const DcnCall *call);

#endif
