/* SPDX-License-Identifier: GPL-3.0-or-later */
/* helper.c: starts, asks, ends and keeps processes of featurescope-decode. */
#define _GNU_SOURCE /* SOCK_CLOEXEC */

#include "pixels/helper.h"
#include "base/procedure.h"
#include "pixels/place.h"
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_SECONDS 300 /* one that cannot start ends at once */
#define MOST_FILES 500    /* that one process decodes: loaders leak */

typedef struct {
    GPid pid;
    int socket;
    int files; /* that it was given */
} Helper;

/* --- one process */

/* Ends the process, if it has not ended by itself, and says how it did. */
static HelperEnd
helper_end(Helper *helper, int *number)
{
    int status = 0;
    pid_t got;
    close(helper->socket);
    kill(helper->pid, SIGKILL);
    do
        got = waitpid(helper->pid, &status, 0);
    while (got < 0 && errno == EINTR);
    g_spawn_close_pid(helper->pid);
    g_free(helper);
    gboolean killed = got > 0 && WIFSIGNALED(status);
    *number = killed ? WTERMSIG(status) : got > 0 ? WEXITSTATUS(status) : 0;
    return !killed ? HELPER_ENDED : *number == SIGXCPU ? HELPER_LATE : HELPER_KILLED;
}

static gboolean
fail_start(GError **error, const char *why)
{
    g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                _("The program featurescope-decode, which reads image files, cannot be "
                  "started: %s"),
                why);
    return FALSE;
}

/* Starts the program with one end of a socket as its input. */
static gboolean
spawn(const char *program, int theirs, GPid *pid, GError **error)
{
    char *arguments[] = {(char *)program, NULL};
    static const char *const settings[][2] = {
        {"GEGL_THREADS", "1"},         /* decoding is parallel already */
        {"GEGL_SWAP", "RAM"},          /* files would stay when a process is ended */
        {"GEGL_USE_OPENCL", "no"},     /* nothing is computed */
        {"BABL_INHIBIT_CACHE", "yes"}, /* reading it takes 0.2 s, and is for nothing */
    };
    char **environment = g_get_environ();
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
        environment = g_environ_setenv(environment, settings[i][0], settings[i][1], TRUE);
    GError *why = NULL;
    gboolean started = g_spawn_async_with_pipes_and_fds(
        NULL, (const char *const *)arguments, (const char *const *)environment,
        G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
            G_SPAWN_STDERR_TO_DEV_NULL,
        NULL, NULL, theirs, -1, -1, NULL, NULL, 0, pid, NULL, NULL, NULL, &why);
    g_strfreev(environment);
    if (!started)
        fail_start(error, why->message);
    g_clear_error(&why);
    return started;
}

static Helper *
helper_start(GError **error)
{
    int ends[2], number, none;
    GPid pid;
    char *program = pixels_helper();
    gboolean started = FALSE;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        fail_start(error, g_strerror(errno));
    } else {
        started = spawn(program, ends[1], &pid, error);
        close(ends[1]);
        if (!started)
            close(ends[0]);
    }
    g_free(program);
    if (!started)
        return NULL;
    Helper *helper = g_new(Helper, 1);
    *helper = (Helper){pid, ends[0], 0};
    WireHello hello = {0};
    gint64 until = g_get_monotonic_time() + START_SECONDS * G_TIME_SPAN_SECOND;
    if (wire_receive(helper->socket, &hello, sizeof hello, &none, until) == WIRE_HERE &&
        hello.version == WIRE_VERSION)
        return helper;
    helper_end(helper, &number);
    fail_start(error, _("it ended, or is of another version"));
    return NULL;
}

/* --- those that have nothing to do */

static GMutex lock;
static GQueue idle = G_QUEUE_INIT;

static Helper *
take(gboolean fresh, GError **error)
{
    Helper *helper = NULL;
    g_mutex_lock(&lock);
    if (!fresh)
        helper = g_queue_pop_head(&idle);
    g_mutex_unlock(&lock);
    return helper ? helper : helper_start(error);
}

static void
give_back(Helper *helper)
{
    int number;
    gboolean keep = helper->files < MOST_FILES;
    g_mutex_lock(&lock);
    keep = keep && g_queue_get_length(&idle) < g_get_num_processors();
    if (keep)
        g_queue_push_head(&idle, helper);
    g_mutex_unlock(&lock);
    if (!keep)
        helper_end(helper, &number);
}

/* --- asking */

static HelperEnd
ask(Helper *helper, int file, WireAnswer *answer, int *memory, int *number)
{
    WireAsk message = {WIRE_VERSION};
    gint64 until = g_get_monotonic_time() + WIRE_WAIT_SECONDS * G_TIME_SPAN_SECOND;
    WireArrival arrival = WIRE_GONE;
    helper->files++;
    if (wire_send(helper->socket, &message, sizeof message, file))
        arrival = wire_receive(helper->socket, answer, sizeof *answer, memory, until);
    if (arrival != WIRE_HERE) {
        HelperEnd end = helper_end(helper, number);
        return arrival == WIRE_LATE ? HELPER_LATE : end;
    }
    give_back(helper);
    return HELPER_ANSWERED;
}

/* What earlier files left in a process may be what ends it, so a file on which one ends
 * that has read others gets a second one to itself. */
HelperEnd
helper_ask(int file, WireAnswer *answer, int *memory, int *number, GError **error)
{
    HelperEnd end = HELPER_ENDED;
    gboolean again = FALSE;
    *memory = -1;
    do {
        Helper *helper = take(again, error);
        if (!helper)
            return HELPER_MISSING;
        gboolean used = helper->files > 0;
        end = ask(helper, file, answer, memory, number);
        again = !again && used && (end == HELPER_ENDED || end == HELPER_KILLED);
    } while (again);
    return end;
}
