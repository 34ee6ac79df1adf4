/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder.c: tests of the files of a folder, their order, and of decoding ahead. */
#define _POSIX_C_SOURCE 200809L
#include "photo/folder.h"
#include "photo/feed.h"
#include "plugin/fixture/fixture.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static void
names_are_in_order_and_hidden_ones_left_out(void)
{
    Folder folder;
    GError *error = NULL;
    char *path = fixture_path("tree"), *inner = fixture_path("tree/b");
    g_assert_cmpint(g_mkdir_with_parents(inner, 0700), ==, 0);
    fixture_write("tree/c.png", "");
    fixture_write("tree/b/z.PNG", "");
    fixture_write("tree/b/a", "");
    fixture_write("tree/b/a.txt", "");
    fixture_write("tree/README", "");
    fixture_write("tree/readme.MD", "");
    fixture_write("tree/a.png", "");
    fixture_write("tree/.hidden.png", "");
    char *loop = fixture_path("tree/loop");
    g_assert_cmpint(symlink(path, loop), ==, 0);
    g_assert_true(folder_read(&folder, path, NULL, &error));
    g_assert_cmpuint(folder.count, ==, 4);
    const char *wanted[] = {"a.png", "b/a", "b/z.PNG", "c.png"};
    for (int i = 0; i < 4; i++)
        g_assert_cmpstr(folder.files[i].name, ==, wanted[i]);
    folder_clear(&folder);
    g_assert_true(folder_read(&folder, path, ".png", &error));
    g_assert_cmpuint(folder.count, ==, 3);
    folder_clear(&folder);
    g_assert_false(folder_read(&folder, path, ".onnx", &error));
    g_assert_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT);
    g_clear_error(&error);
    g_unlink(loop);
    g_free(loop);
    g_free(inner);
    g_free(path);
}

static void
numbers_count_as_numbers(void)
{
    const char *order[] = {"epoch",
                           "epoch1",
                           "epoch2",
                           "epoch02",
                           "epoch10",
                           "epoch10b",
                           "epoch99999999999999999999",
                           "run/1"};
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
        for (gsize k = 0; k < G_N_ELEMENTS(order); k++) {
            int got = folder_compare_naturally(order[i], order[k]);
            int wanted = i < k ? -1 : i > k;
            /* "2" and "02" are one number: their bytes decide. */
            if (i + k == 5 && (i == 2 || i == 3))
                wanted = -wanted;
            g_assert_cmpint(got < 0 ? -1 : got > 0, ==, wanted);
        }
}

/* A folder without permission; root has all, and takes another user's place. */
static void
a_folder_without_permission_is_named(void)
{
    Folder folder;
    GError *error = NULL;
    char *path = fixture_path("secret"), *outer = fixture_path("outer");
    char *inner = fixture_path("outer/closed");
    g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
    g_assert_cmpint(g_mkdir_with_parents(inner, 0700), ==, 0);
    fixture_write("secret/a.png", "");
    fixture_write("outer/a.png", "");
    gboolean root = geteuid() == 0;
    char *all = fixture_path("");
    g_assert_cmpint(g_chmod(all, 0755), ==, 0);
    g_assert_cmpint(g_chmod(outer, 0755), ==, 0);
    g_assert_cmpint(g_chmod(path, root ? 0700 : 0), ==, 0);
    g_assert_cmpint(g_chmod(inner, root ? 0700 : 0), ==, 0);
    if (root)
        g_assert_cmpint(seteuid(65534), ==, 0);
    gboolean read = folder_read(&folder, path, NULL, &error);
    memory_host_reset();
    gboolean outer_read = folder_read(&folder, outer, NULL, NULL);
    gboolean said = fixture_said("closed");
    if (root)
        g_assert_cmpint(seteuid(0), ==, 0);
    g_chmod(path, 0700);
    g_chmod(inner, 0700);
    g_assert_false(read);
    g_assert_nonnull(strstr(error->message, "secret"));
    g_assert_true(outer_read && said);
    g_assert_cmpuint(folder.count, ==, 1);
    folder_clear(&folder);
    g_clear_error(&error);
    g_free(all);
    g_free(inner);
    g_free(outer);
    g_free(path);
}

static void
pictures_come_in_order_whatever_the_threads(void)
{
    GError *error = NULL;
    char *model = fixture_red_net();
    Net *net = net_open(model, &error);
    g_assert_no_error(error);
    const gsize count = 40;
    char **paths = g_new0(char *, count + 1);
    for (gsize i = 0; i < count; i++) {
        float rgb[8 * 8 * 3] = {0};
        char *name = g_strdup_printf("order/%02zu.png", i);
        rgb[0] = (float)i / 255;
        if (i % 7 == 3) /* every seventh is no picture */
            fixture_write(name, "rubbish");
        else
            fixture_picture(name, 8, 8, rgb);
        paths[i] = fixture_path(name);
        g_free(name);
    }
    for (int threads = 1; threads <= 4; threads++) {
        Feed *feed = feed_new(net, FIT_CROP, paths, threads);
        FeedItem item;
        for (gsize i = 0; i < count; i++) {
            g_assert_true(feed_next(feed, &item, NULL));
            g_assert_cmpuint(item.index, ==, i);
            if (i % 7 == 3)
                g_assert_nonnull(item.error);
            else
                g_assert_cmpfloat_with_epsilon(item.seen.input[0], (float)i / 255, 1e-4);
            feed_item_clear(&item);
        }
        g_assert_false(feed_next(feed, &item, NULL));
        feed_free(feed);
        /* A feed that was not read to its end can be freed. */
        feed_free(feed_new(net, FIT_CROP, paths, threads));
    }
    g_strfreev(paths);
    g_free(model);
}

