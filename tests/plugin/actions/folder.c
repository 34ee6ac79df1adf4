/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder.c: tests of an action over a folder of pictures. */
#define _POSIX_C_SOURCE 200809L
#include "actions/folder/job.h"
#include "base/slot.h"
#include "plugin/fixture/colour_files.h"
#include "plugin/fixture/fixture.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { DONE, SKIPPED, REPORT };

/* A folder of its own a test: four pictures, a text, what is cut off, a folder below. */
typedef struct {
    char *model, *images, *output; /* "model=FILE", … */
    char *folder, *results;        /* paths */
    Photo photo;
} Case;

static Case
begin(const char *name)
{
    Case c = {.photo = fixture_photo(4, 4)};
    float rgb[8 * 8 * 3] = {0};
    const char *files[] = {"b.png", "a.png", "c d.png", "below/e.png", "z.png"};
    fixture_done(&c.photo);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        char *file = g_strconcat(name, "/", files[i], NULL);
        for (gsize k = 0; k < 64; k++) /* red but for a.png, which is green */
            rgb[3 * k + (i == 1)] = 1;
        fixture_picture(file, 8, 8, rgb);
        memset(rgb, 0, sizeof rgb);
        g_free(file);
    }
    char *cut = g_strconcat(name, "/cut.png", NULL),
         *text = g_strconcat(name, "/notes", NULL);
    char *readme = g_strconcat(name, "/README.md", NULL);
    fixture_write(cut, "\x89PNG\r\n\x1a\n");
    fixture_write(text, "no picture");
    fixture_write(readme, "no picture");
    char *net = fixture_red_net(), *out = g_strconcat(name, "-out/deep", NULL);
    c.folder = fixture_path(name);
    c.results = fixture_path(out);
    c.model = g_strconcat("model=", net, NULL);
    c.images = g_strconcat("images=", c.folder, NULL);
    c.output = g_strconcat("output=", c.results, NULL);
    g_free(out);
    g_free(net);
    g_free(readme);
    g_free(text);
    g_free(cut);
    memory_host()->opened = memory_host()->deleted = 0;
    return c;
}

