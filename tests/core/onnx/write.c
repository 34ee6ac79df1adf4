/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write.c: tests of models that are written and read back. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/composed.h"
#include "core/fixture/folder.h"
#include "core/fixture/model_run.h"
#include "edit.h"
#include "onnx.pb-c.h"
#include <glib/gstdio.h>

#define SHARED SOURCE_ROOT "/../shared/"

static Onnx__ModelProto *
read_proto(const char *file)
{
    g_autofree char *bytes = NULL;
    gsize size = 0;
    g_file_get_contents(file, &bytes, &size, NULL);
    return onnx__model_proto__unpack(NULL, size, (guint8 *)bytes);
}

/* Debian's Python knows ONNX's own checker. */
static bool
have_checker(void)
{
    static int status = -1; /* not asked yet */
    if (status < 0) {
        status = 1;
        g_spawn_command_line_sync("/usr/bin/python3 -c \"import onnx\"", NULL, NULL,
                                  &status, NULL);
        if (status != 0)
            printf("# SKIP ONNX's checker: /usr/bin/python3 has no module onnx\n");
    }
    return status == 0;
}

static void
check_by_onnx(const char *file)
{
    g_autofree char *problem = NULL;
    int status = 0;
    const char *arguments[] = {
        "/usr/bin/python3", "-c",
        "import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), "
        "full_check=True)",
        file, NULL};
    if (!have_checker())
        return;
    g_spawn_sync(NULL, (char **)arguments, NULL, 0, NULL, NULL, NULL, &problem, &status,
                 NULL);
    if (status != 0)
        check_fail("ONNX's checker says: %.500s",
                   strlen(problem) > 500 ? problem + strlen(problem) - 500 : problem);
}

/* Written and read back, the model gives the same numbers, bit for bit. */
static void
check_same_after_writing(const DcnModel *model, const char *file)
{
    DcnError error = {0};
    must_write(model, file);
    DcnModel *again = dcn_model_open(file, &error);
    if (check(again != NULL, error.text)) {
        size_t count, other;
        g_autofree float *a = model_run(model, &count), *b = model_run(again, &other);
        check(a && b && count == other && memcmp(a, b, count * sizeof *a) == 0,
              "the same numbers");
    }
    dcn_model_free(again);
}

/* --- composed models --- */

static void
a_composed_model_gives_the_same_numbers_from_its_file(void)
{
    Place place = place_new();
    DcnModel *model = composed_net();
    check_same_after_writing(model, place.file);
    check_by_onnx(place.file);
    dcn_model_free(model);
    place_end(&place);
}

static void
inputs_outputs_names_and_metadata_are_in_the_file(void)
{
    Place place = place_new();
    DcnModel *model = composed_net();
    must_write(model, place.file);
    Onnx__ModelProto *proto = read_proto(place.file);
    if (check(proto != NULL, "a message")) {
        const Onnx__GraphProto *graph = proto->graph;
        check_int(proto->opset_import[0]->version, 13, "opset");
        check_int((long long)graph->n_node, 8, "nodes");
        if (check(proto->n_metadata_props == 1, "metadata")) {
            check_text(proto->metadata_props[0]->key, "labels");
            check_text(proto->metadata_props[0]->value, "cat\ndog");
        }
        check_text(graph->node[0]->name, "conv");
        check_int((long long)graph->n_input, 1, "inputs");
        const Onnx__TensorShapeProto *in = graph->input[0]->type->tensor_type->shape;
        check(in->dim[0]->dim_param && in->dim[0]->dim_param[0], "the batch is open");
        check_int(in->dim[2]->dim_value, 13, "height");
        const Onnx__TensorShapeProto *out = graph->output[0]->type->tensor_type->shape;
        check_text(graph->output[0]->name, "classes");
        check(out->dim[0]->dim_param && out->dim[0]->dim_param[0], "the batch is open");
        check_int(out->dim[1]->dim_value, 4, "classes");
        onnx__model_proto__free_unpacked(proto, NULL);
    }
    dcn_model_free(model);
    place_end(&place);
}

