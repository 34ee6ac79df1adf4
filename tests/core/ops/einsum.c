/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Einsum against its definition: for each output the sum, over all values of the letters
 * that it lacks, of the products. */
#include "check.h"
#include "core/fixture/op_run.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

/* Of two operands, whose letters are as long as their places here say. */
static int64_t
length_of(char letter)
{
    return 2 + (letter * 7) % 5;
}

typedef struct {
    char term[3][8]; /* two operands and the output */
    char letters[16];
} Equation;

static Equation
read_equation(const char *text)
{
    Equation e = {0};
    int term = 0, n = 0;
    for (const char *c = text; *c; c++) {
        if (*c == ',' || *c == '>') {
            term++;
            n = 0;
        } else if (isalpha((unsigned char)*c)) {
            e.term[term][n++] = *c;
            if (!strchr(e.letters, *c))
                e.letters[strlen(e.letters)] = *c;
        }
    }
    return e;
}

/* Where a term's tensor is read, with letters at these places. */
static size_t
offset(const Equation *e, int term, const int64_t *place)
{
    size_t at = 0;
    for (const char *c = e->term[term]; *c; c++)
        at = at * (size_t)length_of(*c) +
             (size_t)place[strchr(e->letters, *c) - e->letters];
    return at;
}

/* sums of term `to`, of all the other two's products. */
static void
define(const Equation *e, int to, const float *data[3], double *sums)
{
    int64_t place[16] = {0};
    size_t letters = strlen(e->letters), at;
    do {
        double product = 1;
        for (int term = 0; term < 3; term++)
            if (term != to)
                product *= (double)data[term][offset(e, term, place)];
        sums[offset(e, to, place)] += product;
        for (at = 0; at < letters && ++place[at] == length_of(e->letters[at]); at++)
            place[at] = 0;
    } while (at < letters);
}

static void
check_term(
    const char *text, const Equation *e, int to, const float *data[3], const float *is)
{
    double sums[8192] = {0};
    size_t count = 1;
    for (const char *c = e->term[to]; *c; c++)
        count *= (size_t)length_of(*c);
    define(e, to, data, sums);
    for (size_t i = 0; i < count; i++)
        if (!(fabs((double)is[i] - sums[i]) <= 1e-4)) {
            check_fail("%s, tensor %d: %g at %zu, wanted %g", text, to, (double)is[i], i,
                       sums[i]);
            return;
        }
}

static void
check_equation(const char *text)
{
    OpRun run;
    Equation e = read_equation(text);
    op_begin(&run, "Einsum", 12);
    op_string(&run, "equation", text);
    for (int term = 0; term < 2; term++) {
        int64_t dims[8];
        int rank = (int)strlen(e.term[term]);
        for (int i = 0; i < rank; i++)
            dims[i] = length_of(e.term[term][i]);
        op_input(&run, rank, dims, NULL);
    }
    if (check(op_setup(&run, 1), run.error.text)) {
        const float *data[3] = {run.in[0].data, run.in[1].data, NULL};
        op_forward(&run);
        check_term(text, &e, 2, data, run.out[0].data);
        op_noise(&run, run.out[0].grad, op_total(&run, &run.out[0]));
        data[2] = run.out[0].grad;
        op_back(&run, DCN_GRADIENT);
        check_term(text, &e, 0, data, run.in[0].grad);
        check_term(text, &e, 1, data, run.in[1].grad);
    }
    op_end(&run);
}

static void
products_are_the_sums_of_the_definition(void)
{
    static const char *const equations[] = {
        "bij,bjk->bik",    /* as MatMul */
        "bhid,bhjd->bhij", /* scores of attention */
        "bhij,bhjd->bhid", /* what is looked at */
        "bhdi,bhdj->bhij", /* channels before places */
        "bihd,bjhd->bhij", /* heads inside */
        "bhij,bjhd->bihd", /* and back */
        "bchw,kc->bkhw",   /* a convolution of 1 x 1 */
        "bhwc,hkc->bhwk",  /* positions, relative */
        "bhwc,wkc->bhwk",  /* the other axis */
        "bchw,bkhw->bck",  /* a sum over two */
        "nctv,vw->nctw",   /* graphs */
        "nkctv,kvw->nctw", /* with a sum outside */
        "bij,bjk->bki",    /* a turned output */
        "ij,jk->ki",       "ji,kj->ki",    "bi,bj->bij", "bij,bj->bi",
        "bij,bij->b",      "bij,bij->bij", "bi,ij->bj",
    };
    for (size_t i = 0; i < sizeof equations / sizeof *equations; i++)
        check_equation(equations[i]);
}

CHECK_MAIN(CHECK_TEST(products_are_the_sums_of_the_definition))
