/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operators that find places or take them, Einsum and Attention: by hand what ONNX's own
 * tests leave open, and what is refused. */
#include "check.h"
#include "core/fixture/op_run.h"
#include <math.h>

#define DIMS(...) ((int64_t[]){__VA_ARGS__})
#define FLOATS(...) ((float[]){__VA_ARGS__})

/* Runs what was prepared and compares output `output` with n values, exactly. */
static void
gives_all(OpRun *run, size_t outputs, size_t n, const float *const *wanted)
{
    if (check(op_setup(run, outputs), run->error.text)) {
        op_forward(run);
        for (size_t i = 0; i < outputs; i++) {
            check_int((long long)run->out[i].count, (long long)n, "elements");
            if (run->out[i].count == n)
                check_floats(run->out[i].data, wanted[i], n, 0);
        }
    }
    op_end(run);
}

static void
gives(OpRun *run, size_t n, const float *wanted)
{
    gives_all(run, 1, n, &wanted);
}

static void
refused(OpRun *run, const char *why)
{
    check(!op_setup(run, 1), why);
    check_text(run->error.text, why);
    op_end(run);
}

static void
equal_elements_come_in_the_order_of_their_places(void)
{
    OpRun run;
    op_begin(&run, "ArgMax", 13);
    op_input(&run, 1, DIMS(4), FLOATS(1, 3, 3, 2));
    gives(&run, 1, FLOATS(1));
    op_begin(&run, "ArgMin", 13);
    op_int(&run, "select_last_index", 1);
    op_input(&run, 1, DIMS(4), FLOATS(1, 3, 1, 2));
    gives(&run, 1, FLOATS(2));
    op_begin(&run, "TopK", 11);
    op_input(&run, 1, DIMS(5), FLOATS(1, 3, 3, 2, 3));
    op_list(&run, 1, DIMS(4));
    gives_all(&run, 2, 4, (const float *[]){FLOATS(3, 3, 3, 2), FLOATS(1, 2, 4, 3)});
    op_begin(&run, "TopK", 9);
    op_int(&run, "k", 2);
    op_int(&run, "axis", 0);
    op_input(&run, 2, DIMS(3, 1), FLOATS(1, 5, 3));
    gives_all(&run, 2, 2, (const float *[]){FLOATS(5, 3), FLOATS(1, 2)});
    op_begin(&run, "TopK", 11);
    op_input(&run, 1, DIMS(3), NULL);
    op_list(&run, 1, DIMS(4));
    refused(&run, "4 of an axis of 3 places");
}

static void
elements_go_where_indices_say(void)
{
    OpRun run;
    op_begin(&run, "ScatterND", 18);
    op_string(&run, "reduction", "max");
    op_input(&run, 2, DIMS(3, 2), FLOATS(1, 2, 3, 4, 5, 6));
    op_whole(&run, DCN_INT64, 2, DIMS(2, 1), DIMS(-1, 0));
    op_input(&run, 2, DIMS(2, 2), FLOATS(9, 1, 0, 7));
    gives(&run, 6, FLOATS(1, 7, 3, 4, 9, 6));
    op_begin(&run, "ScatterElements", 18);
    op_string(&run, "reduction", "mul");
    run.backward = true;
    op_input(&run, 1, DIMS(2), NULL);
    op_list(&run, 1, DIMS(0));
    op_input(&run, 1, DIMS(1), NULL);
    refused(&run, "no signal comes back through reduction \"mul\"");
    op_begin(&run, "ScatterElements", 18);
    op_input(&run, 1, DIMS(2), NULL);
    op_list(&run, 1, DIMS(2));
    op_input(&run, 1, DIMS(1), NULL);
    refused(&run, "index 2 of an axis of 2 places");
    op_begin(&run, "GatherND", 13);
    op_input(&run, 2, DIMS(2, 2), NULL);
    op_whole(&run, DCN_INT64, 2, DIMS(1, 2), DIMS(0, 2));
    refused(&run, "index 2 of an axis of 2 places");
    op_begin(&run, "GatherElements", 13);
    op_input(&run, 2, DIMS(2, 2), NULL);
    op_list(&run, 2, DIMS(0, 1));
    refused(&run, "indices of 2 do not fit an input of 2x2");
}

