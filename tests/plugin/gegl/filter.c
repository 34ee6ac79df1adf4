/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/filter.c: tests of GEGL's operations, as a program that uses GEGL has them. */
#include "plugin/fixture/fixture.h"
#include <gegl-plugin.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* --- graphs --- */

typedef struct {
    GeglNode *all, *source, *filter;
    GeglBuffer *buffer;
} Graph;

/* "name=value", as of actions. */
static void
set(GeglNode *node, const char *pair)
{
    char **parts = g_strsplit(pair, "=", 2);
    GParamSpec *spec = gegl_node_find_property(node, parts[0]);
    g_assert_nonnull(spec);
    if (G_IS_PARAM_SPEC_ENUM(spec))
        gegl_node_set(
            node, parts[0],
            g_enum_get_value_by_nick(G_PARAM_SPEC_ENUM(spec)->enum_class, parts[1])
                ->value,
            NULL);
    else if (G_IS_PARAM_SPEC_INT(spec))
        gegl_node_set(node, parts[0], atoi(parts[1]), NULL);
    else if (G_IS_PARAM_SPEC_BOOLEAN(spec))
        gegl_node_set(node, parts[0], g_str_equal(parts[1], "true"), NULL);
    else if (G_IS_PARAM_SPEC_DOUBLE(spec))
        gegl_node_set(node, parts[0], g_ascii_strtod(parts[1], NULL), NULL);
    else if (g_str_equal(parts[0], "color")) {
        GeglColor *color = gegl_color_new(parts[1]);
        gegl_node_set(node, parts[0], color, NULL);
        g_object_unref(color);
    } else
        gegl_node_set(node, parts[0], parts[1], NULL);
    g_strfreev(parts);
}

/* "point=X,Y" too, in pixels. */
static void
set_for(GeglNode *node, GeglBuffer *buffer, const char *pair)
{
    const GeglRectangle *all = gegl_buffer_get_extent(buffer);
    int x, y;
    if (sscanf(pair, "point=%d,%d", &x, &y) == 2)
        gegl_node_set(node, "point-x", (x + 0.5) / all->width, "point-y",
                      (y + 0.5) / all->height, NULL);
    else
        set(node, pair);
}

static Graph
graph_new(const char *operation, GeglBuffer *buffer, const char *const *pairs)
{
    Graph graph = {.all = gegl_node_new(), .buffer = buffer};
    graph.source = gegl_node_new_child(graph.all, "operation", "gegl:buffer-source",
                                       "buffer", buffer, NULL);
    graph.filter = gegl_node_new_child(graph.all, "operation", operation, NULL);
    for (; *pairs; pairs++)
        set_for(graph.filter, buffer, *pairs);
    gegl_node_link(graph.source, graph.filter);
    return graph;
}

static void
graph_free(Graph *graph)
{
    g_object_unref(graph->all);
}

/* A part of what the operation shows; g_free(). */
static void *
part_of(const Graph *graph, const GeglRectangle *part, const char *format)
{
    const Babl *as = babl_format(format);
    void *pixels = g_malloc_n((gsize)part->width * (gsize)part->height,
                              (gsize)babl_format_get_bytes_per_pixel(as));
    gegl_node_blit(graph->filter, 1, part, as, pixels, GEGL_AUTO_ROWSTRIDE,
                   GEGL_BLIT_DEFAULT);
    return pixels;
}

static void *
whole_of(const Graph *graph, const char *format)
{
    return part_of(graph, gegl_buffer_get_extent(graph->buffer), format);
}

