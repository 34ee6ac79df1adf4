/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/filter_life.c: tests of how GEGL's operations live in a program of other people: what they wait for, ask for,
 * say and leave behind. */
#include "plugin/fixture/fixture.h"
#include "plugin/fixture/graph.h"
#include <gegl-plugin.h>
#include <malloc.h>
#include <math.h>
#include <string.h>

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
    rendering->got = graph_whole(rendering->graph, "R'G'B'A float");
    g_main_loop_quit(rendering->loop);
    return G_SOURCE_REMOVE;
}

static float *
render_with_a_loop(const Graph *graph)
{
    Rendering rendering = {graph, NULL, g_main_loop_new(NULL, FALSE)};
    g_idle_add(render_in_the_loop, &rendering);
    g_main_loop_run(rendering.loop);
    g_main_loop_unref(rendering.loop);
    return rendering.got;
}

static void
a_program_with_windows_is_not_kept_waiting(void)
{
    Photo photo = fixture_noise(64, 64);
    const char *const short_of_it[] = {"patience=0.0001", NULL};
    Graph graph = graph_new(graph_occlusion, photo.photo->buffer, short_of_it);
    float *coarse = render_with_a_loop(&graph);
    g_assert_cmpuint(graph_sentences(), ==, 1);
    graph_set(graph.filter, "patience=0");
    float *fine = render_with_a_loop(&graph);
    graph_set(graph.filter, "step=32"); /* so that nothing of it is at hand */
    g_free(graph_whole(&graph, "R'G'B'A float"));
    graph_free(&graph);
    graph = graph_new(graph_occlusion, photo.photo->buffer, short_of_it);
    float *whole = graph_whole(&graph, "R'G'B'A float"); /* no loop, so all of it */
    g_assert_cmpuint(graph_sentences(), ==, 0);
    g_assert_cmpmem(fine, 64 * 64 * 16, whole, 64 * 64 * 16);
    g_assert_cmpint(memcmp(coarse, whole, 64 * 64 * 16), !=, 0);
    g_free(coarse);
    g_free(fine);
    g_free(whole);
    graph_free(&graph);
    fixture_free(&photo);
}