static void
end(Case *c)
{
    g_assert_cmpint(memory_host()->opened, ==, memory_host()->deleted);
    fixture_free(&c->photo);
    g_free(c->model);
    g_free(c->images);
    g_free(c->output);
    g_free(c->folder);
    g_free(c->results);
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in the folder of results, in order, hidden ones too. */
static void
expect_results(const Case *c, const char *wanted)
{
    GPtrArray *names = g_ptr_array_new();
    GDir *dir = g_dir_open(c->results, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        g_ptr_array_add(names, g_strdup(name));
    if (dir)
        g_dir_close(dir);
    g_ptr_array_sort(names, by_name);
    g_ptr_array_add(names, NULL);
    char *all = g_strjoinv(" | ", (char **)names->pdata);
    g_assert_cmpstr(all, ==, wanted);
    g_strfreev((char **)g_ptr_array_free(names, FALSE));
    g_free(all);
}

static char *
result_text(const Case *c, const char *name)
{
    char *path = g_build_filename(c->results, name, NULL), *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_free(path);
    return text;
}

static void
pictures_get_layers(void)
{
    Case c = begin("layers");
    Call call = fixture_call(&procedure_folder, &c.photo, c.model, c.images, c.output,
                             "arguments=count 2 unit map", NULL);
    g_assert_cmpint(call.results[DONE].i, ==, 4);
    g_assert_cmpuint(g_strv_length(call.results[SKIPPED].texts), ==, 2);
    g_assert_nonnull(strstr(call.results[SKIPPED].texts[0], "cut.png"));
    g_assert_nonnull(strstr(call.results[SKIPPED].texts[1], "notes"));
    g_assert_nonnull(strstr(call.results[REPORT].text, "4 done, 2 skipped"));
    expect_results(&c, "a.png.png | a.png.xcf | b.png.png | b.png.xcf | c d.png.png | "
                       "c d.png.xcf | z.png.png | z.png.xcf");
    char *layers = result_text(&c, "c d.png.xcf");
    g_assert_nonnull(strstr(layers, "map 0"));
    g_assert_nonnull(strstr(layers, "map 1"));
    g_assert_true(g_str_has_suffix(layers, "c d.png\n"));
    g_free(layers);
    g_assert_cmpint(memory_host()->opened, ==, 5);               /* and "notes" */
    g_assert_cmpfloat(memory_host()->progress_done, >, 5 / 6.0); /* in the last part */
    fixture_call_clear(&call);
    end(&c);
}

static void
pictures_with_profiles_get_processes(void)
{
    Case c = begin("profiles");
    memory_host()->profiles = TRUE;
    memory_host()->apart = 0;
    Call call = fixture_call(&procedure_folder, &c.photo, c.model, c.images, c.output,
                             "action=classify", NULL);
    memory_host()->profiles = FALSE;
    g_assert_cmpint(call.results[DONE].i, ==, 4);
    g_assert_cmpint(memory_host()->apart, ==, 4);
    fixture_call_clear(&call);
    end(&c);
}

/* Two profiles by turns, and none: a host that holds one opens three of the five. */
static void
more_profiles_than_the_host_holds_come_as_srgb(void)
{
    Case c = begin("many-profiles");
    double rgb[3 * COLOUR_WIDTH * COLOUR_HEIGHT], alpha[COLOUR_WIDTH * COLOUR_HEIGHT];
    GRand *random = g_rand_new_with_seed(5);
    for (int i = 0; i < 4; i++) {
        char *path = g_strdup_printf("%s/profile-%d.png", c.folder, i);
        GBytes *icc = colour_matrix(i % 2);
        colour_some_png(path, COLOUR_RGB, 8, icc, random, rgb, alpha);
        g_bytes_unref(icc);
        g_free(path);
    }
    g_rand_free(random);
    memory_host()->most_profiles = 1;
    Call call = fixture_call(&procedure_folder, &c.photo, c.model, c.images, c.output,
                             "action=projection", NULL);
    g_assert_cmpint(call.results[DONE].i, ==, 8);
    g_assert_cmpint(memory_host()->opened, ==, 4 + 1 + 2); /* and "notes" */
    guint told = 0;
    for (guint i = 0; i < memory_host()->messages->len; i++)
        told += strstr(memory_host()->messages->pdata[i], "given to it in sRGB") != NULL;
    g_assert_cmpuint(told, ==, 1);
    memory_host()->opened += 2; /* those that were made */
    memory_host()->most_profiles = 0;
    char *layers = result_text(&c, "profile-1.png.xcf");
    g_assert_true(g_str_has_suffix(layers, "profile-1.png\n"));
    g_free(layers);
    fixture_call_clear(&call);
    end(&c);
}

static void
labels_get_lines(void)
{
    Case c = begin("labels");
    Call call = fixture_call(&procedure_folder, &c.photo, c.model, c.images, c.output,
                             "action=classify", NULL);
    char *lines = result_text(&c, "labels.txt");
    g_assert_cmpstr(lines, ==,
                    "a.png\tgreen\t0.7311\nb.png\tred\t0.7311\nc d.png\tred\t0.7311\n"
                    "z.png\tred\t0.7311\n");
    expect_results(&c, "labels.txt");
    g_free(lines);
    fixture_call_clear(&call);
    end(&c);
}

static void
parts_meet_nowhere(void)
{
    Case c = begin("parts");
    /* a b c cut notes z: the files of parts 1, 2, 3 are a cut, b notes, c z. */
    GString *all = g_string_new(NULL);
    for (int part = 1; part <= 3; part++) {
        char *number = g_strdup_printf("part=%d", part);
        Call call = fixture_call(&procedure_folder, &c.photo, c.model, c.images, c.output,
                                 "action=classify", number, "parts=3", NULL);
        char *file = g_strdup_printf("labels-%d-of-3.txt", part);
        char *lines = result_text(&c, file);
        g_string_append_printf(all, "%d:%s", part, lines);
        g_free(lines);
        g_free(file);
        g_free(number);
        fixture_call_clear(&call);
    }
    g_assert_cmpstr(all->str, ==,
                    "1:a.png\tgreen\t0.7311\n2:b.png\tred\t0.7311\n"
                    "3:c d.png\tred\t0.7311\nz.png\tred\t0.7311\n");
    g_string_free(all, TRUE);
    end(&c);
}

/* Another run holds the name of unfinished files, and what it has there stays. */
static void
two_at_once_do_not_meet(void)
{
    Case c = begin("twice");
    g_assert_cmpint(g_mkdir_with_parents(c.results, 0700), ==, 0);
    Slot *other = slot_take(c.results, ".featurescope-1-of-1", NULL);
    g_assert_nonnull(other);
    static const char *const suffixes[] = {".xcf", ".png", ".txt"};
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        char *part = g_strconcat(slot_name(other), suffixes[i], NULL);
        g_assert_true(g_file_set_contents(part, "other's", -1, NULL));
        g_free(part);
    }
    Call call = fixture_call(&procedure_folder, &c.photo, c.model, c.images, c.output,
                             "action=classify", NULL);
    g_assert_cmpint(call.results[DONE].i, ==, 4);
    fixture_call_clear(&call);
    call = fixture_call(&procedure_folder, &c.photo, c.model, c.images, c.output, NULL);
    g_assert_cmpint(call.results[DONE].i, ==, 4);
    fixture_call_clear(&call);
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        char *name = g_strconcat(".featurescope-1-of-1", suffixes[i], NULL);
        char *part = g_build_filename(c.results, name, NULL);
        char *text = result_text(&c, name);
        g_assert_cmpstr(text, ==, "other's");
        g_unlink(part);
        g_free(text);
        g_free(part);
        g_free(name);
    }
    slot_free(other);
    expect_results(&c, "a.png.png | a.png.xcf | b.png.png | b.png.xcf | c d.png.png | "
                       "c d.png.xcf | labels.txt | z.png.png | z.png.xcf");
    end(&c);
}

