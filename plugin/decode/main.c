/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c: featurescope-decode, which decodes image files for the plug-in (pixels/wire.h)
 * one after the other, so that no loader can harm more than this process.
 *
 * The plug-in starts it with a socket as its input; it ends when that is closed. */
#define _GNU_SOURCE /* F_DUPFD_CLOEXEC */

#include "base/limits.h"
#include "decode/load.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Lowers what may be used; what is less already stays. */
static void
set_limit(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit limit;
    if (getrlimit(what, &limit) == 0 && limit.rlim_cur > most) {
        limit.rlim_cur = most;
        setrlimit(what, &limit);
    }
}

/* Sanitizers take terabytes of address space. */
#if defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

static void
set_limits(void)
{
    if (!SANITIZED)
        set_limit(RLIMIT_AS, (rlim_t)WIRE_MEMORY_MB * 1000000);
    set_limit(RLIMIT_CORE, 0);
}

/* Of processor time from now on, should the plug-in not be there to watch the clock. */
static void
set_seconds(int seconds)
{
    struct rusage used;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &used) == 0 && getrlimit(RLIMIT_CPU, &limit) == 0) {
        rlim_t end =
            (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (rlim_t)seconds + 1;
        limit.rlim_cur = MIN(end, limit.rlim_max);
        setrlimit(RLIMIT_CPU, &limit);
    }
}

/* FALSE at the end. */
static gboolean
answer_one(int socket)
{
    WireAsk ask;
    WireAnswer answer;
    Block block;
    int file;
    if (wire_receive(socket, &ask, sizeof ask, &file, 0) != WIRE_HERE || file < 0)
        return FALSE;
    set_seconds(WIRE_SECONDS);
    load_file(file, &answer, &block);
    close(file);
    gboolean sent =
        wire_send(socket, &answer, sizeof answer, block.at ? block.memory : -1);
    block_clear(&block);
    return sent && !load_is_worn();
}

int
main(void)
{
    limits_set();
    int type, socket = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    socklen_t size = sizeof type;
    if (socket < 0 || getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) < 0 ||
        type != SOCK_SEQPACKET) {
        fputs("featurescope-decode is started by Featurescope, to read image files\n",
              stderr);
        return 2;
    }
    if (!freopen("/dev/null", "r", stdin))
        return 2;
    set_limits();
    gegl_init(NULL, NULL);
    WireHello hello = {WIRE_VERSION};
    if (wire_send(socket, &hello, sizeof hello, -1))
        while (answer_one(socket))
            ;
    _exit(0); /* GEGL's own end takes long, and nothing is left to be saved */
}
