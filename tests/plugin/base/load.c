/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load.c: what is no file, or becomes another one while it is read, is an error. */
#define _POSIX_C_SOURCE 200809L /* mkfifo() */
#include "base/load.h"
#include "net/labels.h"
#include "net/net.h"
#include "plugin/fixture/fixture.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
assert_refused(const char *path, gsize most, const char *sentence)
{
    char *bytes;
    gsize size;
    GError *error = NULL;
    g_assert_false(load_bytes(path, most, &bytes, &size, &error));
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, sentence));
    g_assert_null(bytes);
    g_error_free(error);
}

static void
what_is_no_file_is_refused_at_once(void)
{
    char *fifo = fixture_path("fifo"), *link = fixture_path("link");
    g_assert_true(mkfifo(fifo, 0600) == 0 && symlink("fifo", link) == 0);
    assert_refused(fifo, 100, "it is not a regular file");
    assert_refused(link, 100, "it is not a regular file");
    assert_refused("/dev/zero", 100, "it is not a regular file");
    assert_refused("/tmp", 100, "it is not a regular file");
    assert_refused("/dev/fd/nothing", 100, "No such file");
    g_free(link);
    g_free(fifo);
}

static void
as_many_bytes_as_there_are(void)
{
    char *path = fixture_path("text"), *bytes;
    gsize size;
    fixture_write("text", "four");
    assert_refused(path, 3, "it is too large");
    g_assert_true(load_bytes(path, 4, &bytes, &size, NULL));
    g_assert_cmpuint(size, ==, 4);
    g_assert_cmpstr(bytes, ==, "four");
    g_free(bytes);
    fixture_write("text", "");
    g_assert_true(load_bytes(path, 0, &bytes, &size, NULL));
    g_assert_cmpstr(bytes, ==, "");
    g_free(bytes);
    /* A sparse file of 4 GB takes neither the time nor the memory. */
    g_assert_cmpint(truncate(path, (off_t)4 << 30), ==, 0);
    assert_refused(path, LOAD_MOST_TEXT, "it is too large");
    g_unlink(path);
    g_free(path);
}

/* A card, a list of names and an index that are FIFOs, which nobody writes to. */
static void
no_file_beside_a_model_makes_one_wait(void)
{
    char *model = fixture_red_net(), *card = fixture_path("red.ini");
    GError *error = NULL;
    g_unlink(card);
    g_assert_cmpint(mkfifo(card, 0600), ==, 0);
    g_assert_null(net_open(model, &error));
    g_assert_nonnull(
        strstr(error->message, "red.ini” cannot be read: it is not a regular file"));
    g_clear_error(&error);
    g_unlink(card);
    fixture_write("red.ini", "[output]\nlabels-file=names.txt\n");
    char *names = fixture_path("names.txt");
    g_assert_cmpint(mkfifo(names, 0600), ==, 0);
    g_assert_null(net_open(model, &error));
    g_assert_nonnull(strstr(error->message, "names.txt"));
    g_clear_error(&error);
    g_free(names);
    g_free(card);
    g_free(model);
}

/* What is not said of a model's file: 4 GB that are mapped are not read. */
static void
a_sparse_model_is_no_model(void)
{
    char *path = fixture_path("sparse.onnx");
    GError *error = NULL;
    fixture_write("sparse.onnx", "");
    g_assert_cmpint(truncate(path, (off_t)4 << 30), ==, 0);
    g_assert_null(net_open(path, &error));
    g_assert_nonnull(strstr(error->message, "sparse.onnx: this is not an ONNX file"));
    g_error_free(error);
    g_unlink(path);
    g_free(path);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/load/kinds", what_is_no_file_is_refused_at_once);
    g_test_add_func("/load/sizes", as_many_bytes_as_there_are);
    g_test_add_func("/load/beside", no_file_beside_a_model_makes_one_wait);
    g_test_add_func("/load/sparse", a_sparse_model_is_no_model);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
