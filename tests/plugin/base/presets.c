/* SPDX-License-Identifier: GPL-3.0-or-later */
/* presets.c: tests of values that a person gave a name. */
#include "base/presets.h"
#include <glib/gstdio.h>
#include <string.h>

#define NAME "plug-in-x"

static const Param table[] = {
    {.name = "model", .type = PARAM_FILE},
    {.name = "map", .type = PARAM_INT, .min = -1, .max = 9, .value = -1},
    {.name = "point", .type = PARAM_POINT, .min = -5, .max = 9},
    {.name = "share", .type = PARAM_DOUBLE, .max = 1, .value = 0.5},
};

static ParamValues *
values_of(const char *model, int map)
{
    ParamValues *values = param_values_new(table, G_N_ELEMENTS(table));
    param_set_text(values, "model", model);
    param_set_int(values, "map", map);
    return values;
}

static void
save(const char *name, const char *model, int map)
{
    GError *error = NULL;
    ParamValues *values = values_of(model, map);
    param_set_point(values, "point", map, -map);
    g_assert_true(presets_save(NAME, name, values, &error));
    g_assert_no_error(error);
    param_values_free(values);
}

static void
expect(const char *name, const char *model, int map)
{
    ParamValues *values = values_of("before", 7);
    param_set_double(values, "share", 0.75);
    int x, y;
    g_assert_true(presets_load(NAME, name, values));
    param_point(values, "point", &x, &y);
    g_assert_cmpstr(param_text(values, "model"), ==, model);
    g_assert_cmpint(param_int(values, "map"), ==, map);
    g_assert_cmpint(x, ==, MAX(map, -5));
    g_assert_cmpfloat(param_double(values, "share"), ==, 0.5);
    param_values_free(values);
}

static void
expect_names(const char *wanted)
{
    char **names = presets_names(NAME), *all = g_strjoinv("|", names);
    g_assert_cmpstr(all, ==, wanted);
    g_free(all);
    g_strfreev(names);
}

static void
names_may_be_anything(gconstpointer folder)
{
    const char *names[] = {"[a] = b", "#猫", " two  words ", "50 % \\ \"x\"", "values"};
    (void)folder;
    expect_names("");
    for (int i = 0; i < 5; i++)
        save(names[i], "/a b;c\nd.onnx", i);
    char **kept = presets_names(NAME);
    g_assert_cmpuint(g_strv_length(kept), ==, 5);
    for (int i = 0; i < 5; i++) {
        g_assert_true(g_strv_contains((const char *const *)kept, names[i]));
        expect(names[i], "/a b;c\nd.onnx", i);
    }
    for (int i = 0; i < 5; i++)
        g_assert_true(presets_delete(NAME, names[i], NULL));
    g_strfreev(kept);
    expect_names("");
}

static void
one_is_replaced_and_deleted(gconstpointer folder)
{
    (void)folder;
    save("b", "", 1);
    save("a", "", 2);
    save("b", "m", 3);
    expect_names("a|b");
    expect("b", "m", 3);
    ParamValues *values = values_of("stays", 4);
    g_assert_false(presets_load(NAME, "c", values));
    g_assert_false(presets_load("plug-in-y", "a", values));
    g_assert_cmpint(param_int(values, "map"), ==, 4);
    param_values_free(values);
    g_assert_true(presets_delete(NAME, "a", NULL));
    g_assert_true(presets_delete(NAME, "a", NULL));
    expect_names("b");
    g_assert_true(presets_delete(NAME, "b", NULL));
}

static void
damage_is_put_up_with(gconstpointer folder)
{
    char *store = g_build_filename(folder, "featurescope", "presets", NAME ".ini", NULL);
    const char *text = "map=3\n\x01 what\n[good]\nmodel=m\nmap=5\n=\nshare=lots\n[un\n"
                       "point-x=5\npoint-y=\xff\n[other]\nmap=99\nunknown=1\n[]\n[%ff]\n";
    g_assert_true(g_file_set_contents(store, text, -1, NULL));
    expect_names("good|other");
    ParamValues *values = values_of("", 0);
    g_assert_true(presets_load(NAME, "good", values));
    g_assert_cmpstr(param_text(values, "model"), ==, "m");
    g_assert_cmpint(param_int(values, "map"), ==, 5);
    g_assert_true(presets_load(NAME, "other", values));
    g_assert_cmpint(param_int(values, "map"), ==, -1);
    param_values_free(values);
    save("new", "n", 2);
    expect_names("good|new|other");

    /* A folder, a FIFO or nothing in its place. */
    g_assert_cmpint(g_unlink(store), ==, 0);
    expect_names("");
    g_assert_cmpint(g_mkdir(store, 0700), ==, 0);
    expect_names("");
    GError *error = NULL;
    values = values_of("", 0);
    g_assert_false(presets_save(NAME, "x", values, &error));
    g_assert_nonnull(strstr(error->message, NAME));
    g_clear_error(&error);
    param_values_free(values);
    g_assert_cmpint(g_rmdir(store), ==, 0);
    g_free(store);
}

int
main(int argc, char **argv)
{
    char *folder = g_dir_make_tmp("featurescope-XXXXXX", NULL);
    g_setenv("XDG_CONFIG_HOME", folder, TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/presets/names", folder, names_may_be_anything);
    g_test_add_data_func("/presets/replaced", folder, one_is_replaced_and_deleted);
    g_test_add_data_func("/presets/damage", folder, damage_is_put_up_with);
    int status = g_test_run();
    char *command[] = {"rm", "-rf", folder, NULL};
    g_spawn_sync(NULL, command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(folder);
    return status;
}