static gpointer
render_in_a_thread(gpointer data)
{
    return graph_whole(data, "R'G'B'A float");
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
    float *before = graph_pixels(photo.photo->buffer, "R'G'B'A float");
    const char *const few[] = {"step=32", NULL}, *const many[] = {"step=1", NULL};
    Graph graph = graph_new(graph_occlusion, photo.photo->buffer, few);
    float *wanted = graph_whole(&graph, "R'G'B'A float");
    graph_free(&graph);
    graph = graph_new(graph_occlusion, photo.photo->buffer, many);
    asked_for = 0;
    put_counter(&graph);
    GThread *thread = g_thread_new("long", render_in_a_thread, &graph);
    while (g_atomic_int_get(&asked_for) == 0) /* then it is the operation's turn */
        g_usleep(1000);
    g_usleep(50000);
    graph_set(graph.filter, "step=32");
    float *got = g_thread_join(thread);
    g_assert_true(farthest(got, before, 64 * 64 * 4) < 1e-5 ||
                  farthest(got, wanted, 64 * 64 * 4) < 1e-5);
    g_free(got);
    got = graph_whole(&graph, "R'G'B'A float");
    g_assert_cmpfloat(farthest(got, wanted, 64 * 64 * 4), <, 1e-5);
    g_assert_cmpuint(graph_sentences(), ==, 0);
    g_free(got);
    g_free(wanted);
    g_free(before);
    graph_free(&graph);
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
    Graph graph = graph_new(graph_projection, photo.photo->buffer, pairs);
    float *first = graph_whole(&graph, "R'G'B'A float"), red[4] = {1, 0, 0, 1};
    for (int y = 40; y < 48; y++)
        for (int x = 40; x < 48; x++)
            gegl_buffer_set(photo.photo->buffer, GEGL_RECTANGLE(x, y, 1, 1), 0,
                            babl_format("R'G'B'A float"), red, GEGL_AUTO_ROWSTRIDE);
    float *second = graph_whole(&graph, "R'G'B'A float");
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
    Graph graph = graph_new(graph_projection, photo.photo->buffer, pairs);
    put_counter(&graph);
    asked_for = 0;
    g_free(graph_part(&graph, &part, "R'G'B'A float"));
    g_assert_cmpint(asked_for, ==, 100 * 90);
    for (int i = 0; i < 3; i++) { /* other properties, other parts */
        graph_set(graph.filter, i == 1 ? "unit=map" : "percentile=80");
        part.x += 11;
        g_free(graph_part(&graph, &part, "R'G'B'A float"));
    }
    g_assert_cmpint(asked_for, ==, 100 * 90 + 3 * 100);
    asked_for = 0;
    gegl_buffer_set(photo.photo->buffer, GEGL_RECTANGLE(1, 1, 1, 1), 0,
                    babl_format("R'G'B'A float"), red, GEGL_AUTO_ROWSTRIDE);
    g_free(graph_part(&graph, &part, "R'G'B'A float"));
    g_assert_cmpint(asked_for, ==, 100 * 90);
    graph_set(graph.filter, "fit=pad"); /* reads it in another way */
    g_free(graph_part(&graph, &part, "R'G'B'A float"));
    g_assert_cmpint(asked_for, ==, 2 * 100 * 90);
    g_assert_cmpuint(graph_sentences(), ==, 0);
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
    float *before = graph_pixels(photo.photo->buffer, "RGBA float");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Graph graph = graph_new(graph_projection, photo.photo->buffer, cases[i]);
        for (int times = 0; times < 3; times++) {
            float *got = graph_whole(&graph, "RGBA float");
            g_assert_cmpmem(got, 60 * 40 * 16, before, 60 * 40 * 16);
            g_free(got);
            graph_set(graph.filter, times ? "percentile=80" : "percentile=70");
        }
        g_assert_cmpuint(graph_sentences(), ==, 1);
        graph_free(&graph);
    }
    /* None at all, and one without an end. */
    GeglRectangle part = {3, 4, 20, 10};
    GeglNode *all = gegl_node_new();
    GeglNode *color = gegl_node_new_child(all, "operation", "gegl:color", NULL);
    Graph graph = {.all = all,
                   .filter =
                       gegl_node_new_child(all, "operation", graph_projection, NULL)};
    g_free(graph_part(&graph, &part, "RGBA float"));
    g_assert_cmpuint(graph_sentences(), ==, 0);
    gegl_node_link(color, graph.filter);
    g_free(graph_part(&graph, &part, "RGBA float"));
    g_assert_cmpuint(graph_sentences(), ==, 1);
    g_object_unref(all);
    g_free(before);
    fixture_free(&photo);
    g_free(first);
    g_free(broken);
}

/* --- for long, and side by side --- */

/* Bytes that are allocated, in all arenas and mapped. */
static gssize
bytes_in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return (gssize)(info.uordblks + info.hblkhd);
}

/* What is lost with each change grows in each 400 of them; what is kept for later (a table
 * of babl's, a pool of buffers) comes once, or goes again. */
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
    Graph graph = graph_new(graph_projection, photo.photo->buffer, pairs);
    gssize before = 0, least = G_MAXSSIZE;
    for (int i = 0; i <= 1400; i++) {
        graph_set(graph.filter, changes[(gsize)i % G_N_ELEMENTS(changes)]);
        g_free(graph_whole(&graph, "R'G'B'A float"));
        if (i < 200 || i % 400 != 200)
            continue;
        gssize now = bytes_in_use();
        g_test_message("%zd bytes after %d changes", now, i);
        least = i > 200 ? MIN(least, now - before) : least;
        before = now;
    }
    g_assert_cmpint(least, <, 400 * 32);
    g_assert_cmpuint(graph_sentences(), ==, 1);
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
        Graph graph = graph_new(graph_projection, side->buffer, side->pairs);
        float *got = graph_whole(&graph, "R'G'B'A float");
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
        Graph graph = graph_new(graph_projection, sides[i].buffer, pairs[i]);
        sides[i].wanted = graph_whole(&graph, "R'G'B'A float");
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
    g_assert_cmpuint(graph_sentences(), ==, 0);
}

