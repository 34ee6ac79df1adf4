/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write_refused.c: if a model cannot be written, the file that was there before stays as
 * it was. */
#include "check.h"
#include "core/fixture/composed.h"
#include "core/fixture/folder.h"
#include "core/fixture/model_run.h"
#include "edit.h"
#include "onnx.pb-c.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

/* The earlier file is there, whole, and no other file is. */
static void
check_refused(const DcnModel *model, const char *file, const char *sentence)
{
    DcnError error = {0};
    g_autofree char *before = NULL, *after = NULL;
    gsize size = 0, other = 0;
    g_file_get_contents(file, &before, &size, NULL);
    check(!dcn_model_write(model, file, &error), sentence);
    check_text(error.text, sentence);
    g_file_get_contents(file, &after, &other, NULL);
    check(size == other && (size == 0 || memcmp(before, after, size) == 0),
          "the old file is as it was");
}

/* x times 40 kB of weights. */
static DcnModel *
heavy(guint32 seed)
{
    DcnError error = {0};
    const DcnShape input = {2, {-1, 100}};
    DcnModel *model = dcn_model_new(&error);
    bool made = dcn_model_add_input(model, "x", &input, &error) &&
                compose_weights(model, "w", (DcnShape){2, {100, 100}}, seed, &error) &&
                compose_node(model, "MatMul", "y", "x w", NULL, 0, &error) &&
                dcn_model_add_output(model, "y", &error);
    check(made, error.text);
    return model;
}

/* stdio decides when the error shows: when the buffer is full, or when the file is
 * closed. */
static void
a_full_disk_leaves_the_old_file(void)
{
    static const rlim_t limits[] = {0, 3000, 20000, 40000};
    Place place = place_new();
    DcnModel *old = heavy(1), *model = heavy(2);
    must_write(old, place.file);
    struct rlimit before;
    fflush(stdout);
    getrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        DcnError error = {0};
        struct rlimit small = before;
        small.rlim_cur = limits[i];
        setrlimit(RLIMIT_FSIZE, &small);
        bool written = dcn_model_write(model, place.file, &error);
        setrlimit(RLIMIT_FSIZE, &before);
        check(!written, "it is not written");
        check_int(error.code, DCN_ERROR_FILE, "its code");
        check_text(error.text, "net.onnx cannot be written: File too large");
    }
    DcnError error = {0};
    DcnModel *there = dcn_model_open(place.file, &error);
    if (check(there != NULL, error.text)) {
        size_t count, other;
        g_autofree float *a = model_run(old, &count), *b = model_run(there, &other);
        check(count == other && memcmp(a, b, count * sizeof *a) == 0, "the old one");
    }
    must_write(model, place.file); /* with room it goes on */
    dcn_model_free(there);
    dcn_model_free(old);
    dcn_model_free(model);
    place_end(&place);
}

static void
places_that_cannot_be_written_are_named(void)
{
    Place place = place_new();
    DcnModel *model = composed_net();
    must_write(model, place.file);
    g_autofree char *nowhere = g_build_filename(place.folder, "none", "net.onnx", NULL);
    g_autofree char *inside = g_build_filename(place.file, "net.onnx", NULL);
    g_autofree char *folder = g_build_filename(place.folder, "sub", NULL);
    g_mkdir(folder, 0700);
    check_refused(model, nowhere, "none/net.onnx cannot be written: No such file");
    check_refused(model, inside, "net.onnx/net.onnx cannot be written: Not a directory");
    check_refused(model, folder, "sub cannot be written: Is a directory");
    check_refused(model, "/dev/null",
                  "/dev/null cannot be written: Operation not supported");
    g_rmdir(folder);
    dcn_model_free(model);
    place_end(&place);
}

static void
a_name_may_be_as_long_as_names_may(void)
{
    Place place = place_new();
    DcnModel *model = composed_net();
    char name[256] = {0};
    memset(name, 'n', 255);
    g_autofree char *path = g_build_filename(place.folder, name, NULL);
    must_write(model, path);
    must_write(model, path);
    g_unlink(path);
    dcn_model_free(model);
    place_end(&place);
}

static void
branches_are_refused_by_name(void)
{
    Place place = place_new();
    NewModel *net = new_model(13);
    new_input(net, "x", "1,2");
    new_ints(net, "yes", "1");
    new_if(net, "yes", "Relu", "Neg", "x", "y");
    new_output(net, "y");
    DcnModel *model = must_open(net);
    DcnModel *plain = composed_net();
    must_write(plain, place.file);
    check_refused(model, place.file,
                  "node \"choice\" (If): attribute \"then_branch\" cannot be written");
    dcn_model_free(plain);
    dcn_model_free(model);
    new_model_free(net);
    place_end(&place);
}

/* A node of another domain cannot be written: the file would have to state that domain's
 * version. */
static void
operators_of_other_lists_are_refused_by_name(void)
{
    Place place = place_new();
    DcnError error = {0};
    NewModel *net = new_model(13);
    new_input(net, "x", "1,2");
    new_node(net, "Relu", "one", "x", "y", "");
    new_output(net, "y");
    gsize size;
    const guint8 *bytes = new_model_bytes(net, &size);
    Onnx__ModelProto *proto = onnx__model_proto__unpack(NULL, size, bytes);
    char domain[] = "com.example", *own = proto->graph->node[0]->domain;
    proto->graph->node[0]->domain = domain;
    g_autofree guint8 *foreign = g_malloc(onnx__model_proto__get_packed_size(proto));
    size = onnx__model_proto__pack(proto, foreign);
    proto->graph->node[0]->domain = own;
    onnx__model_proto__free_unpacked(proto, NULL);
    DcnModel *model = dcn_model_parse(foreign, size, &error);
    if (check(model != NULL, error.text))
        check_refused(
            model, place.file,
            "node \"one\" (Relu): operators of \"com.example\" cannot be written");
    dcn_model_free(model);
    new_model_free(net);
    place_end(&place);
}

CHECK_MAIN(CHECK_TEST(a_full_disk_leaves_the_old_file),
           CHECK_TEST(places_that_cannot_be_written_are_named),
           CHECK_TEST(a_name_may_be_as_long_as_names_may),
           CHECK_TEST(branches_are_refused_by_name),
           CHECK_TEST(operators_of_other_lists_are_refused_by_name))
