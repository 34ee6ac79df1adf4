/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shipped.c: tests of which models are ours. */
#define _POSIX_C_SOURCE 200809L /* symlink() */
#include "net/shipped.h"
#include "net/net.h"
#include "plugin/fixture/fixture.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* A data folder with a built-in model and two others. */
static char *
data_folder(void)
{
    g_autofree char *data = fixture_path("data"), *models = fixture_path("data/models");
    g_assert_cmpint(g_mkdir_with_parents(models, 0700), ==, 0);
    fixture_write("data/models/default.onnx", "d");
    fixture_write("data/models/second.onnx", "s");
    fixture_write("data/models/first.onnx", "f");
    fixture_write("data/models/first.ini", "[model]\n");
    g_setenv("FEATURESCOPE_DATA", data, TRUE);
    return g_steal_pointer(&models);
}

static void
others_are_named_in_order(void)
{
    g_autofree char *models = data_folder(), *built_in = shipped_path("");
    g_auto(GStrv) others = shipped_others();
    g_autofree char *first = g_build_filename(models, "first.onnx", NULL);
    g_autofree char *second = g_build_filename(models, "second.onnx", NULL);
    g_assert_cmpuint(g_strv_length(others), ==, 2);
    g_assert_cmpstr(others[0], ==, first);
    g_assert_cmpstr(others[1], ==, second);
    g_assert_true(g_str_has_suffix(built_in, "data/models/default.onnx"));
    g_unsetenv("FEATURESCOPE_DATA");
}

static void
ours_are_known_by_any_path(void)
{
    g_autofree char *models = data_folder(), *link = fixture_path("link.onnx");
    g_autofree char *first = g_build_filename(models, "first.onnx", NULL);
    g_autofree char *built_in = shipped_path(""), *foreign = fixture_path("foreign.onnx");
    fixture_write("foreign.onnx", "f");
    g_assert_cmpint(symlink(first, link), ==, 0);
    g_assert_true(shipped_has(built_in));
    g_assert_true(shipped_has(first));
    g_assert_true(shipped_has(link));
    g_assert_false(shipped_has(foreign));
    g_unsetenv("FEATURESCOPE_DATA");
}

/* A folder without any is no error: an action then says which file is missing. */
static void
none_may_be_there(void)
{
    g_autofree char *nowhere = fixture_path("nowhere");
    g_setenv("FEATURESCOPE_DATA", nowhere, TRUE);
    g_auto(GStrv) others = shipped_others();
    GError *error = NULL;
    g_assert_cmpuint(g_strv_length(others), ==, 0);
    g_assert_null(net_open("", &error));
    g_assert_nonnull(strstr(error->message, "default.onnx"));
    g_clear_error(&error);
    g_unsetenv("FEATURESCOPE_DATA");
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/shipped/others", others_are_named_in_order);
    g_test_add_func("/shipped/known", ours_are_known_by_any_path);
    g_test_add_func("/shipped/none", none_may_be_there);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
