/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Einsum: a sum of products by Einstein's notation, as NumPy's. "bij,bjk->bik" is a batch
 * of matrix products: for each b, i and k of the output, the sum over j. A letter twice
 * in an operand takes its diagonal; "..." stands for axes that are broadcast; without
 * "->" the output has, after the "..." axes, in alphabetic order the letters that stand
 * once.
 *
 * All letters and "..." axes together are one walk, outputs outside and sums inside; each
 * tensor has a step for each axis of the walk. Where two operands, as in attention, are
 * matrix products under steps, those take three of the axes, ahead and back.
 *
 * Back, all methods: linear in each operand: its signal is the same sum with the output's
 * signal in its place. */
#include "ops/einsum.h"
#include <ctype.h>
#include <string.h>

typedef struct {
    char letter
        [DCN_EINSUM_AXES]; /* of each axis of the walk; "..." axes: '0' + place from the end */
    int64_t dim[DCN_EINSUM_AXES];
    int rank;
} Letters;

/* The axis of the walk that has this letter, new if there is none; -1: too many. */
static int
axis_of(Letters *letters, char letter)
{
    for (int i = 0; i < letters->rank; i++)
        if (letters->letter[i] == letter)
            return i;
    if (letters->rank == DCN_EINSUM_AXES)
        return -1;
    letters->letter[letters->rank] = letter;
    letters->dim[letters->rank] = 1;
    return letters->rank++;
}

/* The letters of a term for a tensor of `rank` axes: "..." becomes digits, the last of
 * its axes '0'. Returns how many; -1: it does not fit. rank -1: as many digits as
 * `dots`. */
static int
expand(const char *term, size_t length, int rank, int dots, char out[DCN_EINSUM_AXES])
{
    int letters = 0, n = 0;
    for (size_t i = 0; i < length; i++)
        letters += isalpha((unsigned char)term[i]) != 0;
    bool seen = false;
    int many = rank < 0 ? dots : rank - letters;
    for (size_t i = 0; i < length; i++) {
        if (isalpha((unsigned char)term[i])) {
            if (n == DCN_EINSUM_AXES)
                return -1;
            out[n++] = term[i];
        } else if (term[i] == '.' && !seen && i + 2 < length && term[i + 1] == '.' &&
                   term[i + 2] == '.') {
            seen = true;
            i += 2;
            if (many < 0 || n + many > DCN_EINSUM_AXES || many > DCN_MAX_RANK)
                return -1;
            for (int k = many; k-- > 0;)
                out[n++] = (char)('0' + k);
        } else {
            return -1;
        }
    }
    return n;
}

/* Operand `input` gives its letters sizes. */
static bool
read_operand(
    DcnSetup *setup, size_t input, const char *letters, int n, Letters *walk, int *dots)
{
    const DcnShape *x = setup->in[input];
    char text[128];
    if (n != x->rank)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "input %zu is %s and has another number of letters", input,
                              dcn_shape_print(x, text));
    for (int i = 0; i < n; i++) {
        int axis = axis_of(walk, letters[i]);
        if (axis < 0)
            return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "more than %d letters",
                                  DCN_EINSUM_AXES);
        bool digit = isdigit((unsigned char)letters[i]) != 0;
        if (digit && letters[i] - '0' + 1 > *dots)
            *dots = letters[i] - '0' + 1;
        if (walk->dim[axis] != x->dim[i] && walk->dim[axis] != 1 && x->dim[i] != 1)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "\"%c\" is %lld and %lld places long", letters[i],
                                  (long long)walk->dim[axis], (long long)x->dim[i]);
        if (walk->dim[axis] == 1)
            walk->dim[axis] = x->dim[i];
    }
    return true;
}