static void
indices_of_a_run_stay_inside(void)
{
    OpRun run;
    op_begin(&run, "GatherElements", 13);
    op_input(&run, 1, DIMS(3), FLOATS(7, 8, 9));
    op_input(&run, 1, DIMS(5), FLOATS(-1, 1e20F, -1e20F, NAN, 1));
    gives(&run, 5, FLOATS(9, 9, 7, 7, 8));
    op_begin(&run, "OneHot", 11);
    op_input(&run, 1, DIMS(4), FLOATS(-1, 2, NAN, 1e30F));
    op_list(&run, 1, DIMS(2));
    op_weight(&run, 1, DIMS(2), FLOATS(0, 1));
    gives(&run, 8, FLOATS(0, 1, 0, 0, 0, 0, 0, 0));
}

static void
sizes_that_depend_on_a_run_are_refused(void)
{
    OpRun run;
    op_begin(&run, "NonZero", 13);
    op_input(&run, 1, DIMS(3), NULL);
    refused(&run, "its input is computed in a run");
    op_begin(&run, "Compress", 11);
    op_input(&run, 1, DIMS(3), NULL);
    op_input(&run, 1, DIMS(3), NULL);
    refused(&run, "input 1 has to be a constant");
}

static void
einsum_reads_its_equation(void)
{
    OpRun run;
    op_begin(&run, "Einsum", 12); /* letters by the alphabet, i is summed up */
    op_string(&run, "equation", " ij , kj ");
    op_input(&run, 2, DIMS(1, 2), FLOATS(1, 2));
    op_input(&run, 2, DIMS(2, 2), FLOATS(3, 4, 5, 6));
    gives(&run, 2, FLOATS(11, 17));
    op_begin(&run, "Einsum", 12);
    op_string(&run, "equation", "ii->i");
    op_input(&run, 2, DIMS(2, 2), FLOATS(1, 2, 3, 4));
    gives(&run, 2, FLOATS(1, 4));
    op_begin(&run, "Einsum", 12);
    op_string(&run, "equation", "...->");
    op_input(&run, 2, DIMS(2, 2), FLOATS(1, 2, 3, 4));
    gives(&run, 1, FLOATS(10));
    static const struct {
        const char *equation, *why;
    } wrong[] = {
        {"ij", "with 2 inputs"},
        {"ij,jk,kl->il", "with 2 inputs"},
        {"ij,jk->im", "stands twice or in no input"},
        {"ij,jk->ii", "stands twice or in no input"},
        {"ijk,jk->i", "another number of letters"},
        {"i1,jk->i", "its equation is \"i1,jk->i\""},
        {"ij,ik->i...", "\"i\" is 2 and 3 places long"},
        {"i..,jk->i", "its equation is"},
        {"", "another number of letters"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        op_begin(&run, "Einsum", 12);
        op_string(&run, "equation", wrong[i].equation);
        op_input(&run, 2, DIMS(2, 3), NULL);
        op_input(&run, 2, DIMS(3, 4), NULL);
        refused(&run, wrong[i].why);
    }
}

static void
attention_weighs_what_it_may_look_at(void)
{
    OpRun run;
    float third = 1 / 3.0F;
    op_begin(&run, "Attention", 23); /* scores 0 and ln 3 */
    op_float(&run, "scale", 1);
    op_input(&run, 4, DIMS(1, 1, 2, 1), FLOATS(0, logf(3)));
    op_input(&run, 4, DIMS(1, 1, 2, 1), FLOATS(0, 1));
    op_input(&run, 4, DIMS(1, 1, 2, 1), FLOATS(4, 8));
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        check_floats(run.out[0].data, FLOATS(6, 7), 2, 1e-6);
    }
    op_end(&run);
    op_begin(&run, "Attention", 23); /* the first query is shut out of all */
    op_input(&run, 4, DIMS(1, 1, 2, 1), FLOATS(5, 5));
    op_input(&run, 4, DIMS(1, 1, 3, 1), FLOATS(1, 1, 1));
    op_input(&run, 4, DIMS(1, 1, 3, 1), FLOATS(3, 30, 300));
    op_whole(&run, DCN_BOOL, 2, DIMS(2, 3), DIMS(0, 0, 0, 1, 0, 1));
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        check_floats(run.out[0].data, FLOATS(0, 151.5F), 2, 1e-4);
    }
    op_end(&run);
    op_begin(&run, "Attention", 23); /* two heads in a row, causal */
    op_int(&run, "q_num_heads", 2);
    op_int(&run, "kv_num_heads", 1);
    op_int(&run, "is_causal", 1);
    op_input(&run, 3, DIMS(1, 3, 2), FLOATS(0, 0, 0, 0, 0, 0));
    op_input(&run, 3, DIMS(1, 3, 1), FLOATS(1, 2, 3));
    op_input(&run, 3, DIMS(1, 3, 1), FLOATS(3, 5, 10));
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        check_floats(run.out[0].data, FLOATS(3, 3, 4, 4, 18 * third, 18 * third), 6,
                     1e-5);
    }
    op_end(&run);
    op_begin(&run, "Attention", 23);
    for (int i = 0; i < 5; i++)
        op_input(&run, 4, DIMS(1, 1, 2, 1), NULL);
    refused(&run, "keys of past runs");
    op_begin(&run, "Attention", 23);
    for (int i = 0; i < 3; i++)
        op_input(&run, 4, DIMS(1, 1 + i, 2, 1), NULL);
    refused(&run, "inputs of 1x1x2x1, 1x2x2x1 and 1x3x2x1 do not fit");
}