static void *
pixels_of(GeglBuffer *buffer, const char *format)
{
    const Babl *as = babl_format(format);
    const GeglRectangle *all = gegl_buffer_get_extent(buffer);
    void *pixels = g_malloc_n((gsize)all->width * (gsize)all->height,
                              (gsize)babl_format_get_bytes_per_pixel(as));
    gegl_buffer_get(buffer, all, 1, as, pixels, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    return pixels;
}

/* What operations said on stderr since the last call. */
static GPtrArray *said;

static void
hear(const char *text)
{
    g_ptr_array_add(said, g_strdup(text));
}

static guint
sentences(void)
{
    guint count = said->len;
    g_ptr_array_set_size(said, 0);
    return count;
}

/* An operation before ours that adds up the pixels that it is asked for. */
typedef struct {
    GeglOperationFilter parent;
} Counter;
typedef struct {
    GeglOperationFilterClass parent;
} CounterClass;
GType counter_get_type(void);
G_DEFINE_TYPE(Counter, counter, GEGL_TYPE_OPERATION_FILTER)

static int asked_for;

static gboolean
count_pixels(GeglOperation *operation,
             GeglBuffer *input,
             GeglBuffer *output,
             const GeglRectangle *roi,
             int level)
{
    (void)operation;
    (void)level;
    g_atomic_int_add(&asked_for, roi->width * roi->height);
    gegl_buffer_copy(input, roi, GEGL_ABYSS_NONE, output, roi);
    return TRUE;
}

static void
counter_class_init(CounterClass *klass)
{
    GeglOperationClass *operation = GEGL_OPERATION_CLASS(klass);
    klass->parent.process = count_pixels;
    operation->cache_policy = GEGL_CACHE_POLICY_NEVER;
    operation->threaded = FALSE;
    gegl_operation_class_set_key(operation, "name", "test:counter");
}

static void
counter_init(Counter *counter)
{
    (void)counter;
}

static void
put_counter(const Graph *graph)
{
    g_type_class_unref(g_type_class_ref(counter_get_type()));
    GeglNode *counter =
        gegl_node_new_child(graph->all, "operation", "test:counter", NULL);
    gegl_node_link_many(graph->source, counter, graph->filter, NULL);
}

/* --- the same pixels as the action's layer --- */

static float
over(float below, const HostItem *layer, const float *rgba, gsize c)
{
    /* In linear light, as GIMP's layers are blended. */
    const Babl *fish = babl_fish("Y' float", "Y float"),
               *back = babl_fish("Y float", "Y' float");
    float alpha = (float)layer->opacity / 100 * rgba[3], a, b;
    if (alpha == 1)
        return rgba[c];
    babl_process(fish, &below, &a, 1);
    babl_process(fish, &rgba[c], &b, 1);
    a += (b - a) * alpha;
    babl_process(back, &a, &b, 1);
    return b;
}

/* The operation of those values shows the photo with the layer of the action on it. */
static void
shows_the_layer(const char *operation,
                const Procedure *procedure,
                int width,
                int height,
                const char *const *pairs)
{
    Photo photo = fixture_noise(width, height);
    float *before = pixels_of(photo.photo->buffer, "R'G'B'A float");
    Graph graph = graph_new(operation, photo.photo->buffer, pairs);
    float *got = whole_of(&graph, "R'G'B'A float");
    graph_free(&graph);
    Call call = fixture_call(procedure, &photo, pairs[0], pairs[0] ? pairs[1] : NULL,
                             pairs[0] && pairs[1] ? pairs[2] : NULL,
                             pairs[0] && pairs[1] && pairs[2] ? pairs[3] : NULL, NULL);
    g_assert_no_error(call.error);
    g_assert_cmpuint(sentences(), ==, 0);
    HostItem *layer = call.results[0].items[call.results[0].n_items - 1];
    float *rgba = memory_item_get(layer);
    double worst = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const GeglRectangle *rect = &layer->rect;
            gsize at = 4 * ((gsize)y * (gsize)width + (gsize)x);
            gboolean inside = x >= rect->x && y >= rect->y && x < rect->x + rect->width &&
                              y < rect->y + rect->height;
            gsize in_layer =
                4 * ((gsize)(y - rect->y) * (gsize)rect->width + (gsize)(x - rect->x));
            for (gsize c = 0; c < 3; c++) {
                float wanted = before[at + c];
                if (inside)
                    wanted = over(wanted, layer, rgba + in_layer, c);
                worst = MAX(worst, fabs((double)(got[at + c] - wanted)));
                g_assert_true(inside || got[at + c] == before[at + c]);
            }
        }
    g_assert_cmpfloat(worst, <=, 1.01 / 255); /* both are rounded to bytes */
    g_free(rgba);
    g_free(got);
    g_free(before);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static const char projection[] = "featurescope:projection";
static const char *const none[] = {NULL};

static void
a_projection_is_the_layer_of_the_action(void)
{
    char *model = fixture_red_net(), *own = g_strconcat("model=", model, NULL);
    const char *const cases[][5] = {
        {own, "layer=maps", NULL},
        {own, "layer=maps", "unit=map", NULL},
        {own, "layer=maps", "fit=stretch", "percentile=90", NULL},
        {own, "layer=maps", "fit=pad", "map=0", NULL},
        {own, "layer=maps", "area=field", NULL},
        {own, "layer=maps", "unit=point", "point=100,30", NULL},
        {own, "layer=maps", "zero=clear", "unit=map", NULL},
        {own, "layer=maps", "map=1", "method=guided", NULL},
        {NULL}, /* the built-in model */
        {"layer=relu5", "map=12", "fit=stretch", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        shows_the_layer(projection, &procedure_project, 150, 97, cases[i]);
    g_free(own);
    g_free(model);
}

static const char occlusion[] = "featurescope:occlusion";

static void
a_heat_map_is_the_layer_of_the_action(void)
{
    char *model = fixture_red_net(), *own = g_strconcat("model=", model, NULL);
    const char *const cases[][5] = {
        {own, NULL},
        {own, "size=3", "step=2", "opacity=100", NULL},
        {own, "show=class", "fit=stretch", NULL},
        {own, "show=activity", "layer=maps", "colors=heat", NULL},
        {own, "labels=green", "fill=blur", "smooth=false", NULL},
        {own, "fill=color", "color=#ff0000", "change=absolute", NULL},
        {own, "value=score", "fill=mean", "opacity=20", NULL},
        {NULL}, /* the built-in model */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        shows_the_layer(occlusion, &procedure_occlusion, 97, 150, cases[i]);
    g_free(own);
    g_free(model);
}

/* --- what takes long --- */

typedef struct {
    const Graph *graph;
    float *got;
    GMainLoop *loop;
} Rendering;

static gboolean
render_in_the_loop(gpointer data)
{
    Rendering *rendering = data;
    rendering->got = whole_of(rendering->graph, "R'G'B'A float");
    g_main_loop_quit(rendering->loop);
    return G_SOURCE_REMOVE;
}

static void
a_program_with_windows_is_not_kept_waiting(void)
{
    Photo photo = fixture_noise(64, 64);
    const char *const short_of_it[] = {"patience=0.0001", NULL};
    Graph graph = graph_new(occlusion, photo.photo->buffer, short_of_it);
    Rendering rendering = {&graph, NULL, g_main_loop_new(NULL, FALSE)};
    float *whole = whole_of(&graph, "R'G'B'A float"); /* no loop, so all of it */
    g_assert_cmpuint(sentences(), ==, 0);
    graph_free(&graph);
    graph = graph_new(occlusion, photo.photo->buffer, short_of_it);
    g_idle_add(render_in_the_loop, &rendering);
    g_main_loop_run(rendering.loop);
    g_assert_cmpuint(sentences(), ==, 1);
    g_assert_cmpint(memcmp(rendering.got, whole, 64 * 64 * 16), !=, 0);
    g_free(rendering.got);
    set(graph.filter, "patience=0");
    g_idle_add(render_in_the_loop, &rendering);
    g_main_loop_run(rendering.loop);
    g_assert_cmpmem(rendering.got, 64 * 64 * 16, whole, 64 * 64 * 16);
    g_assert_cmpuint(sentences(), ==, 0);
    g_free(rendering.got);
    g_free(whole);
    g_main_loop_unref(rendering.loop);
    graph_free(&graph);
    fixture_free(&photo);
}

static gpointer
render_in_a_thread(gpointer data)
{
    return whole_of(data, "R'G'B'A float");
}

static double
farthest(const float *a, const float *b, gsize count)
{
    double far = 0;
    for (gsize i = 0; i < count; i++)
        far = MAX(far, fabs((double)(a[i] - b[i])));
    return far;
}

/* Whichever comes first, a property that is set or the end of the work, what is shown is
 * the input or what was asked for last. */
static void
what_is_not_wanted_any_more_is_abandoned(void)
{
    Photo photo = fixture_noise(64, 64);
    float *before = pixels_of(photo.photo->buffer, "R'G'B'A float");
    const char *const few[] = {"step=32", NULL}, *const many[] = {"step=1", NULL};
    Graph graph = graph_new(occlusion, photo.photo->buffer, few);
    float *wanted = whole_of(&graph, "R'G'B'A float");
    graph_free(&graph);
    graph = graph_new(occlusion, photo.photo->buffer, many);
    asked_for = 0;
    put_counter(&graph);
    GThread *thread = g_thread_new("long", render_in_a_thread, &graph);
    while (g_atomic_int_get(&asked_for) == 0) /* then it is the operation's turn */
        g_usleep(1000);
    g_usleep(50000);
    set(graph.filter, "step=32");
    float *got = g_thread_join(thread);
    g_assert_true(farthest(got, before, 64 * 64 * 4) < 1e-5 ||
                  farthest(got, wanted, 64 * 64 * 4) < 1e-5);
    g_free(got);
    got = whole_of(&graph, "R'G'B'A float");
    g_assert_cmpfloat(farthest(got, wanted, 64 * 64 * 4), <, 1e-5);
    g_assert_cmpuint(sentences(), ==, 0);
    g_free(got);
    g_free(wanted);
    g_free(before);
    graph_free(&graph);
    fixture_free(&photo);
}

/* --- where and what --- */

static void
a_point_is_relative(void)
{
    char *model = fixture_red_net(), *own = g_strconcat("model=", model, NULL);
    Photo photo = fixture_photo(80, 40);
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 80; x++)
            fixture_dot(&photo, x, y, (float)x / 80, 0, 0);
    fixture_done(&photo);
    const char *const pairs[] = {own,          "layer=maps",   "unit=point",
                                 "point-x=.6", "point-y=0.26", NULL};
    Graph graph = graph_new(projection, photo.photo->buffer, pairs);
    float *got = whole_of(&graph, "R'G'B'A float");
    /* The net sees columns 20 to 59; column 48, row 10 are in its pixel 5, 2: 45 to 49, 10
     * to 14. */
    g_assert_cmpfloat(got[4 * (12 * 80 + 47)], >, 0.8);
    g_assert_cmpfloat_with_epsilon(got[4 * (30 * 80 + 47)], 0.5, 0.01);
    g_assert_cmpfloat_with_epsilon(got[4 * (12 * 80 + 27)], 0.5, 0.01);
    g_free(got);
    set(graph.filter, "point-x=0.1"); /* the net does not see it */
    got = whole_of(&graph, "R'G'B'A float");
    g_assert_cmpfloat_with_epsilon(got[4 * (12 * 80 + 47)], 47 / 80., 0.005);
    g_assert_cmpuint(sentences(), ==, 1);
    g_free(got);
    graph_free(&graph);
    fixture_free(&photo);
    g_free(own);
    g_free(model);
}

/* --- any part, any precision --- */

static void
any_part_is_of_the_whole(void)
{
    static const char *const formats[] = {"R'G'B' u8",   "R'G'B'A u16",  "RGBA float",
                                          "RGB half",    "Y' u8",        "Y'A float",
                                          "RaGaBaA u32", "R'G'B' double"};
    GRand *random = g_rand_new_with_seed(3);
    Photo photo = fixture_noise(131, 90);
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        GeglRectangle all = {-17, 5, 131, 90};
        GeglBuffer *buffer = gegl_buffer_new(&all, babl_format(formats[i]));
        gegl_buffer_copy(photo.photo->buffer, NULL, GEGL_ABYSS_NONE, buffer, &all);
        const char *const pairs[] = {i % 2 ? "zero=clear" : "zero=gray", NULL};
        Graph graph = graph_new(projection, buffer, pairs);
        float *whole = whole_of(&graph, "R'G'B'A float");
        graph_free(&graph);
        for (int k = 0; k < 6; k++) {
            GeglRectangle part = {g_rand_int_range(random, -17, 110),
                                  g_rand_int_range(random, 5, 90), 1, 1};
            part.width = g_rand_int_range(random, 1, 114 - part.x + 1);
            part.height = g_rand_int_range(random, 1, 95 - part.y + 1);
            Graph fresh = graph_new(projection, buffer, pairs);
            float *got = part_of(&fresh, &part, "R'G'B'A float");
            for (int y = 0; y < part.height; y++)
                g_assert_cmpmem(got + 4 * y * part.width, 16 * (gsize)part.width,
                                whole + 4 * ((part.y - 5 + y) * 131 + part.x + 17),
                                16 * (gsize)part.width);
            g_free(got);
            graph_free(&fresh);
        }
        g_free(whole);
        g_object_unref(buffer);
    }
    g_assert_cmpuint(sentences(), ==, 0);
    g_rand_free(random);
    fixture_free(&photo);
}

/* A preview of half the size, computed by GEGL at that size, shows the same picture. */
static void
a_small_preview_shows_the_same(void)
{
    Photo photo = fixture_photo(256, 192);
    for (int y = 0; y < 192; y++)
        for (int x = 0; x < 256; x++)
            fixture_dot(&photo, x, y, (x / 32 + y / 32) % 2, 0.5f, (float)x / 256);
    fixture_done(&photo);
    for (int mipmap = 0; mipmap < 2; mipmap++) {
        GeglRectangle half = {0, 0, 128, 96};
        float *small = g_new0(float, 4 * 128 * 96);
        double sum = 0;
        g_object_set(gegl_config(), "mipmap-rendering", mipmap == 1, NULL);
        Graph graph = graph_new(projection, photo.photo->buffer, none);
        float *whole = whole_of(&graph, "R'G'B'A float");
        graph_free(&graph);
        graph = graph_new(projection, photo.photo->buffer, none);
        gegl_node_blit(graph.filter, 0.5, &half, babl_format("R'G'B'A float"), small,
                       GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
        for (int y = 0; y < 96; y++)
            for (int x = 0; x < 128; x++)
                for (int c = 0; c < 3; c++)
                    sum += fabs((double)(small[4 * (y * 128 + x) + c] -
                                         whole[4 * (2 * y * 256 + 2 * x) + c]));
        g_test_message("mean difference %g", sum / (3 * 96 * 128));
        g_assert_cmpfloat(sum / (3 * 96 * 128), <, 0.03);
        graph_free(&graph);
        g_free(small);
        g_free(whole);
    }
    g_object_set(gegl_config(), "mipmap-rendering", FALSE, NULL);
    fixture_free(&photo);
}

/* --- what changes --- */

static void
a_stroke_below_changes_the_picture(void)
{
    char *model = fixture_red_net(), *own = g_strconcat("model=", model, NULL);
    const char *const pairs[] = {own, "layer=maps", NULL};
    Photo photo = fixture_photo(64, 64);
    fixture_dot(&photo, 10, 10, 1, 0, 0);
    fixture_done(&photo);
    Graph graph = graph_new(projection, photo.photo->buffer, pairs);
    float *first = whole_of(&graph, "R'G'B'A float"), red[4] = {1, 0, 0, 1};
    for (int y = 40; y < 48; y++)
        for (int x = 40; x < 48; x++)
            gegl_buffer_set(photo.photo->buffer, GEGL_RECTANGLE(x, y, 1, 1), 0,
                            babl_format("R'G'B'A float"), red, GEGL_AUTO_ROWSTRIDE);
    float *second = whole_of(&graph, "R'G'B'A float");
    g_assert_cmpfloat(first[4 * (11 * 64 + 11)], >, 0.8);
    g_assert_cmpfloat_with_epsilon(first[4 * (44 * 64 + 44)], 0.5, 0.01);
    g_assert_cmpfloat_with_epsilon(second[4 * (11 * 64 + 11)], 0.5, 0.01);
    g_assert_cmpfloat(second[4 * (44 * 64 + 44)], >, 0.8);
    g_free(first);
    g_free(second);
    graph_free(&graph);
    fixture_free(&photo);
    g_free(own);
    g_free(model);
}

static void
the_whole_input_is_asked_for_once(void)
{
    char *model = fixture_red_net(), *own = g_strconcat("model=", model, NULL);
    const char *const pairs[] = {own, "layer=maps", NULL};
    GeglRectangle part = {50, 60, 10, 10};
    float red[4] = {1, 0, 0, 1};
    Photo photo = fixture_noise(100, 90);
    Graph graph = graph_new(projection, photo.photo->buffer, pairs);
    put_counter(&graph);
    asked_for = 0;
    g_free(part_of(&graph, &part, "R'G'B'A float"));
    g_assert_cmpint(asked_for, ==, 100 * 90);
    for (int i = 0; i < 3; i++) { /* other properties, other parts */
        set(graph.filter, i == 1 ? "unit=map" : "percentile=80");
        part.x += 11;
        g_free(part_of(&graph, &part, "R'G'B'A float"));
    }
    g_assert_cmpint(asked_for, ==, 100 * 90 + 3 * 100);
    asked_for = 0;
    gegl_buffer_set(photo.photo->buffer, GEGL_RECTANGLE(1, 1, 1, 1), 0,
                    babl_format("R'G'B'A float"), red, GEGL_AUTO_ROWSTRIDE);
    g_free(part_of(&graph, &part, "R'G'B'A float"));
    g_assert_cmpint(asked_for, ==, 100 * 90);
    set(graph.filter, "fit=pad"); /* reads it in another way */
    g_free(part_of(&graph, &part, "R'G'B'A float"));
    g_assert_cmpint(asked_for, ==, 2 * 100 * 90);
    g_assert_cmpuint(sentences(), ==, 0);
    graph_free(&graph);
    fixture_free(&photo);
    g_free(own);
    g_free(model);
}

/* --- what goes wrong --- */

static void
a_failure_shows_the_input_and_is_said_once(void)
{
    char *broken = fixture_path("broken.onnx"),
         *first = g_strconcat("model=", broken, NULL);
    fixture_write("broken.onnx", "this is no model");
    const char *const cases[][3] = {{"model=/no/such/model.onnx", NULL},
                                    {first, NULL},
                                    {"layer=nowhere", NULL},
                                    {"map=99999", NULL}};
    Photo photo = fixture_noise(60, 40);
    float *before = pixels_of(photo.photo->buffer, "RGBA float");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Graph graph = graph_new(projection, photo.photo->buffer, cases[i]);
        for (int times = 0; times < 3; times++) {
            float *got = whole_of(&graph, "RGBA float");
            g_assert_cmpmem(got, 60 * 40 * 16, before, 60 * 40 * 16);
            g_free(got);
            set(graph.filter, times ? "percentile=80" : "percentile=70");
        }
        g_assert_cmpuint(sentences(), ==, 1);
        graph_free(&graph);
    }
    /* None at all, and one without an end. */
    GeglRectangle part = {3, 4, 20, 10};
    GeglNode *all = gegl_node_new();
    GeglNode *color = gegl_node_new_child(all, "operation", "gegl:color", NULL);
    Graph graph = {.all = all,
                   .filter = gegl_node_new_child(all, "operation", projection, NULL)};
    g_free(part_of(&graph, &part, "RGBA float"));
    g_assert_cmpuint(sentences(), ==, 0);
    gegl_node_link(color, graph.filter);
    g_free(part_of(&graph, &part, "RGBA float"));
    g_assert_cmpuint(sentences(), ==, 1);
    g_object_unref(all);
    g_free(before);
    fixture_free(&photo);
    g_free(first);
    g_free(broken);
}

/* --- for long, and side by side --- */

static gsize
resident_kilobytes(void)
{
    char *text;
    gsize pages = 0;
    g_assert_true(g_file_get_contents("/proc/self/statm", &text, NULL, NULL));
    g_assert_cmpint(sscanf(text, "%*s %zu", &pages), ==, 1);
    g_free(text);
    return pages * (gsize)sysconf(_SC_PAGESIZE) / 1024;
}

static void
a_thousand_changes_leave_nothing_behind(void)
{
    char *model = fixture_red_net(), *own = g_strconcat("model=", model, NULL);
    const char *const pairs[] = {own, "layer=maps", NULL};
    const char *const changes[] = {
        "unit=map",   "percentile=80", "map=0",          "fit=pad",   "unit=point",
        "layer=none", "method=guided", "layer=maps",     "fit=crop",  "zero=clear",
        "map=-1",     "area=field",    "unit=strongest", "zero=gray", "percentile=99"};
    Photo photo = fixture_noise(80, 60);
    Graph graph = graph_new(projection, photo.photo->buffer, pairs);
    gsize at_first = 0;
    for (int i = 0; i < 1200; i++) {
        set(graph.filter, changes[(gsize)i % G_N_ELEMENTS(changes)]);
        g_free(whole_of(&graph, "R'G'B'A float"));
        if (i == 200)
            at_first = resident_kilobytes();
    }
    g_test_message("%zu kB, then %zu", at_first, resident_kilobytes());
#if !defined(__SANITIZE_ADDRESS__)
    g_assert_cmpuint(resident_kilobytes(), <, at_first + 4096);
#endif
    g_assert_cmpuint(sentences(), ==, 1);
    graph_free(&graph);
    fixture_free(&photo);
    g_free(own);
    g_free(model);
}

typedef struct {
    GeglBuffer *buffer;
    const char *const *pairs;
    float *wanted;
    gboolean same;
} Side;

static gpointer
render_again_and_again(gpointer data)
{
    Side *side = data;
    side->same = TRUE;
    for (int i = 0; i < 20; i++) {
        Graph graph = graph_new(projection, side->buffer, side->pairs);
        float *got = whole_of(&graph, "R'G'B'A float");
        side->same = side->same && memcmp(got, side->wanted, 96 * 64 * 16) == 0;
        g_free(got);
        graph_free(&graph);
    }
    return NULL;
}

static void
two_graphs_do_not_mind_each_other(void)
{
    static const char *const pairs[2][3] = {{"layer=relu5", "map=3", NULL},
                                            {"layer=relu2", "map=7", NULL}};
    Photo photos[2] = {fixture_noise(96, 64), fixture_noise(96, 64)};
    Side sides[2];
    GThread *threads[2];
    for (int i = 0; i < 2; i++) {
        sides[i] = (Side){.buffer = photos[i].photo->buffer, .pairs = pairs[i]};
        Graph graph = graph_new(projection, sides[i].buffer, pairs[i]);
        sides[i].wanted = whole_of(&graph, "R'G'B'A float");
        graph_free(&graph);
    }
    for (int i = 0; i < 2; i++)
        threads[i] = g_thread_new("graph", render_again_and_again, &sides[i]);
    for (int i = 0; i < 2; i++) {
        g_thread_join(threads[i]);
        g_assert_true(sides[i].same);
        g_free(sides[i].wanted);
        fixture_free(&photos[i]);
    }
    g_assert_cmpuint(sentences(), ==, 0);
}

/* --- what a program can ask --- */

static void
properties_are_of_the_table(const char *operation, const Procedure *procedure)
{
    guint count;
    GParamSpec **specs = gegl_operation_list_properties(operation, &count);
    for (guint i = 0; i < count; i++) {
        const char *name = g_param_spec_get_name(specs[i]);
        const Param *param = NULL;
        if (g_str_has_prefix(name, "point-") || g_str_equal(name, "patience"))
            continue;
        for (gsize k = 0; k < procedure->n_params; k++)
            if (g_str_equal(procedure->params[k].name, name))
                param = &procedure->params[k];
        g_assert_nonnull(param);
        char *label = param_label(param);
        g_assert_cmpstr(g_param_spec_get_nick(specs[i]), ==, label);
        g_assert_cmpstr(g_param_spec_get_blurb(specs[i]), ==, param->blurb);
        g_free(label);
    }
    g_assert_cmpuint(count, >, 10);
    g_free(specs);
    g_assert_cmpstr(gegl_operation_get_key(operation, "gimp:menu-path"), ==,
                    "<Image>/Filters/Featurescope");
    g_assert_nonnull(gegl_operation_get_key(operation, "title"));
}

static void
properties_are_those_of_the_tables(void)
{
    properties_are_of_the_table(projection, &procedure_project);
    properties_are_of_the_table(occlusion, &procedure_occlusion);
    g_assert_cmpstr(gegl_operation_get_property_key(occlusion, "color", "visible"), ==,
                    "fill {color}");
    g_assert_cmpstr(gegl_operation_get_property_key(projection, "point-x", "unit"), ==,
                    "relative-coordinate");
    g_assert_cmpstr(gegl_operation_get_property_key(projection, "point-y", "axis"), ==,
                    "y");
    g_assert_cmpstr(gegl_operation_get_property_key(projection, "point-y", "visible"), ==,
                    "unit {point}");
}

int
main(int argc, char **argv)
{
    g_setenv("GEGL_PATH", GEGL_FOLDERS, TRUE);
    /* Without this GEGL keeps operations under the GPL to itself. */
    g_object_set(gegl_config(), "application-license", "GPL3", NULL);
    fixture_start(&argc, &argv);
    said = g_ptr_array_new_with_free_func(g_free);
    g_set_printerr_handler(hear);
    g_test_add_func("/gegl/layer", a_projection_is_the_layer_of_the_action);
    g_test_add_func("/gegl/heat", a_heat_map_is_the_layer_of_the_action);
    g_test_add_func("/gegl/patience", a_program_with_windows_is_not_kept_waiting);
    g_test_add_func("/gegl/abandoned", what_is_not_wanted_any_more_is_abandoned);
    g_test_add_func("/gegl/point", a_point_is_relative);
    g_test_add_func("/gegl/parts", any_part_is_of_the_whole);
    g_test_add_func("/gegl/preview", a_small_preview_shows_the_same);
    g_test_add_func("/gegl/stroke", a_stroke_below_changes_the_picture);
    g_test_add_func("/gegl/once", the_whole_input_is_asked_for_once);
    g_test_add_func("/gegl/failures", a_failure_shows_the_input_and_is_said_once);
    g_test_add_func("/gegl/changes", a_thousand_changes_leave_nothing_behind);
    g_test_add_func("/gegl/threads", two_graphs_do_not_mind_each_other);
    g_test_add_func("/gegl/properties", properties_are_those_of_the_tables);
    int status = g_test_run();
    g_ptr_array_unref(said);
    fixture_end();
    return status;
}