/* Adds up the steps of a tensor through the walk. */
static void
steps_of(const DcnEinsum *p,
         const Letters *walk,
         const int order[DCN_EINSUM_AXES],
         const DcnShape *x,
         const char *letters,
         size_t step[DCN_EINSUM_AXES])
{
    size_t own = 1;
    for (int i = x->rank - 1; i >= 0; i--) {
        for (int axis = 0; axis < p->rank; axis++)
            if (walk->letter[order[axis]] == letters[i] && x->dim[i] > 1)
                step[axis] += own;
        own *= (size_t)x->dim[i];
    }
}

/* Letters of an output that is not stated. */
static int
implied_output(const Letters *walk,
               char all[][DCN_EINSUM_AXES],
               const int *n,
               size_t operands,
               int dots,
               char out[DCN_EINSUM_AXES])
{
    int count = 0;
    for (int k = dots; k-- > 0 && count < DCN_EINSUM_AXES;)
        out[count++] = (char)('0' + k);
    for (char letter = 'A'; letter <= 'z'; letter++) {
        int times = 0;
        for (size_t i = 0; i < operands; i++)
            for (int k = 0; k < n[i]; k++)
                times += all[i][k] == letter;
        if (times == 1 && count < walk->rank)
            out[count++] = letter;
    }
    return count;
}

static bool
einsum_setup(DcnSetup *setup)
{
    DcnEinsum *p = setup->params;
    const char *given = dcn_node_string(setup->node, "equation", "");
    char equation[256], all[DCN_EINSUM_OPERANDS + 1][DCN_EINSUM_AXES];
    int n[DCN_EINSUM_OPERANDS + 1], dots = 0;
    Letters walk = {.rank = 0};
    size_t length = 0, term = 0;
    for (const char *c = given; *c && length < sizeof equation - 1; c++)
        if (*c != ' ')
            equation[length++] = *c;
    equation[length] = '\0';
    if (setup->n_in > DCN_EINSUM_OPERANDS || strlen(given) >= sizeof equation)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "more than %d operands",
                              DCN_EINSUM_OPERANDS);
    const char *arrow = strstr(equation, "->"), *at = equation;
    const char *end = arrow ? arrow : equation + length;
    for (;; term++) {
        size_t letters = strcspn(at, ",-");
        if (term >= setup->n_in)
            break;
        n[term] = expand(at, letters, setup->in[term]->rank, 0, all[term]);
        if (n[term] < 0)
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "its equation is \"%.60s\"",
                                  given);
        if (!read_operand(setup, term, all[term], n[term], &walk, &dots))
            return false;
        at += letters;
        if (at >= end || *at != ',') {
            term++;
            break;
        }
        at++;
    }
    if (term != setup->n_in || at != end)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                              "its equation is \"%.60s\" with %zu inputs", given,
                              setup->n_in);
    n[term] = arrow ? expand(arrow + 2, strlen(arrow + 2), -1, dots, all[term])
                    : implied_output(&walk, all, n, term, dots, all[term]);
    if (n[term] < 0 || n[term] > DCN_MAX_RANK)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "its equation is \"%.60s\"",
                              given);
    /* Puts the output's letters first. */
    int order[DCN_EINSUM_AXES], count = 0;
    setup->out[0] = (DcnShape){.rank = n[term]};
    for (int i = 0; i < n[term]; i++) {
        int axis = 0;
        while (axis < walk.rank && walk.letter[axis] != all[term][i])
            axis++;
        if (axis == walk.rank || memchr(all[term], all[term][i], (size_t)i))
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                                  "\"%c\" of its output stands twice or in no input",
                                  all[term][i]);
        order[count++] = axis;
        setup->out[0].dim[i] = walk.dim[axis];
    }
    dcn_setup_scratch(setup, DCN_PRODUCT_SCRATCH);
    for (int axis = 0; axis < walk.rank; axis++)
        if (!memchr(all[term], walk.letter[axis], (size_t)n[term]))
            order[count++] = axis;
    p->rank = count;
    p->operands = setup->n_in;
    int64_t products = 1;
    for (int i = 0; i < count; i++) {
        int64_t dim = walk.dim[order[i]];
        if (dim > 0 && products > DCN_MAX_COUNT / dim)
            return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "too many products");
        products *= dim;
        p->dim[i] = (size_t)dim;
    }
    for (size_t i = 0; i <= term; i++)
        steps_of(p, &walk, order, i < term ? setup->in[i] : &setup->out[0], all[i],
                 p->step[i]);
    return true;
}

