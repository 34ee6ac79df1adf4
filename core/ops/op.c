/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op.c: what an operator does where its entry leaves it to `each` or `pair`.
 *
 * Entries are constant and say only what is special. Plans, sessions and trainers
 * ask here, so that abs.c need not say that the output of Abs has its input's shape. */
#include "ops/kit/broadcast.h"
#include "ops/kit/common.h"
#include "ops/kit/elementwise.h"

bool
dcn_op_setup(DcnSetup *setup)
{
    const DcnOp *op = setup->op;
    if (op->setup)
        return op->setup(setup);
    return op->pair.values ? dcn_setup_broadcast(setup) : dcn_setup_same(setup);
}

void
dcn_op_forward(const DcnOp *op, const DcnCall *call)
{
    if (op->forward)
        op->forward(call);
    else if (op->each.values)
        dcn_each_forward(call, op->each.values);
    else if (op->pair.values)
        dcn_pair_forward(call, op->pair.values, NULL);
}

bool
dcn_op_goes_back(const DcnOp *op, DcnMethod method)
{
    return op->back[method] || op->each.values || op->pair.values;
}

void
dcn_op_back(const DcnOp *op, DcnMethod method, const DcnCall *call)
{
    if (op->back[method])
        op->back[method](call);
    else if (op->each.slopes[method])
        dcn_each_back(call, op->each.slopes[method]);
    else if (op->pair.slopes)
        dcn_pair_back(call, op->pair.slopes);
}

static bool
is_left_to(const DcnOp *op, bool kind)
{
    return kind && !op->back[DCN_DECONVNET] && !op->back[DCN_GUIDED] &&
           !op->back[DCN_GRADIENT];
}

bool
dcn_op_bounded(const DcnOp *op, const DcnCall *call)
{
    if (op->bounded)
        return op->bounded(call);
    if (is_left_to(op, op->pair.slopes != NULL))
        return dcn_pair_bounded(call);
    return is_left_to(op, op->each.values != NULL);
}

bool
dcn_op_starts(const DcnOp *op, const DcnCall *call, size_t input)
{
    if (op->starts_all)
        return true;
    if (input > 0)
        return false;
    bool slopes = op->each.slopes[DCN_DECONVNET] && op->each.slopes[DCN_GUIDED] &&
                  op->each.slopes[DCN_GRADIENT];
    return op->starts || (is_left_to(op, slopes || op->pair.slopes) &&
                          dcn_shape_equal(&call->in[0].shape, &call->out[0].shape));
}

static bool
is_flat(const DcnOp *op)
{
    return op->back[0] == dcn_flat_back ||
           (!op->back[0] && !op->each.slopes[0] && !op->pair.slopes);
}

DcnRule
dcn_op_rule(const DcnOp *op, const void *params)
{
    if (op->rule_by)
        return op->rule_by(params);
    if (op->rule != DCN_RULE_DERIVATIVE)
        return op->rule;
    if (!dcn_op_goes_back(op, DCN_DECONVNET))
        return DCN_RULE_REFUSED;
    if (is_flat(op))
        return DCN_RULE_NOTHING;
    if (op->role == DCN_ROLE_NORMALISES)
        return DCN_RULE_STATISTICS;
    if (op->role == DCN_ROLE_WEIGHTED || op->role == DCN_ROLE_ADDS ||
        op->role == DCN_ROLE_CUTS || op->constants.moves)
        return DCN_RULE_TRANSPOSED;
    return DCN_RULE_DERIVATIVE;
}

bool
dcn_op_has_weights(const DcnOp *op)
{
    return op->grad_weights || op->pair.slopes;
}

void
dcn_op_grad_weights(const DcnOp *op, const DcnCall *call)
{
    if (op->grad_weights)
        op->grad_weights(call);
    else if (op->pair.slopes)
        dcn_pair_grad_weights(call, op->pair.slopes);
}

void
dcn_op_reach_ahead(const DcnOp *op,
                   const DcnCall *call,
                   size_t input,
                   const DcnBox *in,
                   size_t output,
                   DcnBox *out)
{
    if (op->reach.ahead)
        op->reach.ahead(call, input, in, output, out);
    else if (op->each.values)
        dcn_reach_same(call, input, in, output, out);
    else if (op->pair.values)
        dcn_reach_broadcast(call, input, in, output, out);
    else
        *out = dcn_shape_box(&call->out[output].shape);
}

void
dcn_op_reach_back(const DcnOp *op,
                  const DcnCall *call,
                  size_t output,
                  const DcnBox *out,
                  size_t input,
                  DcnBox *in)
{
    if (op->reach.back)
        op->reach.back(call, output, out, input, in);
    else if (op->each.values)
        dcn_reach_back_same(call, output, out, input, in);
    else if (op->pair.values)
        dcn_reach_back_broadcast(call, output, out, input, in);
    else
        *in = dcn_shape_box(&call->in[input].shape);
}

bool
dcn_op_has_reach(const DcnOp *op)
{
    return op->reach.ahead || op->each.values || op->pair.values;
}

DcnLocality
dcn_op_local(const DcnOp *op, const void *params, DcnLocalWindow *window)
{
    if (op->reach.local)
        return op->reach.local(params, window);
    return op->each.values || op->pair.values ? DCN_LOCAL_PLACES : DCN_LOCAL_NO;
}
