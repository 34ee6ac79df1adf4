/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut.c: a model's file that changes while the model is in use is an error with its name,
 * and neither a crash nor an answer. */
#define _POSIX_C_SOURCE 200809L
#include "net/net.h"
#include "plugin/fixture/fixture.h"
#include "probe/runner.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

#define CLASSES 5000

/* Weights of 3.8 MB that stay where they are in the file. */
static char *
large_net(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w", "192,5000", 1);
    new_node(net, "Flatten", "flat", "picture", "flat", "");
    new_node(net, "MatMul", "score", "flat;w", "score", "");
    new_node(net, "Softmax", "probability", "score", "probability", "axis=1");
    new_output(net, "probability");
    return fixture_model(net, "large.onnx");
}

typedef struct {
    char *path;
    Net *net;
    Runner runner;
} Case;

static gboolean
run(Case *c, GError **error)
{
    float *input = runner_put(&c->runner, 0, NULL);
    for (gsize i = 0; i < c->runner.count; i++)
        input[i] = (float)i;
    return runner_run(&c->runner, NULL, error);
}

static Case
begin(void)
{
    Case c = {.path = large_net()};
    /* Stamps have seconds: what is written later is a second younger. */
    struct utimbuf old = {1000000000, 1000000000};
    g_assert_cmpint(utime(c.path, &old), ==, 0);
    c.net = net_open(c.path, NULL);
    g_assert_nonnull(c.net);
    RunnerPart part = {.targets = {"score"}, .threads = 2};
    g_assert_true(runner_open(&c.runner, c.net, &part, NULL));
    g_assert_true(run(&c, NULL));
    return c;
}

static void
end(Case *c)
{
    runner_close(&c->runner);
    net_forget();
    g_free(c->path);
}

static void
assert_changed(Case *c)
{
    GError *error = NULL;
    g_assert_false(run(c, &error));
    g_assert_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, "large.onnx” was changed while it was read"));
    g_error_free(error);
    end(c);
}

static void
one_that_was_cut_off_is_an_error(void)
{
    static const off_t sizes[] = {0, 1, 4096, 1000000, CLASSES * 192 * 4};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        Case c = begin();
        g_assert_cmpint(truncate(c.path, sizes[i]), ==, 0);
        assert_changed(&c);
    }
}

static void
one_that_was_written_anew_in_place_is_an_error(void)
{
    Case c = begin();
    char *bytes;
    gsize size;
    g_assert_true(g_file_get_contents(c.path, &bytes, &size, NULL));
    memset(bytes + size / 2, 0, 1000);
    FILE *file = g_fopen(c.path, "r+b");
    g_assert_cmpuint(fwrite(bytes, 1, size, file), ==, size);
    fclose(file);
    g_free(bytes);
    assert_changed(&c);
}

/* As programs do that write files whole. */
static void
one_that_another_took_the_place_of_is_read_on(void)
{
    Case c = begin();
    double before = (double)runner_values(&c.runner, 0, 0)[7];
    g_assert_true(g_file_set_contents(c.path, "another", -1, NULL));
    g_assert_true(run(&c, NULL));
    g_assert_cmpfloat((double)runner_values(&c.runner, 0, 0)[7], ==, before);
    g_unlink(c.path);
    g_assert_true(run(&c, NULL));
    end(&c);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/cut/cut", one_that_was_cut_off_is_an_error);
    g_test_add_func("/cut/written", one_that_was_written_anew_in_place_is_an_error);
    g_test_add_func("/cut/replaced", one_that_another_took_the_place_of_is_read_on);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