static void
einsum_forward(const DcnCall *call)
{
    const DcnEinsum *p = call->params;
    const float *data[DCN_EINSUM_OPERANDS + 1] = {NULL};
    for (size_t n = 0; n < call->batch; n++) {
        for (size_t i = 0; i < p->operands; i++)
            data[i] = dcn_image(&call->in[i], n);
        float *y = dcn_image(&call->out[0], n);
        if (call->out[0].count > 0)
            memset(y, 0, call->out[0].count * sizeof *y);
        dcn_einsum_add(call->context, p, data, p->operands, y);
    }
}

static void
add_where(const DcnCall *call, bool (*wants)(const DcnCall *, size_t))
{
    const DcnEinsum *p = call->params;
    for (size_t to = 0; to < p->operands; to++)
        for (size_t n = 0; n < call->batch && wants(call, to); n++) {
            const float *data[DCN_EINSUM_OPERANDS + 1] = {NULL};
            for (size_t i = 0; i < p->operands; i++)
                data[i] = dcn_image(&call->in[i], n);
            data[p->operands] = dcn_image_grad(&call->out[0], n);
            dcn_einsum_add(call->context, p, data, to, dcn_image_grad(&call->in[to], n));
        }
}

static void
einsum_back(const DcnCall *call)
{
    add_where(call, dcn_wants_back);
}

static void
einsum_grad_weights(const DcnCall *call)
{
    add_where(call, dcn_wants_weights);
}

/* Axes 1 to 3 of a tensor that are an axis of the walk with this step. */
static int
axis_with(const DcnEinsum *p, size_t tensor, const DcnShape *shape, int axis)
{
    size_t own = dcn_shape_product(shape, axis + 1, shape->rank);
    int found = -1;
    for (int i = 0; i < p->rank; i++)
        if (p->step[tensor][i] == own && p->dim[i] == (size_t)shape->dim[axis] &&
            p->dim[i] > 1)
            found = found < 0 ? i : -2;
    return found;
}

/* Axes of two tensors that have the same letter keep their places. */
static void
reach(const DcnCall *call,
      size_t from,
      const DcnShape *from_shape,
      const DcnBox *in,
      size_t to,
      const DcnShape *to_shape,
      DcnBox *out)
{
    const DcnEinsum *p = call->params;
    int axes[DCN_MAX_RANK];
    for (int i = 0; i < DCN_MAX_RANK; i++) {
        axes[i] = -1;
        int walk = i < to_shape->rank ? axis_with(p, to, to_shape, i) : -1;
        for (int k = 0; k < from_shape->rank && walk >= 0; k++)
            if (axis_with(p, from, from_shape, k) == walk)
                axes[i] = k;
    }
    dcn_reach_axes(to_shape, axes, in, out);
}

static void
einsum_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    reach(call, input, &call->in[input].shape, in, call->n_in, &call->out[output].shape,
          out);
}

static void
einsum_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    reach(call, call->n_in, &call->out[output].shape, out, input, &call->in[input].shape,
          in);
}

const DcnOp dcn_op_einsum = {
    .name = "Einsum",
    .inputs = {1, DCN_EINSUM_OPERANDS},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .params_size = sizeof(DcnEinsum),
    .setup = einsum_setup,
    .forward = einsum_forward,
    .back = DCN_BACK_ALL(einsum_back),
    .grad_weights = einsum_grad_weights,
    .reach.ahead = einsum_reach_ahead,
    .reach.back = einsum_reach_back,
    .layer = "einsum",
};
