/* SPDX-License-Identifier: GPL-3.0-or-later */
/* helper.c: whatever the process that decodes does, the file is named, and the next one
 * is read.
 *
 * The program that decodes is looked for beside the one that asks. So this test copies
 * itself to a folder of its own, beside shell scripts that take its place, and runs the
 * copy: "test --decode FILE..." prints an error a line, or "picture". */
#include "pixels/helper.h"
#include "check.h"
#include "pixels/pixels.h"
#include "pixels/place.h"
#include "plugin/fixture/fixture.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char *copy; /* of this program */

static int
print_answers(char **paths)
{
    gegl_init(NULL, NULL);
    for (; *paths; paths++) {
        gboolean unknown;
        GError *error = NULL;
        GeglBuffer *buffer = pixels_decode(*paths, &unknown, &error);
        puts(buffer ? "picture" : error->message);
        g_clear_error(&error);
        g_clear_object(&buffer);
    }
    return 0;
}

/* A script in the place of the program: it says hello, takes a file, and does what
 * `then` says. NULL: there is none. */
static void
put_program(const char *hello, const char *then)
{
    char *path = fixture_path("bin/featurescope-decode");
    g_unlink(path);
    if (then) {
        /* Four bytes for WIRE_VERSION, the lowest first. */
        char *script = g_strdup_printf("#!/bin/sh\n"
                                       "printf '%s' >&0\n"
                                       "dd bs=64 count=1 > /dev/null 2>&1\n"
                                       "%s\n",
                                       hello, then);
        g_assert(g_file_set_contents(path, script, -1, NULL));
        g_assert(g_chmod(path, 0755) == 0);
        g_free(script);
    }
    g_free(path);
}

/* What the copy says of a file. */
static char *
answers(const char *file)
{
    char *path = fixture_path(file), *out = NULL;
    char *arguments[] = {copy, (char *)"--decode", path, path, NULL};
    char **environment =
        g_environ_setenv(g_get_environ(), "ASAN_OPTIONS", "detect_leaks=0", TRUE);
    g_assert(g_spawn_sync(NULL, arguments, environment, G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                          NULL, &out, NULL, NULL, NULL));
    g_strfreev(environment);
    g_free(path);
    return out;
}

static void
check_said(const char *then, const char *sentence)
{
    char hello[20];
    g_snprintf(hello, sizeof hello, "\\%03o\\%03o\\%03o\\%03o", WIRE_VERSION & 255,
               WIRE_VERSION >> 8 & 255, WIRE_VERSION >> 16 & 255, WIRE_VERSION >> 24);
    put_program(hello, then);
    char *said = answers("a.png");
    char **lines = g_strsplit(said, "\n", -1);
    check_int(g_strv_length(lines), 3, "both files are answered for");
    check_text(said, sentence);
    check_same_text(lines[0], lines[1]);
    g_strfreev(lines);
    g_free(said);
}

static void
one_that_dies_costs_its_file(void)
{
    check_said("kill -BUS $$",
               "a.png\" cannot be decoded: the loader was ended by signal 7");
    check_said("kill -SEGV $$", "signal 11");
    check_said("exit 1", "a.png\" is damaged");
    check_said("exit 12", "asked for more than");
    check_said("kill -XCPU $$", "needed more than");
}

/* beginning: the first four numbers of an answer, whose name and bits are zero. */
static void
check_answered(const char *beginning, const char *sentence)
{
    GString *answer = g_string_new(beginning);
    for (gsize i = 4 * sizeof(guint32); i < sizeof(WireAnswer); i++)
        g_string_append(answer, "\\0");
    char *then = g_strdup_printf("printf '%s' >&0\n"
                                 "dd bs=64 count=1 > /dev/null 2>&1\n"
                                 "printf '%s' >&0",
                                 answer->str, answer->str);
    check_said(then, sentence);
    g_free(then);
    g_string_free(answer, TRUE);
}

static void
one_that_answers_nonsense_costs_its_file(void)
{
    check_said("printf abc >&0; exec sleep 50", "signal 9");
    /* A picture of one pixel, without the memory; a damaged one; an unknown answer. */
    check_answered("\\0\\0\\0\\0\\0\\0\\0\\0\\1\\0\\0\\0\\1\\0\\0\\0",
                   "Not enough memory");
    check_answered("\\2\\0\\0\\0\\0\\0\\0\\0\\1\\0\\0\\0\\1\\0\\0\\0",
                   "a.png\" is damaged");
    check_answered("\\7\\0\\0\\0\\0\\0\\0\\0\\1\\0\\0\\0\\1\\0\\0\\0",
                   "Not enough memory");
}

static void
one_that_cannot_be_started_is_named(void)
{
    put_program("", NULL);
    char *said = answers("a.png");
    check_text(said, "featurescope-decode, which reads image files, cannot be started");
    check_text(said, "No such file");
    g_free(said);
    put_program("\\1\\2\\3\\4", "exec sleep 50");
    said = answers("a.png");
    check_text(said, "is of another version");
    g_free(said);
    put_program("abc", "exec sleep 50");
    said = answers("a.png");
    check_text(said, "is of another version");
    g_free(said);
}

/* A second process is asked if the first one has read others; here is none that can, so
 * that what is counted is how often it is started. */
static void
the_next_file_gets_a_new_one(void)
{
    char *count = fixture_path("bin/count");
    char *then = g_strdup_printf("echo >> '%s'; kill -BUS $$", count);
    check_said(then, "signal 7");
    char *lines = NULL;
    g_assert(g_file_get_contents(count, &lines, NULL, NULL));
    check_same_text(lines, "\n\n");
    g_free(lines);
    g_free(then);
    g_free(count);
}

static void
waiting_ends(void)
{
    int ends[2], file;
    WireHello hello;
    g_assert(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
    gint64 start = g_get_monotonic_time();
    check_int(wire_receive(ends[0], &hello, sizeof hello, &file, start + 30000),
              WIRE_LATE, "nothing came");
    check(g_get_monotonic_time() - start >= 30000, "as late as was said");
    close(ends[1]);
    check_int(wire_receive(ends[0], &hello, sizeof hello, &file, start + 3000000000),
              WIRE_GONE, "the other side is gone");
    check(!wire_send(ends[0], &hello, sizeof hello, -1), "nobody is there");
    close(ends[0]);
}

static const CheckTest tests[] = {
    CHECK_TEST(one_that_dies_costs_its_file),
    CHECK_TEST(one_that_answers_nonsense_costs_its_file),
    CHECK_TEST(one_that_cannot_be_started_is_named),
    CHECK_TEST(the_next_file_gets_a_new_one),
    CHECK_TEST(waiting_ends),
};

int
main(int argc, char **argv)
{
    char *bytes;
    gsize size;
    if (argc > 2 && g_str_equal(argv[1], "--decode"))
        return print_answers(argv + 2);
    fixture_start(&argc, &argv);
    fixture_write("a.png", "\x89PNG");
    char *folder = fixture_path("bin");
    g_mkdir(folder, 0700);
    copy = fixture_path("bin/test");
    g_assert(g_file_get_contents("/proc/self/exe", &bytes, &size, NULL));
    g_assert(g_file_set_contents(copy, bytes, (gssize)size, NULL));
    g_assert(g_chmod(copy, 0755) == 0);
    g_free(bytes);
    int status = check_run(tests, G_N_ELEMENTS(tests));
    g_free(copy);
    g_free(folder);
    fixture_end();
    return status;
}