/* By a right angle, and by an angle with cosine 0.6 and sine 0.8. */
static void
rotary_embedding_turns_pairs(void)
{
    const float *cos = FLOATS(0, 0.6F), *sin = FLOATS(1, 0.8F);
    OpRun run;
    op_begin(&run, "RotaryEmbedding", 23); /* the rows look up places 1 and 0 */
    op_int(&run, "num_heads", 1);
    op_input(&run, 3, DIMS(1, 2, 3), FLOATS(5, 10, 7, 3, 4, 8));
    op_int(&run, "rotary_embedding_dim", 2);
    op_weight(&run, 2, DIMS(2, 1), FLOATS(0, 0.6F));
    op_weight(&run, 2, DIMS(2, 1), FLOATS(1, 0.8F));
    op_whole(&run, DCN_INT64, 2, DIMS(1, 2), DIMS(1, 0));
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        check_floats(run.out[0].data, FLOATS(-5, 10, 7, -4, 3, 8), 6, 1e-6);
    }
    op_end(&run);
    for (int interleaved = 0; interleaved < 2; interleaved++) {
        op_begin(&run, "com.microsoft:RotaryEmbedding", 17); /* from place 0 on */
        op_int(&run, "interleaved", interleaved);
        op_input(&run, 3, DIMS(1, 1, 4), FLOATS(1, 5, 2, 10));
        op_whole(&run, DCN_INT64, 1, DIMS(1), DIMS(0));
        op_weight(&run, 2, DIMS(1, 2), cos);
        op_weight(&run, 2, DIMS(1, 2), sin);
        if (check(op_setup(&run, 1), run.error.text)) {
            op_forward(&run); /* (1, 2) and (5, 10), or (1, 5) and (2, 10) */
            check_floats(run.out[0].data,
                         interleaved ? FLOATS(-5, 1, -6.8F, 7.6F) : FLOATS(-2, -5, 1, 10),
                         4, 1e-5);
        }
        op_end(&run);
    }
    op_begin(&run, "com.microsoft:RotaryEmbedding", 17);
    op_input(&run, 3, DIMS(1, 2, 4), NULL);
    op_whole(&run, DCN_INT64, 1, DIMS(1), DIMS(0));
    op_weight(&run, 2, DIMS(1, 2), cos);
    op_weight(&run, 2, DIMS(1, 2), sin);
    refused(&run, "place 0 of a table of 1 rows");
    op_begin(&run, "RotaryEmbedding", 23);
    op_input(&run, 4, DIMS(1, 1, 2, 4), NULL);
    op_weight(&run, 3, DIMS(1, 1, 2), cos);
    op_weight(&run, 3, DIMS(1, 1, 2), sin);
    refused(&run, "cosines are 1x1x2 for 2 rows");
    op_begin(&run, "RotaryEmbedding", 23);
    op_input(&run, 4, DIMS(1, 1, 1, 4), NULL);
    op_input(&run, 3, DIMS(1, 1, 2), cos);
    op_input(&run, 3, DIMS(1, 1, 2), sin);
    refused(&run, "its angles are computed in a run");
}

CHECK_MAIN(CHECK_TEST(attention_weighs_what_it_may_look_at),
           CHECK_TEST(equal_elements_come_in_the_order_of_their_places),
           CHECK_TEST(elements_go_where_indices_say),
           CHECK_TEST(indices_of_a_run_stay_inside),
           CHECK_TEST(sizes_that_depend_on_a_run_are_refused),
           CHECK_TEST(rotary_embedding_turns_pairs),
           CHECK_TEST(einsum_reads_its_equation))
