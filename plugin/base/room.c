/* SPDX-License-Identifier: GPL-3.0-or-later */
/* room.c: the limit of addresses, less what is used. */
#define _POSIX_C_SOURCE 200809L

#include "base/room.h"
#include "base/fail.h"
#include <sys/resource.h>
#include <unistd.h>

static rlim_t
used_bytes(void)
{
    char *text = NULL;
    guint64 pages = 0;
    if (g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
        pages = g_ascii_strtoull(text, NULL, 10);
    g_free(text);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

gboolean
room_is_enough(GError **error)
{
    const rlim_t megabyte = 1000000;
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return TRUE;
    rlim_t used = used_bytes(), least = used + ROOM_MB * megabyte;
    if (limit.rlim_cur >= least)
        return TRUE;
    return fail_run(error,
                    _("There is not enough memory: this process may have %llu MB "
                      "(“ulimit -v”, or a batch system's limit), and needs at least "
                      "%llu MB."),
                    (unsigned long long)(limit.rlim_cur / megabyte),
                    (unsigned long long)(least / megabyte + 1));
}