/* So that the next operation finds nothing of what others left (plugin/gegl/shelf.c). */
static void
fill_the_shelf(GeglBuffer *buffer)
{
    static const char *const layers[][2] = {{"layer=relu1"}, {"layer=relu3"}};
    for (gsize i = 0; i < G_N_ELEMENTS(layers); i++) {
        Graph graph = graph_new(graph_projection, buffer, layers[i]);
        g_free(graph_whole(&graph, "R'G'B'A float"));
        graph_free(&graph);
    }
}

/* Plans and maps are kept in the process: two pictures take turns with one layer, and
 * what is shown is always what a lone operation shows. */
static void
what_is_kept_is_of_its_own_picture(void)
{
    static const char *const layer[] = {"layer=relu5", "map=3", NULL};
    static const char *const square[] = {"step=16", NULL};
    static const char *const changes[] = {"map=7", "layer=relu2", "layer=relu5", "map=3"};
    static const char *const looks[] = {"opacity=40", "colors=gray", "labels=leopard"};
    Photo photos[2] = {fixture_noise(96, 64), fixture_noise(64, 64)};
    for (int heat = 0; heat < 2; heat++) {
        const char *operation = heat ? graph_occlusion : graph_projection;
        const char *const *pairs = heat ? square : layer;
        const char *const *set = heat ? looks : changes;
        gsize count = heat ? G_N_ELEMENTS(looks) : G_N_ELEMENTS(changes);
        Graph both[2] = {graph_new(operation, photos[0].photo->buffer, pairs),
                         graph_new(operation, photos[1].photo->buffer, pairs)};
        for (gsize i = 0; i < 2 * count; i++) {
            const Graph *graph = &both[i % 2];
            graph_set(graph->filter, set[i / 2]);
            float *got = graph_whole(graph, "R'G'B'A float");
            Graph alone = graph_new(operation, photos[i % 2].photo->buffer, pairs);
            for (gsize k = 0; k <= i / 2; k++)
                graph_set(alone.filter, set[k]);
            fill_the_shelf(photos[0].photo->buffer);
            float *wanted = graph_whole(&alone, "R'G'B'A float");
            gsize bytes = i % 2 ? 64 * 64 * 16 : 96 * 64 * 16;
            g_assert_cmpmem(got, bytes, wanted, bytes);
            graph_free(&alone);
            g_free(wanted);
            g_free(got);
        }
        graph_free(&both[0]);
        graph_free(&both[1]);
    }
    fixture_free(&photos[0]);
    fixture_free(&photos[1]);
}

int
main(int argc, char **argv)
{
    graph_start(&argc, &argv);
    g_test_add_func("/gegl/patience", a_program_with_windows_is_not_kept_waiting);
    g_test_add_func("/gegl/abandoned", what_is_not_wanted_any_more_is_abandoned);
    g_test_add_func("/gegl/stroke", a_stroke_below_changes_the_picture);
    g_test_add_func("/gegl/once", the_whole_input_is_asked_for_once);
    g_test_add_func("/gegl/failures", a_failure_shows_the_input_and_is_said_once);
    g_test_add_func("/gegl/changes", a_thousand_changes_leave_nothing_behind);
    g_test_add_func("/gegl/kept", what_is_kept_is_of_its_own_picture);
    g_test_add_func("/gegl/threads", two_graphs_do_not_mind_each_other);
    int status = g_test_run();
    graph_end();
    return status;
}