/* Axis `axis` of the only output in a file, -1 if open. */
static long long
output_axis(const char *file, size_t axis)
{
    Onnx__ModelProto *proto = read_proto(file);
    const Onnx__TypeProto__Tensor *type = proto->graph->output[0]->type->tensor_type;
    long long size = -2;
    if (type->shape && axis < type->shape->n_dim)
        size = type->shape->dim[axis]->has_dim_value ? type->shape->dim[axis]->dim_value
                                                     : -1;
    onnx__model_proto__free_unpacked(proto, NULL);
    return size;
}

static void
what_changes_with_the_size_of_the_picture_stays_open(void)
{
    static const char *const inputs[] = {"-1,3,-1,-1", "-1,3,20,-1", "1,3,20,24"};
    static const long long height[] = {-1, 9, 9}, width[] = {-1, -1, 11};
    for (int pooled = 0; pooled < 2; pooled++)
        for (int i = 0; i < 3; i++) {
            Place place = place_new();
            NewModel *net = new_model(13);
            new_input(net, "x", inputs[i]);
            new_weights(net, "w", "5,3,3,3", 1);
            new_node(net, "Conv", "", "x;w", pooled ? "c" : "y", "strides=2,2");
            if (pooled)
                new_node(net, "GlobalAveragePool", "", "c", "y", "");
            new_output(net, "y");
            DcnModel *model = must_open(net);
            must_write(model, place.file);
            check_by_onnx(place.file);
            check_int(output_axis(place.file, 0), i == 2 ? 1 : -1, "images");
            check_int(output_axis(place.file, 1), 5, "channels");
            check_int(output_axis(place.file, 2), pooled ? 1 : height[i], "height");
            check_int(output_axis(place.file, 3), pooled ? 1 : width[i], "width");
            dcn_model_free(model);
            new_model_free(net);
            place_end(&place);
        }
}

static void
initialisers_that_nobody_uses_are_not_written(void)
{
    Place place = place_new();
    DcnModel *model = composed_net();
    must_write(model, place.file);
    Onnx__ModelProto *proto = read_proto(place.file);
    if (check(proto != NULL, "a message")) {
        check_int((long long)proto->graph->n_initializer, 3, "initialisers");
        for (size_t i = 0; i < proto->graph->n_initializer; i++)
            check(strcmp(proto->graph->initializer[i]->name, "unused") != 0, "unused");
        onnx__model_proto__free_unpacked(proto, NULL);
    }
    dcn_model_free(model);
    place_end(&place);
}

/* --- models that were read --- */

static void
attributes_of_every_kind_are_written(void)
{
    Place place = place_new();
    NewModel *net = new_model(13);
    new_input(net, "x", "1,2,4,6");
    new_ints(net, "shape", "1,-1,4");
    new_ints(net, "axes", "1");
    new_node(net, "Constant", "k1", "", "factor", "value=#1.5,-2,0.25,3");
    new_node(net, "Constant", "k2", "", "term", "value_floats=~0.5,1,-1,2");
    new_node(net, "Elu", "elu", "x", "e",
             "alpha=.0.75;words='some,more;note=:a word;count=3;sizes=[7];pair=1,2");
    new_node(net, "Reshape", "r", "e;shape", "rows", "");
    new_node(net, "Mul", "m", "rows;factor", "product", "");
    new_node(net, "Add", "a", "product;term", "sum", "");
    new_node(net, "Clip", "c", "sum;;", "clipped", "");
    new_node(net, "Unsqueeze", "u", "clipped;axes", "y", "");
    new_output(net, "y");
    DcnModel *model = must_open(net);
    check_same_after_writing(model, place.file);
    /* Elu's attributes of all kinds but tensors came through as they were. */
    Onnx__ModelProto *proto = read_proto(place.file);
    gsize size;
    const guint8 *bytes = new_model_bytes(net, &size);
    Onnx__ModelProto *before = onnx__model_proto__unpack(NULL, size, bytes);
    for (size_t n = 0; n < before->graph->n_node; n++) {
        const Onnx__NodeProto *a = before->graph->node[n], *b = proto->graph->node[n];
        check_int((long long)b->n_attribute, (long long)a->n_attribute, a->name);
        for (size_t i = 0; i < a->n_attribute && i < b->n_attribute; i++) {
            if (a->attribute[i]->t)
                continue;
            guint8 packed[2][200];
            size_t length = onnx__attribute_proto__pack(a->attribute[i], packed[0]);
            check(onnx__attribute_proto__pack(b->attribute[i], packed[1]) == length &&
                      memcmp(packed[0], packed[1], length) == 0,
                  a->attribute[i]->name);
        }
    }
    onnx__model_proto__free_unpacked(before, NULL);
    onnx__model_proto__free_unpacked(proto, NULL);
    dcn_model_free(model);
    new_model_free(net);
    place_end(&place);
}

