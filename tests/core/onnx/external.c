/* SPDX-License-Identifier: GPL-3.0-or-later */
/* external.c: tests of where weights in other files may lie. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "onnx.pb-c.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static DcnModel *
open_with_external(const char *folder,
                   const char *location,
                   const char *offset,
                   DcnError *error)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,1,2,2");
    new_external(net, "w", "1,1,1,1", location, offset);
    new_node(net, "Conv", "conv", "x;w", "y", "");
    new_output(net, "y");
    gsize size;
    const guint8 *bytes = new_model_bytes(net, &size);
    g_autofree char *path = g_build_filename(folder, "net.onnx", NULL);
    CHECK(g_file_set_contents(path, (const char *)bytes, (gssize)size, NULL));
    DcnModel *model = dcn_model_open(path, error);
    new_model_free(net);
    return model;
}

static void
external_data_come_from_the_folder_and_nowhere_else(void)
{
    g_autofree char *folder = g_dir_make_tmp("dcn-XXXXXX", NULL);
    g_autofree char *inner = g_build_filename(folder, "inner", NULL);
    g_autofree char *data = g_build_filename(inner, "weights.bin", NULL);
    g_autofree char *outside = g_build_filename(folder, "outside.bin", NULL);
    g_autofree char *link_path = g_build_filename(inner, "link.bin", NULL);
    g_autofree char *hard_path = g_build_filename(inner, "hard.bin", NULL);
    const float values[3] = {1, 7, 2};
    CHECK_INT(g_mkdir(inner, 0700), 0);
    CHECK(g_file_set_contents(data, (const char *)values, sizeof values, NULL));
    CHECK(g_file_set_contents(outside, (const char *)values, sizeof values, NULL));
    CHECK_INT(symlink(outside, link_path), 0);
    CHECK_INT(link(outside, hard_path), 0);

    DcnError error = {0};
    DcnModel *model = open_with_external(inner, "weights.bin", "4", &error);
    check_no_error(error.text);
    dcn_model_free(model);
    g_autofree char *net = g_build_filename(inner, "net.onnx", NULL);
    model = dcn_model_open_copied(net, &error);
    check_no_error(error.text);
    CHECK_INT(truncate(net, 0), 0); /* read already: nothing is lost */
    CHECK_INT(truncate(data, 0), 0);
    DcnPlan *plan = dcn_plan_new(model, NULL, &error);
    DcnTensor w;
    CHECK(dcn_plan_constant(plan, dcn_plan_find(plan, "w", NULL), &w));
    float value;
    memcpy(&value, w.data, sizeof value);
    CHECK(value == 7);
    dcn_plan_free(plan);
    dcn_model_free(model);
    CHECK(!dcn_model_open_copied(net, &error)); /* it is empty now */
    CHECK(g_file_set_contents(data, (const char *)values, sizeof values, NULL));

    static const struct {
        const char *location, *offset, *part;
    } bad[] = {
        {"../outside.bin", "0", "not inside the model's folder"},
        {"/etc/passwd", "0", "not inside the model's folder"},
        {"link.bin", "0", "symbolic link"},
        {"hard.bin", "0", "hard link"},
        {"missing.bin", "0", "missing.bin"},
        {"weights.bin", "12", "behind the end"},
        {"weights.bin", "18446744073709551612", "behind the end"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        error = (DcnError){0};
        CHECK(!open_with_external(inner, bad[i].location, bad[i].offset, &error));
        check_text(error.text, bad[i].part);
    }
    g_remove(net);
    g_remove(data);
    g_remove(link_path);
    g_remove(hard_path);
    g_remove(outside);
    g_rmdir(inner);
    g_rmdir(folder);
}

/* The layout of Hugging Face's cache: snapshots/REVISION/NAME links to blobs/HASH. */
static void
links_of_a_cache_are_followed_and_no_others(void)
{
    g_autofree char *folder = g_dir_make_tmp("dcn-XXXXXX", NULL);
    g_autofree char *blobs = g_build_filename(folder, "blobs", NULL);
    g_autofree char *snapshot = g_build_filename(folder, "snapshot", NULL);
    g_autofree char *made = g_build_filename(snapshot, "net.onnx", NULL);
    g_autofree char *blob = g_build_filename(blobs, "aaaa", NULL);
    g_autofree char *weights = g_build_filename(blobs, "bbbb", NULL);
    g_autofree char *data = g_build_filename(snapshot, "weights.bin", NULL);
    g_autofree char *outside = g_build_filename(folder, "outside.bin", NULL);
    g_autofree char *escape = g_build_filename(snapshot, "escape.bin", NULL);
    const float values[3] = {1, 7, 2};
    CHECK_INT(g_mkdir(blobs, 0700), 0);
    CHECK_INT(g_mkdir(snapshot, 0700), 0);
    CHECK(g_file_set_contents(weights, (const char *)values, sizeof values, NULL));
    CHECK(g_file_set_contents(outside, (const char *)values, sizeof values, NULL));
    CHECK_INT(symlink("../blobs/bbbb", data), 0);
    CHECK_INT(symlink("../outside.bin", escape), 0);

    DcnError error = {0};
    CHECK(!open_with_external(snapshot, "weights.bin", "4", &error));
    check_text(error.text, "symbolic link that leads elsewhere");

    static const struct {
        const char *location;
        bool opens;
    } tries[] = {{"weights.bin", true}, {"escape.bin", false}};
    for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
        error = (DcnError){0};
        dcn_model_free(open_with_external(snapshot, tries[i].location, "4", &error));
        CHECK_INT(g_rename(made, blob), 0);
        CHECK_INT(symlink("../blobs/aaaa", made), 0);
        error = (DcnError){0};
        DcnModel *model = dcn_model_open(made, &error);
        if (tries[i].opens)
            check_no_error(error.text);
        else
            check_text(error.text, "copy the file beside the model");
        CHECK((model != NULL) == tries[i].opens);
        dcn_model_free(model);
        g_remove(made);
        g_remove(blob);
    }
    g_remove(data);
    g_remove(escape);
    g_remove(weights);
    g_remove(outside);
    g_rmdir(blobs);
    g_rmdir(snapshot);
    g_rmdir(folder);
}

CHECK_MAIN(CHECK_TEST(external_data_come_from_the_folder_and_nowhere_else),
           CHECK_TEST(links_of_a_cache_are_followed_and_no_others))
