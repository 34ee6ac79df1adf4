/* SPDX-License-Identifier: GPL-3.0-or-later */
/* room.c: tests of what is said to a process that may have too little memory. */
#define _POSIX_C_SOURCE 200809L /* sysconf() */
#include "base/room.h"
#include "plugin/fixture/fixture.h"
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define MEGABYTE 1000000

/* Sanitizers map terabytes that no process uses. */
#ifndef __has_feature
#define __has_feature(what) 0
#endif
#if __has_feature(address_sanitizer) || defined(__SANITIZE_ADDRESS__)
#define SANITIZED TRUE
#else
#define SANITIZED FALSE
#endif

/* Lets this process have so much more than it uses; returns the limit in megabytes. */
static guint64
leave(rlim_t megabytes)
{
    char *text = NULL;
    g_assert_true(g_file_get_contents("/proc/self/statm", &text, NULL, NULL));
    rlim_t used =
        (rlim_t)g_ascii_strtoull(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE);
    struct rlimit limit;
    g_free(text);
    g_assert_cmpint(getrlimit(RLIMIT_AS, &limit), ==, 0);
    limit.rlim_cur = used + megabytes * MEGABYTE;
    g_assert_cmpint(setrlimit(RLIMIT_AS, &limit), ==, 0);
    return limit.rlim_cur / MEGABYTE;
}

/* Each in a process of its own, which keeps the limit. */
static gboolean
is_child(void)
{
    if (SANITIZED) {
        g_test_skip("addresses are not what sanitizers leave to be limited");
        return FALSE;
    }
    if (g_test_subprocess())
        return TRUE;
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
    return FALSE;
}

static void
too_little_is_told_in_numbers(void)
{
    if (!is_child())
        return;
    GError *error = NULL;
    guint64 limit = leave(ROOM_MB / 4);
    g_assert_false(room_is_enough(&error));
    g_assert_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED);
    char *begin = g_strdup_printf("There is not enough memory: this process may have "
                                  "%" G_GUINT64_FORMAT " MB (“ulimit -v”",
                                  limit);
    g_assert_true(g_str_has_prefix(error->message, begin));
    const char *needs = strstr(error->message, "needs at least ");
    g_assert_nonnull(needs);
    guint64 least = g_ascii_strtoull(needs + strlen("needs at least "), NULL, 10);
    g_assert_cmpuint(least, >, limit);
    g_free(begin);
    g_error_free(error);
}

static void
what_it_names_is_enough(void)
{
    if (!is_child())
        return;
    GError *error = NULL;
    leave(ROOM_MB + 50 + g_get_num_processors() * 135); /* and OpenBLAS's buffers */
    g_assert_true(room_is_enough(&error));
    g_assert_no_error(error);
}

static void
without_a_limit_nothing_is_said(void)
{
    struct rlimit limit;
    GError *error = NULL;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        g_test_skip("these tests have a limit");
        return;
    }
    g_assert_true(room_is_enough(&error));
    g_assert_no_error(error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/room/little", too_little_is_told_in_numbers);
    g_test_add_func("/room/enough", what_it_names_is_enough);
    g_test_add_func("/room/unlimited", without_a_limit_nothing_is_said);
    return g_test_run();
}
