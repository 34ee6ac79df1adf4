/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net.c: tests of models that are kept open: a changed file is opened again. */
#define _POSIX_C_SOURCE 200809L /* utimensat() */
#include "net/net.h"
#include "net/hash.h"
#include "plugin/fixture/fixture.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>

/* Two classes: score = the mean of red times each of two weights, which lie in a file of
 * their own. */
static char *
net_beside_its_weights(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,4,4");
    new_external(net, "w", "2,3,1,1", "weights.bin", "0");
    new_node(net, "Conv", "maps", "picture;w", "maps", "");
    new_node(net, "GlobalAveragePool", "mean", "maps", "mean", "");
    new_node(net, "Flatten", "score", "mean", "score", "");
    new_output(net, "score");
    fixture_write("beside.ini", "[input]\nrange=0;1\n[output]\nlabels=first;second\n");
    return fixture_model(net, "beside.onnx");
}

static void
write_weights(float first, float second)
{
    const float weights[6] = {first, 0, 0, second, 0, 0};
    g_autofree char *path = fixture_path("weights.bin");
    /* By another file that takes its name: the inode is another one. */
    g_assert_true(g_file_set_contents(path, (const char *)weights, sizeof weights, NULL));
}

static char *
answer(Photo *photo, const char *argument)
{
    Call call = fixture_call(&procedure_classify, photo, argument, NULL);
    char *label = g_strdup(call.results[0].text);
    fixture_call_clear(&call);
    return label;
}

static void
weights_beside_the_model_are_part_of_it(void)
{
    write_weights(1, 0);
    g_autofree char *path = net_beside_its_weights();
    g_autofree char *argument = g_strconcat("model=", path, NULL);
    Photo photo = fixture_photo(4, 4);
    for (int i = 0; i < 16; i++)
        fixture_dot(&photo, i % 4, i / 4, 1, 0, 0);
    fixture_done(&photo);
    Net *net = net_open(path, NULL);
    g_assert_nonnull(net);
    g_assert_cmpuint(g_strv_length(net->files), ==, 2);
    g_assert_true(g_str_has_suffix(net->files[1], "/weights.bin"));
    g_autofree char *before = net_hash(net), *file = hash_file(path);
    g_autofree char *first = answer(&photo, argument);
    g_assert_true(net_open(path, NULL) == net); /* kept open */

    write_weights(0, 1);
    net = net_open(path, NULL);
    g_autofree char *after = net_hash(net), *same = hash_file(path);
    g_autofree char *second = answer(&photo, argument);
    g_assert_cmpstr(first, ==, "first");
    g_assert_cmpstr(second, ==, "second");
    g_assert_cmpstr(file, ==, same);
    g_assert_cmpstr(before, !=, after);
    g_assert_cmpstr(before, !=, file);
    fixture_free(&photo);
}

static void
what_is_no_number_is_no_answer(void)
{
    static const float odd[] = {NAN, INFINITY};
    Photo photo = fixture_noise(4, 4);
    for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
        write_weights(1, odd[i]);
        g_autofree char *path = net_beside_its_weights();
        g_autofree char *argument = g_strconcat("model=", path, NULL);
        fixture_refused(&procedure_classify, &photo, PROCEDURE_ERROR_FAILED,
                        "is not a number", argument, NULL);
        net_forget();
    }
    fixture_free(&photo);
}

static void
a_model_of_one_file_is_known_by_its_sum(void)
{
    g_autofree char *path = fixture_red_net();
    Net *net = net_open(path, NULL);
    g_autofree char *sum = net_hash(net), *file = hash_file(path);
    g_assert_cmpuint(g_strv_length(net->files), ==, 1);
    g_assert_cmpstr(sum, ==, file);
}

static void
stamp_now(const char *path, struct stat *now)
{
    g_assert_cmpint(stat(path, now), ==, 0);
}

/* Weights of the same size, in place. */
static void
rewrite_weights(const char *path, float first, float second)
{
    const float weights[6] = {first, 0, 0, second, 0, 0};
    FILE *file = g_fopen(path, "r+b");
    g_assert_nonnull(file);
    g_assert_cmpuint(fwrite(weights, 1, sizeof weights, file), ==, sizeof weights);
    g_assert_cmpint(fclose(file), ==, 0);
}