/* --- colour spaces that are new to several threads at once --- */

#define RUNS 24
#define ALIKE 32 /* pictures */

static guint32
crc(const guint8 *bytes, gsize count)
{
    guint32 sum = 0xffffffffu;
    for (gsize i = 0; i < count; i++) {
        sum ^= bytes[i];
        for (int k = 0; k < 8; k++)
            sum = sum & 1 ? sum >> 1 ^ 0xedb88320u : sum >> 1;
    }
    return ~sum;
}

static void
append_number(GByteArray *to, guint32 value)
{
    const guint8 bytes[4] = {(guint8)(value >> 24), (guint8)(value >> 16),
                             (guint8)(value >> 8), (guint8)value};
    g_byte_array_append(to, bytes, 4);
}

static void
append_chunk(GByteArray *png, const char *name, const guint32 *values, guint count)
{
    append_number(png, 4 * count);
    guint start = png->len;
    g_byte_array_append(png, (const guint8 *)name, 4);
    for (guint i = 0; i < count; i++)
        append_number(png, values[i]);
    append_number(png, crc(png->data + start, png->len - start));
}

/* A white PNG that states gamma and primaries, as many programs do: GEGL makes a colour
 * space of them. */
static void
spaced_pictures(void)
{
    static const guint32 gamma[1] = {45455};
    static const guint32 primaries[8] = {31270, 32900, 64000, 33000,
                                         30000, 60000, 15000, 6000};
    const gsize header = 8 + 25; /* signature and IHDR */
    float white[8 * 8 * 3];
    for (gsize i = 0; i < G_N_ELEMENTS(white); i++)
        white[i] = 1;
    fixture_picture("plain.png", 8, 8, white);
    char *path = fixture_path("plain.png"), *bytes;
    gsize size;
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    GByteArray *png = g_byte_array_new();
    g_byte_array_append(png, (const guint8 *)bytes, (guint)header);
    append_chunk(png, "gAMA", gamma, 1);
    append_chunk(png, "cHRM", primaries, 8);
    /* What GEGL wrote of that kind goes, the picture stays. */
    for (gsize at = header; at + 12 <= size;) {
        const guint8 *chunk = (const guint8 *)bytes + at;
        guint32 length = (guint32)chunk[0] << 24 | (guint32)chunk[1] << 16 |
                         (guint32)chunk[2] << 8 | chunk[3];
        if (!memcmp(chunk + 4, "IDAT", 4) || !memcmp(chunk + 4, "IEND", 4))
            g_byte_array_append(png, chunk, length + 12);
        at += length + 12;
    }
    for (int i = 0; i < ALIKE; i++) {
        char *name = g_strdup_printf("spaces/%02d.png", i), *file = fixture_path(name);
        char *parent = g_path_get_dirname(file);
        g_mkdir_with_parents(parent, 0700);
        g_assert_true(
            g_file_set_contents(file, (const char *)png->data, (gssize)png->len, NULL));
        g_free(parent);
        g_free(file);
        g_free(name);
    }
    g_byte_array_unref(png);
    g_free(bytes);
    g_free(path);
}

/* What the other process does: "--read MODEL FOLDER". 0: every picture is white. */
static int
read_pictures(const char *model, const char *path)
{
    Folder folder;
    FeedItem item;
    int dark = 0;
    gegl_init(NULL, NULL);
    Net *net = net_open(model, NULL);
    if (!net || !folder_read(&folder, path, NULL, NULL))
        return 2;
    char **paths = g_new0(char *, folder.count + 1);
    for (gsize i = 0; i < folder.count; i++)
        paths[i] = folder_path(&folder, i);
    Feed *feed = feed_new(net, FIT_CROP, paths, 2);
    while (feed_next(feed, &item, NULL)) {
        dark += item.error || !(item.seen.input[0] > 1); /* in standard deviations */
        feed_item_clear(&item);
    }
    feed_free(feed);
    return dark > 0;
}

/* babl makes a space or a conversion once for a process; so each try is one. Without the
 * lock in pixels/decode.c one in ten failed. */
static void
new_colour_spaces_are_made_by_one_thread(void)
{
    spaced_pictures();
    char *folder = fixture_path("spaces");
    char *self = g_file_read_link("/proc/self/exe", NULL);
    char *arguments[] = {self, (char *)"--read",
                         (char *)SOURCE_ROOT "/models/default.onnx", folder, NULL};
    /* Leaks are looked for in this process; in those GEGL's own would count. */
    char **environment =
        g_environ_setenv(g_get_environ(), "ASAN_OPTIONS", "detect_leaks=0", TRUE);
    for (int i = 0; i < RUNS; i++) {
        int status;
        g_assert_true(
            g_spawn_sync(NULL, arguments, environment,
                         G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                         NULL, NULL, NULL, &status, NULL));
        g_assert_true(g_spawn_check_wait_status(status, NULL));
    }
    g_strfreev(environment);
    g_free(self);
    g_free(folder);
}

int
main(int argc, char **argv)
{
    if (argc == 4 && g_str_equal(argv[1], "--read"))
        return read_pictures(argv[2], argv[3]);
    fixture_start(&argc, &argv);
    g_test_add_func("/folder/order", names_are_in_order_and_hidden_ones_left_out);
    g_test_add_func("/folder/natural", numbers_count_as_numbers);
    g_test_add_func("/folder/permission", a_folder_without_permission_is_named);
    g_test_add_func("/folder/feed", pictures_come_in_order_whatever_the_threads);
    g_test_add_func("/folder/spaces", new_colour_spaces_are_made_by_one_thread);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
