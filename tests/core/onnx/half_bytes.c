/* SPDX-License-Identifier: GPL-3.0-or-later */
/* half_bytes.c: weights of 4 bits, two a byte in a file, read and written. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"
#include "edit.h"
#include "onnx.pb-c.h"
#include <glib/gstdio.h>

/* y = x * the three weights -1, -7, 7, half as large */
static NewModel *
scaled(DcnType type, const guint8 *bytes, gsize count, gboolean raw)
{
    NewModel *net = new_model(21);
    new_input(net, "x", "1,3");
    new_bytes(net, "levels", "3", type, bytes, count, raw);
    new_floats(net, "half", "", (float[]){0.5F});
    new_node(net, "DequantizeLinear", "", "levels;half", "w", "");
    new_node(net, "Mul", "", "x;w", "y", "");
    new_output(net, "y");
    return net;
}

static NewModel *
plain(const float *weights)
{
    NewModel *net = new_model(21);
    new_input(net, "x", "1,3");
    new_floats(net, "w", "3", weights);
    new_node(net, "Mul", "", "x;w", "y", "");
    new_output(net, "y");
    return net;
}

static const guint8 levels[] = {0x9F, 0x07}; /* -1, -7, 7 */

static void
the_first_of_two_is_the_low_half(void)
{
    for (int raw = 0; raw < 2; raw++) {
        model_same_answers(plain((float[]){-0.5F, -3.5F, 3.5F}),
                           scaled(DCN_INT4, levels, 2, raw));
        model_same_answers(plain((float[]){7.5F, 4.5F, 3.5F}),
                           scaled(DCN_UINT4, levels, 2, raw));
    }
}

static void
a_length_that_does_not_fit_is_refused(void)
{
    for (int raw = 0; raw < 2; raw++) {
        model_refused(scaled(DCN_INT4, levels, 1, raw),
                      "has 1 bytes of data and needs 2");
        model_refused(scaled(DCN_INT4, (guint8[]){1, 2, 3}, 3, raw),
                      "has 3 bytes of data and needs 2");
    }
}

static void
a_written_file_has_two_a_byte_again(void)
{
    g_autofree char *folder = g_dir_make_tmp("half-bytes-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "net.onnx", NULL);
    DcnError error = {0};
    NewModel *net = scaled(DCN_INT4, levels, 2, TRUE);
    DcnModel *model = model_opened(net);
    g_assert_true(dcn_model_write(model, file, &error));
    DcnModel *again = dcn_model_open(file, &error);
    g_assert_nonnull(again);
    size_t count, other;
    g_autofree float *a = model_run(model, &count), *b = model_run(again, &other);
    g_assert_cmpmem(a, count * sizeof *a, b, other * sizeof *b);
    g_autofree char *bytes = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(file, &bytes, &size, NULL));
    Onnx__ModelProto *proto = onnx__model_proto__unpack(NULL, size, (guint8 *)bytes);
    g_assert_nonnull(proto);
    const ProtobufCBinaryData *raw = &proto->graph->initializer[0]->raw_data;
    g_assert_cmpmem(raw->data, raw->len, levels, 2);
    onnx__model_proto__free_unpacked(proto, NULL);
    dcn_model_free(again);
    dcn_model_free(model);
    new_model_free(net);
    g_remove(file);
    g_rmdir(folder);
}

CHECK_MAIN(CHECK_TEST(the_first_of_two_is_the_low_half),
           CHECK_TEST(a_length_that_does_not_fit_is_refused),
           CHECK_TEST(a_written_file_has_two_a_byte_again))
