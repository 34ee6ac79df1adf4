/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recurrent.c: a cell over the places of a sequence. */
#include "ops/recurrent/recurrent.h"
#include "ops/product/product.h"
#include <string.h>

/* y_c is output 2. */
enum { X, W, R, B, LENGTHS, FIRST_H, FIRST_C, PEEPHOLES };
enum { Y, Y_H, Y_C };

/* --- setting up --- */

static bool
has_shape(DcnSetup *setup, size_t input, const char *what, int rank, const int64_t *dim)
{
    DcnShape wanted = dcn_shape(rank, dim);
    char text[2][128];
    if (!dcn_has_input(setup, input) || dcn_shape_equal(setup->in[input], &wanted))
        return true;
    return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "%s is %s where %s is needed", what,
                          dcn_shape_print(setup->in[input], text[0]),
                          dcn_shape_print(&wanted, text[1]));
}

/* All sequences have to be whole: there is one picture. */
static bool
read_lengths(DcnSetup *setup, const DcnRecurrent *p)
{
    if (!dcn_has_input(setup, LENGTHS))
        return true;
    int64_t lengths[64];
    int n = dcn_setup_ints(setup, LENGTHS, lengths, 64);
    if (n < 0)
        return false;
    for (int i = 0; i < n; i++)
        if (lengths[i] != (int64_t)p->places)
            return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                                  "a sequence of %lld of its %zu places",
                                  (long long)lengths[i], p->places);
    return true;
}

static bool
read_direction(DcnSetup *setup, DcnRecurrent *p)
{
    const char *direction = dcn_node_string(setup->node, "direction", "forward");
    bool both = strcmp(direction, "bidirectional") == 0;
    p->directions = both ? 2 : 1;
    p->first_backwards = strcmp(direction, "reverse") == 0;
    if (both || p->first_backwards || strcmp(direction, "forward") == 0)
        return true;
    return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "direction is \"%.40s\"", direction);
}

static bool
read_shapes(DcnSetup *setup, DcnRecurrent *p)
{
    const DcnShape *x = setup->in[X], *r = setup->in[R];
    char text[2][128];
    if (x->rank != 3 || r->rank != 3)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "inputs of %s and %s where three axes are needed",
                              dcn_shape_print(x, text[0]), dcn_shape_print(r, text[1]));
    p->rows_first = dcn_node_int(setup->node, "layout", 0) != 0;
    int64_t places = x->dim[p->rows_first], rows = x->dim[!p->rows_first],
            hidden = r->dim[2], directions = (int64_t)p->directions,
            blocks = (int64_t)p->cell->gates * hidden;
    if (hidden < 1 || hidden > INT32_MAX / 16 ||
        dcn_node_int(setup->node, "hidden_size", hidden) != hidden)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "weights of %s do not fit",
                              dcn_shape_print(r, text[0]));
    if (dcn_shape_count(x) == 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is empty");
    const int64_t state[3] = {p->rows_first ? rows : directions,
                              p->rows_first ? directions : rows, hidden};
    if (!has_shape(setup, W, "W", 3, (int64_t[]){directions, blocks, x->dim[2]}) ||
        !has_shape(setup, R, "R", 3, (int64_t[]){directions, blocks, hidden}) ||
        !has_shape(setup, B, "B", 2, (int64_t[]){directions, 2 * blocks}) ||
        !has_shape(setup, FIRST_H, "initial_h", 3, state) ||
        !has_shape(setup, FIRST_C, "initial_c", 3, state) ||
        !has_shape(setup, PEEPHOLES, "P", 2, (int64_t[]){directions, 3 * hidden}))
        return false;
    if (!dcn_setup_matrix(setup, places) || !dcn_setup_matrix(setup, rows) ||
        !dcn_setup_matrix(setup, blocks) || !dcn_setup_matrix(setup, x->dim[2]))
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "too large: %s",
                              dcn_shape_print(x, text[0]));
    p->places = (size_t)places;
    p->rows = (size_t)rows;
    p->in = (size_t)x->dim[2];
    p->hidden = (size_t)hidden;
    p->gate_row = (size_t)blocks * (p->rows_first ? p->places : 1);
    setup->out[Y] = p->rows_first
                        ? dcn_shape(4, (int64_t[]){rows, places, directions, hidden})
                        : dcn_shape(4, (int64_t[]){places, directions, rows, hidden});
    for (size_t i = Y_H; i < setup->n_out; i++)
        setup->out[i] = dcn_shape(3, state);
    return true;
}