/* The model is opened again, and its sum is another. */
static void
check_noticed(const char *model, Net **net, char **sum)
{
    Net *now = net_open(model, NULL);
    g_assert_nonnull(now);
    g_assert_true(now != *net);
    char *hash = net_hash(now);
    g_assert_cmpstr(hash, !=, *sum);
    g_free(*sum);
    *sum = hash;
    *net = now;
}

static void
a_change_within_a_second_is_noticed(void)
{
    struct stat first, now;
    write_weights(1, 0);
    g_autofree char *path = net_beside_its_weights();
    g_autofree char *weights = fixture_path("weights.bin");
    Net *net = net_open(path, NULL);
    g_autofree char *sum = net_hash(net);
    stamp_now(weights, &first);
    struct timespec times[2] = {first.st_atim, first.st_mtim};
    times[1].tv_nsec = (times[1].tv_nsec + 1) % 1000000000;
    rewrite_weights(weights, 0, 1);
    g_assert_cmpint(utimensat(AT_FDCWD, weights, times, 0), ==, 0);
    stamp_now(weights, &now);
    g_assert_true(now.st_size == first.st_size && now.st_ino == first.st_ino);
    check_noticed(path, &net, &sum);

    /* With the time set back, as programs that copy files do. */
    first = now;
    do {
        rewrite_weights(weights, 1, 0);
        g_assert_cmpint(utimensat(AT_FDCWD, weights, times, 0), ==, 0);
        stamp_now(weights, &now);
    } while (now.st_ctim.tv_nsec == first.st_ctim.tv_nsec); /* one tick of the clock */
    g_assert_true(now.st_mtim.tv_nsec == first.st_mtim.tv_nsec);
    check_noticed(path, &net, &sum);
}

/* Means of red and green, their softmax unless `scores`, and a step that does not tell
 * what its numbers are. */
static char *
untold_net(gboolean scores, const char *step, const char *name)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,4,4");
    new_floats(net, "w", "2,3,1,1", (const float[]){2, 0, 0, 0, 2, 0});
    new_metadata(net, "input.range", "0;1");
    new_node(net, "Conv", "maps", "picture;w", "maps", "");
    new_node(net, "GlobalAveragePool", "mean", "maps", "mean", "");
    new_node(net, "Flatten", "score", "mean", "score", "");
    if (!scores)
        new_node(net, "Softmax", "", "score", "p", "axis=1");
    new_node(net, step, "", scores ? "score" : "p", "y", "");
    new_output(net, "y");
    return fixture_model(net, name);
}

static void
check_answer(const char *path, double first, const char *said)
{
    g_autofree char *argument = g_strconcat("model=", path, NULL);
    Photo photo = fixture_photo(4, 4);
    for (int i = 0; i < 16; i++)
        fixture_dot(&photo, i % 4, i / 4, 1, 0, 0);
    fixture_done(&photo);
    Call call = fixture_call(&procedure_classify, &photo, argument, NULL);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, 2, 0), first, 1e-5);
    g_assert_cmpint(fixture_said(said), ==, TRUE);
    g_assert_cmpuint(memory_host()->messages->len, ==, 1);
    fixture_call_clear(&call);
    call = fixture_call(&procedure_classify, &photo, argument, NULL);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, 2, 0), first, 1e-5);
    g_assert_cmpuint(memory_host()->messages->len, ==, 0); /* once is enough */
    fixture_call_clear(&call);
    call =
        fixture_call(&procedure_occlusion, &photo, argument, "size=2", "labels=0", NULL);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, 3, 0), first, 1e-5);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
numbers_tell_what_steps_do_not(void)
{
    double both = 1 / (1 + exp(-2)); /* the softmax of 2, 0 */
    double once = 1 / (1 + exp(-tanh(2)));
    g_autofree char *known = untold_net(FALSE, "Abs", "known.onnx");
    g_autofree char *open = untold_net(TRUE, "Tanh", "open.onnx");
    check_answer(known, both, "taken for probabilities");
    check_answer(open, once, "taken for scores");
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/net/external", weights_beside_the_model_are_part_of_it);
    g_test_add_func("/net/second", a_change_within_a_second_is_noticed);
    g_test_add_func("/net/nan", what_is_no_number_is_no_answer);
    g_test_add_func("/net/judged", numbers_tell_what_steps_do_not);
    g_test_add_func("/net/one", a_model_of_one_file_is_known_by_its_sum);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
