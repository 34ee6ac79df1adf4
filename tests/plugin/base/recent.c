/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recent.c: tests of files that all actions share. */
#include "base/recent.h"
#include <glib/gstdio.h>
#include <string.h>

static const Param first[] = {
    {.name = "model", .type = PARAM_FILE, .shared = TRUE},
    {.name = "layer", .type = PARAM_PICK, .text = "deepest", .depends = "model"},
    {.name = "data", .type = PARAM_FILE},
    {.name = "size", .type = PARAM_INT, .max = 10, .value = 3},
};
static const Param second[] = {
    {.name = "square", .type = PARAM_INT, .max = 10, .value = 3},
    {.name = "model", .type = PARAM_FILE, .shared = TRUE},
};

static char *
make_file(const char *folder, const char *name)
{
    char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, "x", 1, NULL));
    return path;
}

static void
save(const char *model)
{
    ParamValues *values = param_values_new(first, G_N_ELEMENTS(first));
    param_set_text(values, "model", model);
    param_set_text(values, "data", "/not/shared");
    recent_save(values);
    param_values_free(values);
}

static char *
loaded(const Param *table, gsize n_params, const char *own_model, const char *what)
{
    ParamValues *values = param_values_new(table, n_params);
    param_set_text(values, "model", own_model);
    if (table == first)
        param_set_text(values, "layer", "own");
    recent_load(values);
    char *text = g_strdup(param_text(values, what));
    param_values_free(values);
    return text;
}

static void
expect(const Param *table, const char *own_model, const char *what, const char *wanted)
{
    gsize n = table == first ? G_N_ELEMENTS(first) : G_N_ELEMENTS(second);
    char *text = loaded(table, n, own_model, what);
    g_assert_cmpstr(text, ==, wanted);
    g_free(text);
}

static void
one_model_for_all(gconstpointer folder)
{
    char *a = make_file(folder, "a.onnx"), *b = make_file(folder, "b;c.onnx");

    expect(second, a, "model", a); /* nothing was ever chosen */
    save(b);
    expect(second, "", "model", b);
    expect(second, a, "model", b);
    expect(first, a, "layer", "deepest"); /* its layer was of another model */
    expect(first, b, "layer", "own");
    expect(first, "/mine", "data", "");
    save("");
    expect(second, a, "model", "");

    /* A file that is gone changes nothing. */
    save(b);
    g_assert_cmpint(g_unlink(b), ==, 0);
    expect(second, a, "model", a);
    g_free(a);
    g_free(b);
}

static void
the_list_has_the_last_one_first(gconstpointer folder)
{
    char *files[10];
    for (int i = 0; i < 10; i++) {
        char *name = g_strdup_printf("net %d.onnx", i);
        files[i] = make_file(folder, name);
        save(files[i]);
        g_free(name);
    }
    save(files[5]);
    g_assert_cmpint(g_unlink(files[9]), ==, 0);
    char **list = recent_files("model");
    const int order[] = {5, 8, 7, 6, 4, 3, 2};
    g_assert_cmpuint(g_strv_length(list), ==, G_N_ELEMENTS(order));
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
        g_assert_cmpstr(list[i], ==, files[order[i]]);
    g_strfreev(list);
    list = recent_files("data");
    g_assert_cmpuint(g_strv_length(list), ==, 0);
    g_strfreev(list);
    for (int i = 0; i < 10; i++)
        g_free(files[i]);
}

static void
a_damaged_store_starts_anew(gconstpointer folder)
{
    char *store = g_build_filename(folder, "featurescope", "recent.ini", NULL);
    char *a = make_file(folder, "a.onnx");
    g_assert_true(g_file_set_contents(store, "\x01[mod\nel", -1, NULL));
    expect(second, a, "model", a);
    save(a);
    expect(second, "", "model", a);
    g_free(store);
    g_free(a);
}

/* It is not kept, and the others are. */
static void
a_name_that_is_not_utf8_costs_no_other(gconstpointer folder)
{
    char *a = make_file(folder, "a.onnx"), *odd = make_file(folder, "\xe9.onnx");
    save(a);
    char **before = recent_files("model");
    save(odd);
    char **after = recent_files("model");
    g_assert_cmpuint(g_strv_length(before), >, 0);
    g_assert_cmpstrv(after, before);
    expect(second, "", "model", a);
    g_strfreev(after);
    g_strfreev(before);
    g_free(odd);
    g_free(a);
}

int
main(int argc, char **argv)
{
    char *folder = g_dir_make_tmp("featurescope-XXXXXX", NULL);
    g_setenv("XDG_CONFIG_HOME", folder, TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/recent/one-model-for-all", folder, one_model_for_all);
    g_test_add_data_func("/recent/list", folder, the_list_has_the_last_one_first);
    g_test_add_data_func("/recent/not-utf8", folder,
                         a_name_that_is_not_utf8_costs_no_other);
    g_test_add_data_func("/recent/damaged", folder, a_damaged_store_starts_anew);
    int status = g_test_run();
    char *command[] = {"rm", "-rf", folder, NULL};
    g_spawn_sync(NULL, command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(folder);
    return status;
}