/* What a direction of an image takes of a thread's scratch, in floats. */
typedef struct {
    size_t gates, states, more, signals, all;
} Sizes;

static Sizes
sizes_of(const DcnRecurrent *p)
{
    size_t state = p->rows * p->hidden;
    Sizes sizes = {.gates = p->places * p->rows * p->cell->gates * p->hidden,
                   .states = (p->places + 1) * state,
                   .more = p->places * state,
                   .signals = 4 * state};
    sizes.all =
        sizes.gates + (p->cell->cell ? 2 : 1) * sizes.states + sizes.more + sizes.signals;
    sizes.all = (sizes.all + 15) / 16 * 16; /* a product's room is aligned */
    return sizes;
}

bool
dcn_recurrent_setup(DcnSetup *setup, const DcnCell *cell)
{
    DcnRecurrent *p = setup->params;
    p->cell = cell;
    static const size_t weights[] = {W, R, B, PEEPHOLES};
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
        if (dcn_has_input(setup, weights[i]) && !setup->value[weights[i]])
            return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                                  "weights that are computed in a run");
    if (!read_direction(setup, p) || !read_shapes(setup, p) || !read_lengths(setup, p) ||
        !dcn_gates_read(setup, cell->usual, cell->functions,
                        cell->functions * p->directions, p->functions))
        return false;
    DcnShape most =
        dcn_shape(4, (int64_t[]){(int64_t)p->places + 1, (int64_t)p->rows,
                                 (int64_t)p->hidden, (int64_t)cell->gates + 4});
    size_t count;
    char text[128];
    if (!dcn_shape_elements(&most, &count) || count > (size_t)1 << 30)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "too large: %s",
                              dcn_shape_print(&most, text));
    dcn_setup_scratch(setup, sizes_of(p).all * sizeof(float) + DCN_PRODUCT_SCRATCH);
    return true;
}

/* --- one direction of one image --- */

typedef struct {
    const DcnCall *call;
    const DcnRecurrent *p;
    size_t image, direction;
    float *gates, *h, *c, *more, *signals, *room;
} Line;

static Line
line_of(const DcnCall *call, size_t image, size_t direction, float *scratch)
{
    const DcnRecurrent *p = call->params;
    Sizes sizes = sizes_of(p);
    Line line = {call, p, image, direction, .gates = scratch};
    line.h = line.gates + sizes.gates;
    line.more = line.h + sizes.states;
    line.signals = line.more + sizes.more;
    line.c = p->cell->cell ? line.signals + sizes.signals : NULL;
    line.room = scratch + sizes.all;
    return line;
}

/* The n-th place that the direction comes to. */
static size_t
place_at(const Line *line, size_t n)
{
    bool backwards = line->p->first_backwards || line->direction == 1;
    return backwards ? line->p->places - 1 - n : n;
}

/* A direction's part of a constant that has one for each. */
static const float *
part_of(const Line *line, size_t input)
{
    const DcnOperand *operand = dcn_input(line->call, input);
    return operand
               ? operand->data + line->direction * (operand->count / line->p->directions)
               : NULL;
}

static DcnPlace
place_of(const Line *line, size_t n)
{
    const DcnRecurrent *p = line->p;
    size_t state = p->rows * p->hidden, blocks = p->cell->gates * p->hidden;
    DcnPlace place = {.p = p,
                      .direction = line->direction,
                      .gates = line->gates +
                               place_at(line, n) * blocks * (p->rows_first ? 1 : p->rows),
                      .h = line->h + n * state,
                      .h_now = line->h + (n + 1) * state,
                      .more = line->more + n * state,
                      .r = part_of(line, R),
                      .bias = part_of(line, B),
                      .peephole = part_of(line, PEEPHOLES),
                      .room = line->room};
    if (place.bias)
        place.bias += blocks; /* that of w comes first */
    if (line->c) {
        place.c = line->c + n * state;
        place.c_now = line->c + (n + 1) * state;
    }
    return place;
}