static void
names_of_any_kind(void)
{
    Case c = begin("names");
    char *a = g_build_filename(c.folder, "a.png", NULL);
    char *two_lines = g_build_filename(c.folder, "two\nlines\t.png", NULL);
    char *strange = g_build_filename(c.folder, "\xe9.png", NULL);
    char *link = g_build_filename(c.folder, "link.png", NULL);
    char *dangling = g_build_filename(c.folder, "dangling.png", NULL);
    g_assert_cmpint(g_rename(a, two_lines), ==, 0);
    g_assert_cmpint(symlink("two\nlines\t.png", link), ==, 0);
    g_assert_cmpint(symlink("nowhere", dangling), ==, 0);
    g_assert_true(g_file_set_contents(strange, "x", 1, NULL));
    Call call = fixture_call(&procedure_folder, &c.photo, c.model, c.images, c.output,
                             "action=classify", NULL);
    char *lines = result_text(&c, "labels.txt");
    g_assert_nonnull(strstr(lines, "two lines .png\tgreen"));
    g_assert_nonnull(strstr(lines, "link.png\tgreen"));
    g_assert_null(strstr(lines, "dangling"));
    g_assert_cmpint(call.results[DONE].i, ==, 5);
    g_assert_true(fixture_said("names are not UTF-8: 1"));
    g_unlink(strange);
    g_unlink(two_lines);
    g_unlink(link);
    g_unlink(dangling);
    g_free(lines);
    g_free(dangling);
    g_free(link);
    g_free(strange);
    g_free(two_lines);
    g_free(a);
    fixture_call_clear(&call);
    end(&c);
}

/* What could not be written leaves what was there. */
static void
what_cannot_be_saved_leaves_the_old(void)
{
    Case c = begin("full");
    Call call = fixture_call(&procedure_folder, &c.photo, c.model, c.images, c.output,
                             "arguments=count 2", NULL);
    fixture_call_clear(&call);
    char *part = g_build_filename(c.results, ".featurescope-1-of-1.xcf", NULL);
    char *before = result_text(&c, "a.png.xcf");
    g_assert_cmpint(g_mkdir(part, 0700), ==, 0);
    fixture_refused(&procedure_folder, &c.photo, PROCEDURE_ERROR_FAILED,
                    "cannot be saved", c.model, c.images, c.output, "arguments=count 1",
                    NULL);
    g_assert_cmpint(g_rmdir(part), ==, 0);
    g_assert_true(fixture_said("Skipped: a.png: "));
    char *after = result_text(&c, "a.png.xcf");
    g_assert_cmpstr(before, ==, after);
    expect_results(&c, "a.png.png | a.png.xcf | b.png.png | b.png.xcf | c d.png.png | "
                       "c d.png.xcf | z.png.png | z.png.xcf");
    g_free(after);
    g_free(before);
    g_free(part);
    end(&c);
}

