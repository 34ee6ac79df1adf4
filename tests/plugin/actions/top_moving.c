/* SPDX-License-Identifier: GPL-3.0-or-later */
/* top_moving.c: a folder that others change while a pass goes over it. What has gone, or
 * is cut short, when its turn comes is named; all else counts. */
#include "plugin/fixture/top.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT 300 /* far more than are read ahead */
#define GONE 260  /* from here on pictures vanish, */
#define CUT 280   /* and from here on they are half as long */

static char *files[COUNT];
static gboolean changed;

static char *
many(void)
{
    float rgb[16 * 12 * 3];
    GRand *random = g_rand_new_with_seed(2);
    for (int i = 0; i < COUNT; i++) {
        char *name = g_strdup_printf("moving/%03d.png", i);
        for (gsize k = 0; k < G_N_ELEMENTS(rgb); k++)
            rgb[k] = (float)g_rand_double(random);
        fixture_picture(name, 16, 12, rgb);
        files[i] = fixture_path(name);
        g_free(name);
    }
    g_rand_free(random);
    return fixture_path("moving");
}

/* As the pass begins: the folder's files are known. */
static void
change(double done)
{
    GPtrArray *said = memory_host()->progress;
    char *bytes;
    gsize size;
    (void)done;
    if (changed || !said->len ||
        !g_str_has_prefix(g_ptr_array_index(said, said->len - 1),
                          "Looking at the folder"))
        return;
    changed = TRUE;
    for (int i = GONE; i < CUT; i++)
        g_assert_cmpint(g_unlink(files[i]), ==, 0);
    for (int i = CUT; i < COUNT; i++) {
        g_assert_true(g_file_get_contents(files[i], &bytes, &size, NULL));
        g_assert_true(g_file_set_contents(files[i], bytes, (gssize)size / 2, NULL));
        g_free(bytes);
    }
}

static gboolean
is_named(char *const *skipped, int i)
{
    char *name = g_path_get_basename(files[i]);
    gboolean named = FALSE;
    for (; *skipped && !named; skipped++)
        named = strstr(*skipped, name) != NULL;
    g_free(name);
    return named;
}

static void
what_vanishes_or_is_cut_is_named(void)
{
    TopCase t = top_begin(many());
    GError *error = NULL;
    ParamValues *values = param_values_new(procedure_top.params, procedure_top.n_params);
    param_set_text(values, "model", t.net);
    param_set_text(values, "images", t.folder);
    param_set_text(values, "layer", "maps");
    Call call = {.procedure = &procedure_top,
                 .values = values,
                 .results = g_new0(ResultValue, procedure_top.n_results)};
    Run run = {.image = t.photo.image,
               .drawables = &t.photo.photo,
               .n_drawables = 1,
               .values = values,
               .results = call.results};
    memory_host_reset();
    memory_host()->on_progress = change;
    g_assert_true(procedure_call(&procedure_top, &run, &error));
    memory_host()->on_progress = NULL;
    g_assert_true(changed);
    g_assert_cmpint(call.results[IMAGES].i, ==, GONE);
    char **skipped = call.results[SKIPPED].texts;
    g_assert_cmpuint(g_strv_length(skipped), ==, COUNT - GONE);
    for (int i = 0; i < COUNT; i++)
        g_assert_cmpint(is_named(skipped, i), ==, i >= GONE);
    for (guint i = 0; i < call.results[MAPS].numbers->len * 9; i++)
        g_assert_cmpint(atoi(call.results[FILES].texts[i]), <, GONE);
    top_clear(&call, &t.photo);
    top_end(&t);
    for (int i = 0; i < COUNT; i++)
        g_free(files[i]);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/top/moving", what_vanishes_or_is_cut_is_named);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
