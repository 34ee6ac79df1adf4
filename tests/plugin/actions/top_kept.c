/* SPDX-License-Identifier: GPL-3.0-or-later */
/* top_kept.c: tests of the index that is kept: damaged, bounded, of a run that was
 * killed. */
#define _POSIX_C_SOURCE 200809L
#include "actions/top/cache.h"
#include "actions/top/index.h"
#include "plugin/fixture/top.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void
a_damaged_index_is_made_anew(void)
{
    TopCase t = top_begin(top_noise("noise"));
    Call call =
        fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps", NULL);
    top_clear(&call, &t.photo);
    char *cache = fixture_path("featurescope/top");
    GDir *dir = g_dir_open(cache, 0, NULL);
    char *path = g_build_filename(cache, g_dir_read_name(dir), NULL), *bytes;
    gsize size;
    g_dir_close(dir);
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    GRand *random = g_rand_new_with_seed(9);
    for (int i = 0; i < 120; i++) {
        /* Cut off somewhere, or with a byte that is another. */
        gsize at = (gsize)g_rand_int_range(random, 0, (gint32)size);
        char kept = bytes[at];
        bytes[at] = (char)(kept + 1 + i % 255);
        g_assert_true(
            g_file_set_contents(path, bytes, (gssize)(i % 2 ? size : at), NULL));
        bytes[at] = kept;
        call = fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps",
                            "choose=list", "maps=1", NULL);
        g_assert_cmpint(call.results[IMAGES].i, <=, TOP_PICTURES + 2);
        top_clear(&call, &t.photo);
    }
    g_rand_free(random);
    g_free(bytes);
    g_free(path);
    g_free(cache);
    top_end(&t);
}

static void
the_cache_is_bounded(void)
{
    char *folder = fixture_path("bound"), *keep = fixture_path("bound/0.top");
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    for (int i = 0; i < 6; i++) {
        char *name = g_strdup_printf("bound/%d.top%s", i, i == 3 ? ".A1B2C3" : "");
        char *path = fixture_path(name);
        fixture_write(name, "0123456789");
        struct timespec times[2] = {{1000 + i, 0}, {1000 + i, 0}};
        g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
        g_free(path);
        g_free(name);
    }
    top_cache_prune(folder, 35, keep);
    /* Three fit: the one to keep, and the two that were used last. */
    const gboolean there[6] = {TRUE, FALSE, FALSE, FALSE, TRUE, TRUE};
    for (int i = 0; i < 6; i++) {
        char *name = g_strdup_printf("bound/%d.top%s", i, i == 3 ? ".A1B2C3" : "");
        char *path = fixture_path(name);
        g_assert_cmpint(g_file_test(path, G_FILE_TEST_EXISTS), ==, there[i]);
        g_free(path);
        g_free(name);
    }
    g_free(keep);
    g_free(folder);
}

/* --- a run that is killed --- */

#define MANY 10000

static gboolean
is_kept(void)
{
    char *cache = g_build_filename(g_get_user_cache_dir(), "featurescope", "top", NULL);
    GDir *dir = g_dir_open(cache, 0, NULL);
    const char *name = NULL;
    while (dir && (name = g_dir_read_name(dir)) && !g_str_has_suffix(name, ".top"))
        ;
    gboolean kept = name != NULL;
    if (dir)
        g_dir_close(dir);
    g_free(cache);
    return kept;
}

/* Kills the process once an index is kept, as a user kills GIMP. Each report takes longer
 * than the second after which an index is kept, so that the pass is not over before. */
static void
kill_when_kept(double done)
{
    if (is_kept() && done < 1)
        raise(SIGKILL);
    g_usleep(1100 * 1000);
}

/* What the second process does: this program with "--pass MODEL FOLDER", or "--whole"
 * without an end. */
static int
pass(const char *model, const char *folder, gboolean whole)
{
    gegl_init(NULL, NULL);
    ParamValues *values = param_values_new(procedure_top.params, procedure_top.n_params);
    param_set_text(values, "model", model);
    param_set_text(values, "images", folder);
    param_set_text(values, "layer", "maps");
    ResultValue results[16] = {0};
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    memory_host()->on_progress = whole ? NULL : kill_when_kept;
    Run run = {.image = photo.image,
               .drawables = &photo.photo,
               .n_drawables = 1,
               .values = values,
               .results = results};
    return procedure_call(&procedure_top, &run, NULL) ? 0 : 1;
}

