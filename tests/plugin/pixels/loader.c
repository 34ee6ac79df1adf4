/* SPDX-License-Identifier: GPL-3.0-or-later */
/* loader.c: of all children of a parent, the one that was started to read a file and
 * does so for too long is killed.
 *
 * This test starts itself as "test --spin FILE" (works without end, with the file open),
 * "test --wait FILE" (has it open and does nothing) and "test --watch FILE" (writes a line
 * when it begins to watch, and does until its input ends; its status is 1 if something was
 * killed). */
#include "pixels/loader.h"
#include "check.h"
#include "plugin/fixture/fixture.h"
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *program;

static GPid
start(const char *what, const char *path, int *input, int *output)
{
    GPid pid;
    char *arguments[] = {program, (char *)what, (char *)path, NULL};
    GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD;
    gboolean started = g_spawn_async_with_pipes(NULL, arguments, NULL, flags, NULL, NULL,
                                                &pid, input, output, NULL, NULL);
    g_assert(started);
    return pid;
}

static void
stop(GPid pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void
one_that_takes_too_long_is_killed(void)
{
    int input, output, status;
    char byte;
    fixture_write("picture", "x");
    fixture_write("other", "x");
    char *file = fixture_path("picture"), *other = fixture_path("other");
    GPid before = start("--spin", file, NULL, NULL);
    g_usleep(G_USEC_PER_SEC / 10); /* the system counts hundredths */
    GPid watch = start("--watch", file, &input, &output);
    g_assert(read(output, &byte, 1) == 1);
    GPid elsewhere = start("--spin", other, NULL, NULL),
         idle = start("--wait", file, NULL, NULL),
         late = start("--spin", file, NULL, NULL);

    waitpid(late, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    g_usleep(2 * G_USEC_PER_SEC); /* some more looks */
    CHECK(waitpid(before, NULL, WNOHANG) == 0);
    CHECK(waitpid(elsewhere, NULL, WNOHANG) == 0);
    CHECK(waitpid(idle, NULL, WNOHANG) == 0);
    close(input);
    waitpid(watch, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    close(output);
    stop(before);
    stop(elsewhere);
    stop(idle);
    g_free(file);
    g_free(other);
}

static void
what_is_in_time_ends_the_watch(void)
{
    fixture_write("picture", "x");
    char *file = fixture_path("picture"), *missing = fixture_path("missing");
    CHECK(!loader_unwatch(loader_watch(file, 1000)));
    CHECK(!loader_unwatch(loader_watch(missing, 1000)));
    g_free(file);
    g_free(missing);
}

static int
be(const char *what, const char *path)
{
    char byte;
    int file = g_str_equal(what, "--watch") ? -1 : open(path, O_RDONLY);
    for (volatile unsigned n = 0; g_str_equal(what, "--spin");)
        n++;
    if (file >= 0)
        return pause();
    LoaderWatch *watch = loader_watch(path, 1);
    puts("now");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    return loader_unwatch(watch);
}

static const CheckTest tests[] = {
    CHECK_TEST(one_that_takes_too_long_is_killed),
    CHECK_TEST(what_is_in_time_ends_the_watch),
};

int
main(int argc, char **argv)
{
    program = argv[0];
    if (argc == 3 && g_str_has_prefix(argv[1], "--"))
        return be(argv[1], argv[2]);
    fixture_start(&argc, &argv);
    int status = check_run(tests, G_N_ELEMENTS(tests));
    fixture_end();
    return status;
}
