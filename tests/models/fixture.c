/* fixture.c: see fixture.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "fixture.h"
#include "random.h"
#include <gegl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* Asked for by LeakSanitizer, where it is. */
const char *__lsan_default_suppressions(void);
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));
const char *
__lsan_default_suppressions(void)
{
    return "leak:libbabl\nleak:libgegl\nleak:/gegl-0.4/\n";
}

void
fixture_gegl(void)
{
    if (__lsan_disable)
        __lsan_disable();
    gegl_init(NULL, NULL);
    if (__lsan_enable)
        __lsan_enable();
}

char *
fixture_folder(void)
{
    char *folder = g_dir_make_tmp("featurescope-XXXXXX", NULL);
    g_assert(folder);
    return folder;
}

static void
remove_all(const char *path)
{
    GDir *folder =
        g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder))) {
        char *inner = g_build_filename(path, name, NULL);
        remove_all(inner);
        g_free(inner);
    }
    if (folder)
        g_dir_close(folder);
    g_remove(path);
}

void
fixture_remove(char *folder)
{
    remove_all(folder);
    g_free(folder);
}

void
fixture_file(const char *folder, const char *name, const void *bytes, gsize size)
{
    char *path = g_build_filename(folder, name, NULL);
    char *parent = g_path_get_dirname(path);
    g_assert(g_mkdir_with_parents(parent, 0777) == 0);
    g_assert(g_file_set_contents(path, bytes, (gssize)size, NULL));
    g_free(parent);
    g_free(path);
}

void
fixture_stripes(const char *folder, const char *name, int side, int kind, guint64 seed)
{
    DcnRandom random = dcn_random_seed(seed, (guint64)kind);
    GString *file = g_string_new(NULL);
    double phase = 6.28 * dcn_random_unit(&random);
    g_string_printf(file, "P6\n%d %d\n255\n", side, side);
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
            double along = kind == 0 ? y : kind == 1 ? x : 0.7 * (x + y);
            double value = 127 + 80 * sin(1.2 * along + phase);
            for (int c = 0; c < 3; c++)
                g_string_append_c(file,
                                  (char)(guchar)(value + 40 * dcn_random_unit(&random)));
        }
    fixture_file(folder, name, file->str, file->len);
    g_string_free(file, TRUE);
}

void
fixture_classes(const char *folder, int side, int count)
{
    static const char *const classes[] = {"across", "down", "slope"};
    for (int kind = 0; kind < 3; kind++)
        for (int i = 0; i < count; i++) {
            char *name = g_strdup_printf("%s/%03d.ppm", classes[kind], i);
            fixture_stripes(folder, name, side, kind, (guint64)i);
            g_free(name);
        }
}
