/* SPDX-License-Identifier: GPL-3.0-or-later */
/* room.c: the limit of addresses, less what is used. */
#include "base/room.h"
#include "base/fail.h"
#include <string.h>
#include <sys/resource.h>

/* What a thread has to itself: OpenBLAS gives each of its own a buffer of so many bytes,
 * but only once the thread has begun to run. */
#define OF_THREAD ((guint64)128 << 20)

static guint64
other_threads(void)
{
    char *text = NULL;
    guint64 count = 1;
    if (g_file_get_contents("/proc/self/status", &text, NULL, NULL)) {
        const char *line = strstr(text, "\nThreads:");
        count = line ? g_ascii_strtoull(line + strlen("\nThreads:"), NULL, 10) : 1;
    }
    g_free(text);
    return MAX(count, 1) - 1;
}

/* What is mapped, with what the threads will have. */
static rlim_t
used_bytes(void)
{
    char *text = NULL;
    guint64 used = other_threads() * OF_THREAD;
    g_file_get_contents("/proc/self/maps", &text, NULL, NULL);
    for (char *line = text; line && *line;) {
        char *end; /* "7f0000000000-7f0000001000 rw-p ..." */
        guint64 from = g_ascii_strtoull(line, &end, 16);
        guint64 to = *end == '-' ? g_ascii_strtoull(end + 1, NULL, 16) : from;
        used += to - from < OF_THREAD ? to - from : 0;
        line = strchr(line, '\n');
        line += line != NULL;
    }
    g_free(text);
    return (rlim_t)used;
}

gboolean
room_is_enough(GError **error)
{
    const rlim_t megabyte = 1000000;
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return TRUE;
    rlim_t least = used_bytes() + ROOM_MB * megabyte;
    if (limit.rlim_cur >= least)
        return TRUE;
    return fail_run(error,
                    _("There is not enough memory: this process may have %llu MB "
                      "(“ulimit -v”, or a batch system's limit), and needs at least "
                      "%llu MB."),
                    (unsigned long long)(limit.rlim_cur / megabyte),
                    (unsigned long long)(least / megabyte + 1));
}