static void
a_killed_run_keeps_what_it_has(void)
{
    TopCase t = top_begin(fixture_path("many"));
    float rgb[12 * 12 * 3] = {0};
    rgb[200] = 1;
    fixture_picture("many/00000.png", 12, 12, rgb);
    char *first = fixture_path("many/00000.png"), *bytes;
    gsize size;
    g_assert_true(g_file_get_contents(first, &bytes, &size, NULL));
    for (int i = 1; i < MANY; i++) {
        char *path = g_strdup_printf("%s/%05d.png", t.folder, i);
        FILE *file = fopen(path, "wb");
        g_assert_cmpuint(fwrite(bytes, 1, size, file), ==, size);
        fclose(file);
        g_free(path);
    }
    char *arguments[] = {(char *)"/proc/self/exe", (char *)"--pass", t.net, t.folder,
                         NULL};
    GPid child;
    char *self = g_file_read_link("/proc/self/exe", NULL);
    arguments[0] = self;
    g_assert_true(g_spawn_async(NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                NULL, &child, NULL));
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);

    Call call = fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps",
                             "choose=list", "maps=0", NULL);
    g_test_message("%d of %d were left", call.results[COMPUTED].i, MANY);
    g_assert_cmpint(call.results[IMAGES].i, ==, MANY);
    g_assert_cmpint(call.results[COMPUTED].i, <, MANY);
    g_assert_cmpint(call.results[COMPUTED].i, >, 0);
    /* All are alike: the first nine. */
    for (int i = 0; i < 9; i++) {
        char *wanted = g_strdup_printf("%05d.png", i);
        g_assert_cmpstr(call.results[FILES].texts[i], ==, wanted);
        g_free(wanted);
    }
    top_clear(&call, &t.photo);
    g_free(self);
    g_free(bytes);
    g_free(first);
    top_end(&t);
}

static GPid
start_pass(const TopCase *t)
{
    char *self = g_file_read_link("/proc/self/exe", NULL);
    char *arguments[] = {self, (char *)"--whole", t->net, t->folder, NULL};
    GPid child;
    g_assert_true(g_spawn_async(NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                NULL, &child, NULL));
    g_free(self);
    return child;
}

static void
two_passes_at_once_do_not_meet(void)
{
    TopCase t = top_begin(top_noise("twice"));
    for (int round = 0; round < 3; round++) {
        GPid both[] = {start_pass(&t), start_pass(&t)};
        for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
            int status;
            g_assert_cmpint(waitpid(both[i], &status, 0), ==, both[i]);
            g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        }
        Call call =
            fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps", NULL);
        g_assert_cmpint(call.results[IMAGES].i, ==, TOP_PICTURES);
        g_assert_cmpint(call.results[COMPUTED].i, ==, 0);
        top_clear(&call, &t.photo);
        char *cache = fixture_path("featurescope/top");
        GDir *dir = g_dir_open(cache, 0, NULL);
        for (const char *name; (name = g_dir_read_name(dir));) {
            char *path = g_build_filename(cache, name, NULL);
            g_assert_true(
                g_str_has_suffix(name, ".top")); /* and none under another name */
            g_unlink(path);
            g_free(path);
        }
        g_dir_close(dir);
        g_free(cache);
    }
    top_end(&t);
}

/* Where nothing can be kept, a run is as good, and says so once. (Permissions would not
 * hold root back.) */
static void
without_a_cache_there_is_one_remark(void)
{
    TopCase t = top_begin(top_noise("uncached"));
    char *cache = fixture_path("featurescope"), *aside = fixture_path("aside");
    g_assert_cmpint(g_mkdir_with_parents(cache, 0700), ==, 0);
    g_assert_cmpint(g_rename(cache, aside), ==, 0);
    fixture_write("featurescope", "a file in the place of the folder");
    for (int round = 0; round < 2; round++) {
        memory_host_reset();
        Call call =
            fixture_call(&procedure_top, &t.photo, t.model, t.images, "layer=maps", NULL);
        guint remarks = 0;
        for (guint i = 0; i < memory_host()->messages->len; i++)
            remarks += strstr(g_ptr_array_index(memory_host()->messages, i),
                              "cannot be kept") != NULL;
        g_assert_true(call.ok);
        g_assert_cmpint(call.results[COMPUTED].i, ==, TOP_PICTURES);
        g_assert_cmpuint(remarks, ==, 1);
        top_clear(&call, &t.photo);
    }
    g_assert_true(g_unlink(cache) == 0 && g_rename(aside, cache) == 0);
    g_free(aside);
    g_free(cache);
    top_end(&t);
}

int
main(int argc, char **argv)
{
    if (argc == 4 && (g_str_equal(argv[1], "--pass") || g_str_equal(argv[1], "--whole")))
        _exit(pass(argv[2], argv[3],
                   g_str_equal(argv[1], "--whole"))); /* nothing is freed */
    fixture_start(&argc, &argv);
    g_test_add_func("/top/damaged", a_damaged_index_is_made_anew);
    g_test_add_func("/top/bounded", the_cache_is_bounded);
    g_test_add_func("/top/twice", two_passes_at_once_do_not_meet);
    g_test_add_func("/top/uncached", without_a_cache_there_is_one_remark);
    g_test_add_func("/top/killed", a_killed_run_keeps_what_it_has);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