static void
labels_on_a_full_disk_leave_the_old(void)
{
    Case c = begin("fulllabels");
    Call call = fixture_call(&procedure_folder, &c.photo, c.model, c.images, c.output,
                             "action=classify", NULL);
    fixture_call_clear(&call);
    char *part = g_build_filename(c.results, ".featurescope-1-of-1.txt", NULL);
    char *before = result_text(&c, "labels.txt");
    g_assert_cmpint(symlink("/dev/full", part), ==, 0);
    fixture_refused(&procedure_folder, &c.photo, PROCEDURE_ERROR_FAILED, "labels.txt",
                    c.model, c.images, c.output, "action=classify", NULL);
    char *after = result_text(&c, "labels.txt");
    g_assert_cmpstr(before, ==, after);
    expect_results(&c, "labels.txt");
    g_free(after);
    g_free(before);
    g_free(part);
    end(&c);
}

static void
nothing_done_is_an_error(void)
{
    Case c = begin("nothing");
    fixture_refused(&procedure_folder, &c.photo, PROCEDURE_ERROR_INPUT, "relu77", c.model,
                    c.images, c.output, "arguments=layer relu77", NULL);
    g_assert_true(fixture_said("Skipped: a.png"));
    expect_results(&c, "");
    end(&c);
}

static void
what_cannot_be_is_refused_at_once(void)
{
    Case c = begin("refused");
    char *same = g_strconcat("output=", c.folder, "/../refused/", NULL);
    const struct {
        const char *part, *images, *output, *third;
    } cases[] = {
        {"No folder is given for the results", c.images, "output=", "part=1"},
        {"No folder is given", "images=", c.output, "part=1"},
        {"folder of their own", c.images, same, "part=1"},
        {"no part 3 of 1", c.images, c.output, "part=3"},
        {"must be one of", c.images, c.output, "action=paint"},
        {"These are known", c.images, c.output, "arguments=counts 3"},
        {"No value is given for “count”", c.images, c.output, "arguments=count"},
        {"missing.onnx", c.images, c.output, "model=/missing.onnx"},
        {"cannot be read", "images=/nowhere at all", c.output, "part=1"},
        {"cannot be made", c.images, "output=/dev/null/x", "part=1"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        fixture_refused(&procedure_folder, &c.photo, PROCEDURE_ERROR_INPUT, cases[i].part,
                        cases[i].images, cases[i].output, cases[i].third, NULL);
    g_assert_cmpint(memory_host()->opened, ==, 0);
    g_assert_false(g_file_test(c.results, G_FILE_TEST_EXISTS));
    g_free(same);
    end(&c);
}

/* A remark of the action comes once, and its words of progress never. */
static void
a_remark_comes_once(void)
{
    Case c = begin("remarks");
    Call call = fixture_call(&procedure_folder, &c.photo, c.model, c.images, c.output,
                             "action=occlusion", "arguments=size 8 step 8", NULL);
    MemoryHost *host = memory_host();
    for (guint i = 0; i < host->messages->len; i++)
        for (guint k = 0; k < i; k++)
            g_assert_cmpstr(g_ptr_array_index(host->messages, i), !=,
                            g_ptr_array_index(host->messages, k));
    for (guint i = 0; i < host->progress->len; i++)
        g_assert_true(g_str_has_prefix(g_ptr_array_index(host->progress, i), "Picture") ||
                      g_str_has_prefix(g_ptr_array_index(host->progress, i), "Folder"));
    fixture_call_clear(&call);
    end(&c);
}

static void
examples_are_right(void)
{
    const char *actions[] = {"projection", "occlusion", "classify", "evidence"};
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
        GError *error = NULL;
        ParamValues *values = job_values(actions[i], "", job_example(actions[i]), &error);
        g_assert_no_error(error);
        param_values_free(values);
    }
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/folder/layers", pictures_get_layers);
    g_test_add_func("/folder/profiles", pictures_with_profiles_get_processes);
    g_test_add_func("/folder/most-profiles",
                    more_profiles_than_the_host_holds_come_as_srgb);
    g_test_add_func("/folder/labels", labels_get_lines);
    g_test_add_func("/folder/parts", parts_meet_nowhere);
    g_test_add_func("/folder/twice", two_at_once_do_not_meet);
    g_test_add_func("/folder/names", names_of_any_kind);
    g_test_add_func("/folder/full", what_cannot_be_saved_leaves_the_old);
    g_test_add_func("/folder/full-labels", labels_on_a_full_disk_leave_the_old);
    g_test_add_func("/folder/nothing", nothing_done_is_an_error);
    g_test_add_func("/folder/refused", what_cannot_be_is_refused_at_once);
    g_test_add_func("/folder/remarks", a_remark_comes_once);
    g_test_add_func("/folder/examples", examples_are_right);
    int status = g_test_run();
    fixture_end();
    return status;
}
