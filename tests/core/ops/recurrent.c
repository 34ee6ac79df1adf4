/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ops/recurrent.c: tests of RNN, GRU and LSTM: two places by hand, with gates that let
 * everything through, and what is refused. */
#include "check.h"
#include "core/fixture/op_expect.h"

static void
begin(OpRun *run, const char *op, size_t gates, size_t functions)
{
    static const char *const affine[] = {"Affine", "Affine", "Affine"};
    op_begin(run, op, 14);
    op_strings(run, "activations", functions, affine);
    op_input(run, 3, DIMS(2, 1, 1), FLOATS(0.5F, 0.5F));
    op_weight(run, 3, DIMS(1, (int64_t)gates, 1), FLOATS(1, 1, 1, 1));
    op_weight(run, 3, DIMS(1, (int64_t)gates, 1), FLOATS(1, 1, 1, 1));
}

static void
an_rnn_adds_what_was(void)
{
    OpRun run;
    begin(&run, "RNN", 1, 1);
    op_gives(&run, 4, DIMS(2, 1, 1, 1), FLOATS(0.5F, 1)); /* 0.5 + 0.5 */
    begin(&run, "RNN", 1, 1);
    op_string(&run, "direction", "reverse");
    op_gives(&run, 4, DIMS(2, 1, 1, 1), FLOATS(1, 0.5F));
}

static void
a_gru_weighs_what_was_and_what_comes(void)
{
    OpRun run;
    /* z = r = 0.5 and n = 0.5, so h = 0.5 n; then z = r = 0.75, n = 0.5 + 0.75 * 0.25 and
     * h = 0.25 n + 0.75 * 0.25. */
    begin(&run, "GRU", 3, 2);
    op_gives(&run, 4, DIMS(2, 1, 1, 1), FLOATS(0.25F, 0.359375F));
    /* With a bias of r of 1 for n alone: n = 0.5 + 0.5 * (0 + 1), h = 0.5; then z = r = 1. */
    begin(&run, "GRU", 3, 2);
    op_weight(&run, 2, DIMS(1, 6), FLOATS(0, 0, 0, 0, 0, 1));
    op_int(&run, "linear_before_reset", 1);
    op_gives(&run, 4, DIMS(2, 1, 1, 1), FLOATS(0.5F, 0.5F));
}

static void
an_lstm_keeps_a_cell(void)
{
    OpRun run;
    /* All gates are 0.5: c = 0.25, h = 0.125; then 0.625: c = 0.625 * (0.25 + 0.625). */
    begin(&run, "LSTM", 4, 3);
    op_gives(&run, 4, DIMS(2, 1, 1, 1), FLOATS(0.125F, 0.625F * 0.546875F));
    /* The gate of what is kept is 1 - 0.625. */
    begin(&run, "LSTM", 4, 3);
    op_int(&run, "input_forget", 1);
    op_gives(&run, 4, DIMS(2, 1, 1, 1),
             FLOATS(0.125F, 0.625F * (0.375F * 0.25F + 0.390625F)));
    /* A peephole of o: 0.5 + 2 * 0.25; then 0.5 + h + 2 c. */
    begin(&run, "LSTM", 4, 3);
    for (int i = 0; i < 4; i++)
        op_left_out(&run);
    op_weight(&run, 2, DIMS(1, 3), FLOATS(0, 2, 0));
    float h = 1 * 0.25F, gate = 0.5F + h, c = gate * (0.25F + gate);
    op_gives(&run, 4, DIMS(2, 1, 1, 1), FLOATS(h, (gate + 2 * c) * c));
}

static void
gates_are_cut_before_their_functions(void)
{
    OpRun run;
    begin(&run, "RNN", 1, 1);
    op_float(&run, "clip", 0.75F);
    op_gives(&run, 4, DIMS(2, 1, 1, 1), FLOATS(0.5F, 0.75F));
    begin(&run, "RNN", 1, 1); /* nothing comes back of the second place */
    op_float(&run, "clip", 0.75F);
    op_brings(&run, DCN_GRADIENT, FLOATS(2, 3), FLOATS(2, 0));
}

static void
what_is_no_layer_of_a_net_is_refused(void)
{
    OpRun run;
    static const char *const strange[] = {"Cosine"}, *const two[] = {"Relu", "Relu"};
    begin(&run, "RNN", 1, 1);
    op_left_out(&run);
    op_whole(&run, DCN_INT32, 1, DIMS(1), (int64_t[]){1});
    op_refuses(&run, "a sequence of 1 of its 2 places");
    op_begin(&run, "RNN", 14);
    op_strings(&run, "activations", 1, strange);
    op_input(&run, 3, DIMS(2, 1, 1), NULL);
    op_weight(&run, 3, DIMS(1, 1, 1), NULL);
    op_weight(&run, 3, DIMS(1, 1, 1), NULL);
    op_refuses(&run, "the activation is \"Cosine\"");
    op_begin(&run, "RNN", 14);
    op_strings(&run, "activations", 2, two);
    op_input(&run, 3, DIMS(2, 1, 1), NULL);
    op_weight(&run, 3, DIMS(1, 1, 1), NULL);
    op_weight(&run, 3, DIMS(1, 1, 1), NULL);
    op_refuses(&run, "2 activations where 1 are needed");
    op_begin(&run, "GRU", 14);
    op_input(&run, 3, DIMS(2, 1, 3), NULL);
    op_weight(&run, 3, DIMS(1, 6, 2), NULL);
    op_weight(&run, 3, DIMS(1, 6, 2), NULL);
    op_refuses(&run, "W is 1x6x2 where 1x6x3 is needed");
    op_begin(&run, "LSTM", 14);
    op_input(&run, 3, DIMS(2, 1, 3), NULL);
    op_input(&run, 3, DIMS(1, 8, 3), NULL);
    op_weight(&run, 3, DIMS(1, 8, 2), NULL);
    op_refuses(&run, "weights that are computed in a run");
    begin(&run, "LSTM", 4, 3);
    for (int i = 0; i < 4; i++)
        op_left_out(&run);
    op_input(&run, 2, DIMS(1, 3), NULL);
    op_refuses(&run, "weights that are computed in a run");
}

CHECK_MAIN(CHECK_TEST(an_rnn_adds_what_was),
           CHECK_TEST(a_gru_weighs_what_was_and_what_comes),
           CHECK_TEST(an_lstm_keeps_a_cell),
           CHECK_TEST(gates_are_cut_before_their_functions),
           CHECK_TEST(what_is_no_layer_of_a_net_is_refused))