void
dcn_place_add(const DcnPlace *place,
              const float *h,
              size_t first,
              size_t count,
              float *out,
              size_t row)
{
    const DcnRecurrent *p = place->p;
    size_t n = count * p->hidden;
    if (place->bias)
        for (size_t i = 0; i < p->rows; i++)
            for (size_t j = 0; j < n; j++)
                out[i * row + j] += place->bias[first * p->hidden + j];
    dcn_product_here(&(DcnProduct){.transpose_b = true,
                                   .m = p->rows,
                                   .n = n,
                                   .k = p->hidden,
                                   .alpha = 1,
                                   .beta = 1,
                                   .a = h,
                                   .lda = p->hidden,
                                   .b = place->r + first * p->hidden * p->hidden,
                                   .ldb = p->hidden,
                                   .c = out,
                                   .ldc = row,
                                   .room = place->room});
}

void
dcn_place_take_back(const DcnPlace *place,
                    const float *dout,
                    size_t row,
                    size_t first,
                    size_t count,
                    float *dh)
{
    const DcnRecurrent *p = place->p;
    dcn_product_here(&(DcnProduct){.m = p->rows,
                                   .n = p->hidden,
                                   .k = count * p->hidden,
                                   .alpha = 1,
                                   .beta = 1,
                                   .a = dout,
                                   .lda = row,
                                   .b = place->r + first * p->hidden * p->hidden,
                                   .ldb = p->hidden,
                                   .c = dh,
                                   .ldc = p->hidden,
                                   .room = place->room});
}

/* gates = x w^T + b of all places: their order is that of x. */
static void
start_gates(const Line *line)
{
    const DcnRecurrent *p = line->p;
    size_t blocks = p->cell->gates * p->hidden, m = p->places * p->rows;
    const float *bias = part_of(line, B);
    for (size_t i = 0; bias && i < m; i++)
        memcpy(line->gates + i * blocks, bias, blocks * sizeof *bias);
    dcn_product_here(&(DcnProduct){.transpose_b = true,
                                   .m = m,
                                   .n = blocks,
                                   .k = p->in,
                                   .alpha = 1,
                                   .beta = bias != NULL,
                                   .a = dcn_image(&line->call->in[X], line->image),
                                   .lda = p->in,
                                   .b = part_of(line, W),
                                   .ldb = p->in,
                                   .c = line->gates,
                                   .ldc = blocks,
                                   .room = line->room});
}

/* --- states as the operator has them --- */

/* Where a row of this direction begins in initial_h, y_h and their like. */
static size_t
state_row(const Line *line, size_t row)
{
    const DcnRecurrent *p = line->p;
    size_t at = p->rows_first ? row * p->directions + line->direction
                              : line->direction * p->rows + row;
    return at * p->hidden;
}

/* The same in y, of a place. */
static size_t
output_row(const Line *line, size_t place, size_t row)
{
    const DcnRecurrent *p = line->p;
    size_t at = p->rows_first
                    ? (row * p->places + place) * p->directions + line->direction
                    : (place * p->directions + line->direction) * p->rows + row;
    return at * p->hidden;
}

static void
start_state(const Line *line, size_t input, float *state)
{
    const DcnRecurrent *p = line->p;
    const DcnOperand *first = dcn_input(line->call, input);
    memset(state, 0, p->rows * p->hidden * sizeof *state);
    for (size_t row = 0; first && row < p->rows; row++)
        memcpy(state + row * p->hidden,
               dcn_image(first, line->image) + state_row(line, row),
               p->hidden * sizeof *state);
}

static void
run(const Line *line)
{
    start_gates(line);
    start_state(line, FIRST_H, line->h);
    if (line->c)
        start_state(line, FIRST_C, line->c);
    for (size_t n = 0; n < line->p->places; n++) {
        DcnPlace place = place_of(line, n);
        line->p->cell->forward(&place);
    }
}

static void
hand_out(const Line *line)
{
    const DcnRecurrent *p = line->p;
    const DcnCall *call = line->call;
    size_t state = p->rows * p->hidden, bytes = p->hidden * sizeof(float);
    const float *last[] = {[Y_H] = line->h + p->places * state,
                           [Y_C] = line->c ? line->c + p->places * state : NULL};
    for (size_t row = 0; row < p->rows; row++) {
        for (size_t n = 0; call->out[Y].data && n < p->places; n++)
            memcpy(dcn_image(&call->out[Y], line->image) +
                       output_row(line, place_at(line, n), row),
                   line->h + (n + 1) * state + row * p->hidden, bytes);
        for (size_t i = Y_H; i < call->n_out; i++)
            if (call->out[i].data)
                memcpy(dcn_image(&call->out[i], line->image) + state_row(line, row),
                       last[i] + row * p->hidden, bytes);
    }
}

