/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check.h: the whole test harness: TAP on standard output, the exit status is the result.
 *
 *     static void
 *     two_and_two_are_four(void) { check(2 + 2 == 4, "arithmetic"); }
 *
 *     CHECK_MAIN(CHECK_TEST(two_and_two_are_four)) */
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    void (*run)(void);
} CheckTest;

#define CHECK_TEST(function)                                                             \
    {                                                                                    \
#function, function                                                              \
    }
#define CHECK_MAIN(...)                                                                  \
    int main(void)                                                                       \
    {                                                                                    \
        static const CheckTest tests[] = {__VA_ARGS__};                                  \
        return check_run(tests, sizeof tests / sizeof *tests);                           \
    }

static int check_failures; /* of the test that runs */

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
        tests[i].run();
        printf("%sok %zu - ", check_failures ? "not " : "", i + 1);
        for (const char *c = tests[i].name; *c; c++)
            putchar(*c == '_' ? ' ' : *c);
        putchar('\n');
        failed += check_failures > 0;
    }
    return failed > 0;
}

#endif