/* A file of IR version 3 has its initialisers among the inputs. They are not written
 * there again, so the written file must have a version that allows this. */
static void
old_files_become_files_that_stand_by_themselves(void)
{
    Place place = place_new();
    DcnError error = {0};
    NewModel *net = new_model(9);
    new_input(net, "x", "1,2,4,6");
    new_input(net, "w", "3,2,1,1");
    new_weights(net, "w", "3,2,1,1", 1);
    new_node(net, "Conv", "conv", "x;w", "y", "");
    new_output(net, "y");
    gsize size;
    const guint8 *bytes = new_model_bytes(net, &size);
    Onnx__ModelProto *proto = onnx__model_proto__unpack(NULL, size, bytes);
    proto->ir_version = 3;
    g_autofree guint8 *old = g_malloc(onnx__model_proto__get_packed_size(proto));
    size = onnx__model_proto__pack(proto, old);
    onnx__model_proto__free_unpacked(proto, NULL);
    DcnModel *model = dcn_model_parse(old, size, &error);
    if (check(model != NULL, error.text)) {
        check_same_after_writing(model, place.file);
        check_by_onnx(place.file);
    }
    dcn_model_free(model);
    new_model_free(net);
    place_end(&place);
}

static void
external_data_come_into_the_file(void)
{
    Place place = place_new();
    DcnError error = {0};
    g_autofree char *data = g_build_filename(place.folder, "weights.bin", NULL);
    g_autofree char *outer = g_build_filename(place.folder, "outer.onnx", NULL);
    const float values[] = {0.5F, -2, 1, 3, 0.25F, -1};
    NewModel *net = new_model(13);
    gsize size;
    new_input(net, "x", "1,2,4,6");
    new_external(net, "w", "3,2,1,1", "weights.bin", "0");
    new_node(net, "Conv", "conv", "x;w", "y", "");
    new_output(net, "y");
    const guint8 *bytes = new_model_bytes(net, &size);
    g_file_set_contents(data, (const char *)values, sizeof values, NULL);
    g_file_set_contents(outer, (const char *)bytes, (gssize)size, NULL);
    DcnModel *model = dcn_model_open(outer, &error);
    if (check(model != NULL, error.text)) {
        size_t count = 0, other = 0;
        g_autofree float *a = model_run(model, &count);
        must_write(model, place.file);
        dcn_model_free(model);
        g_remove(data);
        model = dcn_model_open(place.file, &error);
        g_autofree float *b = model ? model_run(model, &other) : NULL;
        check(a && b && count == other && memcmp(a, b, count * sizeof *a) == 0,
              "the same numbers without the other file");
    }
    dcn_model_free(model);
    new_model_free(net);
    g_remove(outer);
    place_end(&place);
}

static void
a_real_net_gives_the_same_numbers_from_its_file(void)
{
    const char *file = SHARED "models/squeezenet1.1.onnx";
    if (!g_file_test(file, G_FILE_TEST_EXISTS)) {
        printf("# SKIP ../shared is not here\n");
        return;
    }
    Place place = place_new();
    DcnError error = {0};
    DcnModel *model = dcn_model_open(file, &error);
    if (check(model != NULL, error.text)) {
        check_same_after_writing(model, place.file);
        check_by_onnx(place.file);
    }
    dcn_model_free(model);
    place_end(&place);
}

CHECK_MAIN(CHECK_TEST(a_composed_model_gives_the_same_numbers_from_its_file),
           CHECK_TEST(inputs_outputs_names_and_metadata_are_in_the_file),
           CHECK_TEST(what_changes_with_the_size_of_the_picture_stays_open),
           CHECK_TEST(initialisers_that_nobody_uses_are_not_written),
           CHECK_TEST(attributes_of_every_kind_are_written),
           CHECK_TEST(old_files_become_files_that_stand_by_themselves),
           CHECK_TEST(external_data_come_into_the_file),
           CHECK_TEST(a_real_net_gives_the_same_numbers_from_its_file))