static void
forward_line(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const DcnRecurrent *p = call->params;
    Line line = line_of(call, index / p->directions, index % p->directions,
                        dcn_scratch(call->context, worker));
    run(&line);
    hand_out(&line);
}

void
dcn_recurrent_forward(const DcnCall *call)
{
    const DcnRecurrent *p = call->params;
    dcn_parallel(call->context, call->batch * p->directions, forward_line, (void *)call);
}

/* --- back --- */

/* state += the signal of an output, or what an input's gradient takes. */
static void
add_rows(float *to, const float *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += from[i];
}

static void
add_output(const Line *line, size_t output, float *state)
{
    const DcnRecurrent *p = line->p;
    const DcnCall *call = line->call;
    for (size_t row = 0; output < call->n_out && call->out[output].grad && row < p->rows;
         row++)
        add_rows(state + row * p->hidden,
                 dcn_image_grad(&call->out[output], line->image) + state_row(line, row),
                 p->hidden);
}

static void
add_to_first(const Line *line, size_t input, const float *state)
{
    const DcnRecurrent *p = line->p;
    const DcnOperand *first = dcn_input(line->call, input);
    for (size_t row = 0; first && first->grad && first->stride != 0 && row < p->rows;
         row++)
        add_rows(dcn_image_grad(first, line->image) + state_row(line, row),
                 state + row * p->hidden, p->hidden);
}

/* The places in turn, the last one first; gates become their signals. */
static void
take_back(const Line *line)
{
    const DcnRecurrent *p = line->p;
    const DcnOperand *y = &line->call->out[Y];
    size_t state = p->rows * p->hidden;
    float *dh_now = line->signals, *dh = dh_now + state, *dc_now = dh + state,
          *dc = dc_now + state;
    memset(line->signals, 0, 4 * state * sizeof *dh);
    add_output(line, Y_H, dh_now);
    if (line->c)
        add_output(line, Y_C, dc_now);
    for (size_t n = p->places; n-- > 0;) {
        DcnPlace place = place_of(line, n);
        for (size_t row = 0; y->grad && row < p->rows; row++)
            add_rows(dh_now + row * p->hidden,
                     dcn_image_grad(y, line->image) +
                         output_row(line, place_at(line, n), row),
                     p->hidden);
        memset(dh, 0, state * sizeof *dh);
        p->cell->back(&place, &(DcnPlaceSignal){dh_now, dc_now, dh, dc});
        float *before = dh;
        dh = dh_now;
        dh_now = before;
        before = dc;
        dc = dc_now;
        dc_now = before;
    }
    add_to_first(line, FIRST_H, dh_now);
    if (line->c)
        add_to_first(line, FIRST_C, dc_now);
}

/* dx (T rows x in) += dgates w */
static void
add_to_x(const Line *line)
{
    const DcnRecurrent *p = line->p;
    size_t blocks = p->cell->gates * p->hidden;
    const DcnOperand *x = &line->call->in[X];
    if (!x->grad || x->stride == 0)
        return;
    dcn_product_here(&(DcnProduct){.m = p->places * p->rows,
                                   .n = p->in,
                                   .k = blocks,
                                   .alpha = 1,
                                   .beta = 1,
                                   .a = line->gates,
                                   .lda = blocks,
                                   .b = part_of(line, W),
                                   .ldb = p->in,
                                   .c = dcn_image_grad(x, line->image),
                                   .ldc = p->in,
                                   .room = line->room});
}

/* Both directions add to one signal. */
static void
back_image(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const DcnRecurrent *p = call->params;
    for (size_t direction = 0; direction < p->directions; direction++) {
        Line line = line_of(call, index, direction, dcn_scratch(call->context, worker));
        run(&line);
        take_back(&line);
        add_to_x(&line);
    }
}

void
dcn_recurrent_back(const DcnCall *call)
{
    bool comes = false;
    for (size_t i = 0; i < call->n_out; i++)
        comes = comes || call->out[i].grad;
    if (comes)
        dcn_parallel(call->context, call->batch, back_image, (void *)call);
}
