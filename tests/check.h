/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check.h: the whole test harness: TAP on standard output, the exit status is the result.
 *
 *     static void
 *     two_and_two_are_four(void) { check(2 + 2 == 4, "arithmetic"); }
 *
 *     CHECK_MAIN(CHECK_TEST(two_and_two_are_four)) */
#ifndef TEST_CHECK_H
#define TEST_CHECK_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    void (*run)(void);
} CheckTest;

#define CHECK_TEST(function)                                                             \
    {                                                                                    \
        .name = #function, .run = function                                               \
    }
#define CHECK_MAIN(...)                                                                  \
    int main(void)                                                                       \
    {                                                                                    \
        static const CheckTest tests[] = {__VA_ARGS__};                                  \
        return check_run(tests, sizeof tests / sizeof *tests);                           \
    }

/* One for the whole program, of which fixtures are other files. */
__attribute__((weak)) int check_failures;        /* of the test that runs */
__attribute__((weak)) const char *check_skipped; /* why it is skipped */

__attribute__((format(printf, 1, 2))) static inline void
check_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (check_failures++ < 10) { /* ten say enough */
        printf("# ");
        vprintf(format, args);
        printf("\n");
    }
    va_end(args);
}

static inline bool
check(bool truth, const char *what)
{
    if (!truth)
        check_fail("not so: %s", what);
    return truth;
}

/* The same with the place and the condition as written. */
#define CHECK(truth)                                                                     \
    ((truth) ? (void)0 : check_fail("%s:%d: not so: %s", __FILE__, __LINE__, #truth))

/* What the rest of the program cannot do without: it ends. */
#define CHECK_NEED(truth) ((truth) ? (void)0 : check_bail(__FILE__, __LINE__, #truth))

#define CHECK_INT(got, wanted)                                                           \
    check_int_at((long long)(got), (long long)(wanted), __FILE__, __LINE__, #got)

static inline void
check_bail(const char *file, int line, const char *what)
{
    printf("Bail out! %s:%d: not so: %s\n", file, line, what);
    exit(1);
}

/* The rest cannot do without what this error was about: the program ends. */
static inline void
check_no_error(const char *text)
{
    if (*text) {
        printf("Bail out! %s\n", text);
        exit(1);
    }
}

/* A line for people. */
__attribute__((format(printf, 1, 2))) static inline void
check_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("# ");
    vprintf(format, args);
    printf("\n");
    va_end(args);
}

/* The test that runs cannot run here; it returns after this. */
static inline void
check_skip(const char *why)
{
    check_skipped = why;
}

static inline void
check_near(double got, double wanted, double tolerance, const char *what)
{
    if (!(fabs(got - wanted) <= tolerance))
        check_fail("%s: got %.9g, wanted %.9g (tolerance %.3g)", what, got, wanted,
                   tolerance);
}

/* |got - wanted| <= tolerance for each of n floats. */
static inline void
check_floats(const float *got, const float *wanted, size_t n, double tolerance)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)got[i] - (double)wanted[i]) <= tolerance))
            check_fail("[%zu] got %.9g, wanted %.9g (tolerance %.3g)", i, (double)got[i],
                       (double)wanted[i], tolerance);
}

static inline void
check_int(long long got, long long wanted, const char *what)
{
    if (got != wanted)
        check_fail("%s: got %lld, wanted %lld", what, got, wanted);
}

static inline void
check_int_at(
    long long got, long long wanted, const char *file, int line, const char *what)
{
    if (got != wanted)
        check_fail("%s:%d: %s: got %lld, wanted %lld", file, line, what, got, wanted);
}

/* Equal words; NULL is equal to nothing. */
static inline void
check_same_text(const char *got, const char *wanted)
{
    if (!got || !wanted || strcmp(got, wanted) != 0)
        check_fail("got \"%s\", wanted \"%s\"", got ? got : "(none)",
                   wanted ? wanted : "(none)");
}

/* A part of the text. */
static inline void
check_text(const char *text, const char *part)
{
    if (!strstr(text, part))
        check_fail("got \"%s\", wanted \"...%s...\"", text, part);
}

static inline int
check_run(const CheckTest *tests, size_t count)
{
    int failed = 0;
    printf("1..%zu\n", count);
    for (size_t i = 0; i < count; i++) {
        check_failures = 0;
        check_skipped = NULL;
        tests[i].run();
        printf("%sok %zu - ", check_failures ? "not " : "", i + 1);
        for (const char *c = tests[i].name; *c; c++)
            putchar(*c == '_' ? ' ' : *c);
        if (check_skipped && !check_failures)
            printf(" # SKIP %s", check_skipped);
        putchar('\n');
        failed += check_failures > 0;
    }
    return failed > 0;
}

#endif
