/* SPDX-License-Identifier: GPL-3.0-or-later */
/* save.c: a file is written whole or stays as it was, with a sentence that says why. */
#define _POSIX_C_SOURCE 200809L /* mkfifo() */
#include "base/save.h"
#include "base/procedure.h"
#include "plugin/fixture/fixture.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than what is buffered. */
#define LARGE 50000

static guint
entries(const char *folder)
{
    guint count = 0;
    GDir *dir = g_dir_open(folder, 0, NULL);
    while (g_dir_read_name(dir))
        count++;
    g_dir_close(dir);
    return count;
}

static void
assert_holds(const char *path, const char *wanted)
{
    char *found;
    g_assert_true(g_file_get_contents(path, &found, NULL, NULL));
    g_assert_cmpstr(found, ==, wanted);
    g_free(found);
}

static void
assert_refused(const char *path, const char *sentence)
{
    GError *error = NULL;
    g_assert_false(save_text(path, "new", &error));
    g_assert_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, sentence));
    g_error_free(error);
}

/* A limit on the size of files is what a full disk is to stdio: write() fails, at the
 * first block, in the middle or when the file is closed. */
static void
a_full_disk_leaves_the_old_file(void)
{
    static const rlim_t limits[] = {0, 3, 4096, 40000, LARGE - 1};
    char *folder = fixture_path("full"), *path = g_build_filename(folder, "a.npy", NULL);
    char *bytes = g_malloc0(LARGE);
    struct rlimit before;
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_assert_true(save_text(path, "old", NULL));
    getrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_IGN);
    for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
        struct rlimit small = before;
        GError *error = NULL;
        small.rlim_cur = limits[i];
        setrlimit(RLIMIT_FSIZE, &small);
        gboolean ok = save_bytes(path, bytes, LARGE, &error);
        setrlimit(RLIMIT_FSIZE, &before);
        g_assert_false(ok);
        g_assert_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED);
        g_assert_nonnull(
            strstr(error->message, "full/a.npy” cannot be written: File too large"));
        g_error_free(error);
        assert_holds(path, "old");
        g_assert_cmpuint(entries(folder), ==, 1);
    }
    g_assert_true(save_text(path, "new", NULL));
    assert_holds(path, "new");
    g_free(bytes);
    g_free(path);
    g_free(folder);
}

static void
what_is_no_file_is_not_replaced(void)
{
    char *folder = fixture_path("kinds"), *fifo = g_build_filename(folder, "fifo", NULL);
    char *link = g_build_filename(folder, "link", NULL);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_assert_true(mkfifo(fifo, 0600) == 0 && symlink("/dev/null", link) == 0);
    assert_refused(folder, "kinds” cannot be written: Is a directory");
    assert_refused("/dev/full", "“/dev/full” cannot be written: Operation not supported");
    assert_refused(fifo, "fifo” cannot be written: Operation not supported");
    assert_refused(link, "link” cannot be written: Operation not supported");
    char *nowhere = g_build_filename(folder, "none", "a.csv", NULL);
    assert_refused(nowhere, "none/a.csv” cannot be written: No such file");
    g_free(nowhere);
    g_assert_cmpuint(entries(folder), ==, 2);
    g_free(link);
    g_free(fifo);
    g_free(folder);
}

static void
names_may_be_what_they_may(void)
{
    char *folder = fixture_path("names"), longest[256] = {0};
    memset(longest, 'n', 255);
    const char *names[] = {"two\nlines", "100%n",    "-l",
                           "\"quoted\"", "\xff\xfe", longest};
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        char *path = g_build_filename(folder, names[i], NULL);
        g_assert_true(save_text(path, "first", NULL));
        g_assert_true(save_text(path, "second", NULL));
        assert_holds(path, "second");
        g_assert_cmpuint(entries(folder), ==, i + 1);
        g_free(path);
    }
    char *path = g_strconcat(folder, "/", longest, "n", NULL);
    assert_refused(path, "cannot be written: File name too long");
    g_free(path);
    g_free(folder);
}

/* (models/ writes by the core, whose tests are tests/core/onnx/write_refused.c.) */
static void
nothing_else_writes(void)
{
    char *found = NULL;
    g_assert_true(g_spawn_command_line_sync(
        "grep -rnE 'g_file_(set_contents|replace|create|append_to)|key_file_save_to|fopen *\\(|O_CREAT' " SOURCE_ROOT
        "/plugin " SOURCE_ROOT "/models/train --include=*.c",
        &found, NULL, NULL, NULL));
    char **lines = g_strsplit(found, "\n", -1);
    for (gsize i = 0; lines[i] && *lines[i]; i++)
        if (!g_str_has_prefix(lines[i], SOURCE_ROOT "/plugin/base/save.c:") &&
            !g_str_has_prefix(lines[i], SOURCE_ROOT "/plugin/base/slot.c:")) /* empty */
            g_assert_cmpstr(lines[i], ==, NULL);
    g_strfreev(lines);
    g_free(found);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/save/full", a_full_disk_leaves_the_old_file);
    g_test_add_func("/save/kinds", what_is_no_file_is_not_replaced);
    g_test_add_func("/save/names", names_may_be_what_they_may);
    g_test_add_func("/save/only", nothing_else_writes);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
