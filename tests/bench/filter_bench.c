/* SPDX-License-Identifier: GPL-3.0-or-later */
/* filter_bench.c: measures how long a program waits for GEGL's operations. It is not a
 * test.
 *
 *     filter_bench PHOTO MODEL LAYER
 *
 * A graph sees the photo as a preview of a thousand pixels does (zoomed out). Prints the
 * median of 21, and the longest, in milliseconds by the clock: another map is asked for;
 * somebody paints in the photo below; the same parts are shown again. Then one heat map,
 * and another opacity of it. */
#include "plugin/fixture/graph.h"
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 21
#define PREVIEW 1000.0

typedef struct {
    Graph graph;
    GeglRectangle part; /* in pixels of the preview */
    double scale;
    void *pixels;
} Preview;

static Preview
preview_new(const char *operation, GeglBuffer *photo, const char *const *pairs)
{
    const GeglRectangle *all = gegl_buffer_get_extent(photo);
    Preview preview = {.graph = graph_new(operation, photo, pairs)};
    preview.scale = MIN(1, PREVIEW / MAX(all->width, all->height));
    preview.part = (GeglRectangle){0, 0, (int)(all->width * preview.scale),
                                   (int)(all->height * preview.scale)};
    preview.pixels =
        g_malloc_n((gsize)preview.part.width * 4, (gsize)preview.part.height);
    return preview;
}

static void
preview_free(Preview *preview)
{
    g_free(preview->pixels);
    graph_free(&preview->graph);
}

/* Milliseconds. */
static double
show(const Preview *preview)
{
    gint64 start = g_get_monotonic_time();
    gegl_node_blit(preview->graph.filter, preview->scale, &preview->part,
                   babl_format("R'G'B'A u8"), preview->pixels, GEGL_AUTO_ROWSTRIDE,
                   GEGL_BLIT_CACHE);
    return (double)(g_get_monotonic_time() - start) / 1e3;
}

static void
next_map(const Preview *preview, int round)
{
    char *pair = g_strdup_printf("map=%d", round);
    graph_set(preview->graph.filter, pair);
    g_free(pair);
}

static void
paint(const Preview *preview, int round)
{
    GeglRectangle dab = {40 * round, 30 * round, 64, 64};
    guint8 red[64 * 64 * 3];
    for (gsize i = 0; i < sizeof red; i++)
        red[i] = i % 3 ? 25 : 204;
    gegl_buffer_set(preview->graph.buffer, &dab, 0, babl_format("R'G'B' u8"), red,
                    GEGL_AUTO_ROWSTRIDE);
}

static void
next_opacity(const Preview *preview, int round)
{
    char *pair = g_strdup_printf("opacity=%d", 40 + round);
    graph_set(preview->graph.filter, pair);
    g_free(pair);
}

static void
nothing(const Preview *preview, int round)
{
    (void)preview;
    (void)round;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void
measure(const char *what, const Preview *preview, void (*change)(const Preview *, int))
{
    double times[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        change(preview, round);
        times[round] = show(preview);
    }
    qsort(times, ROUNDS, sizeof *times, compare);
    printf("%s: %.1f (%.1f)\n", what, times[ROUNDS / 2], times[ROUNDS - 1]);
}

static GeglBuffer *
load(const char *file)
{
    GeglBuffer *buffer = NULL;
    GeglNode *all = gegl_node_new();
    GeglNode *from =
        gegl_node_new_child(all, "operation", "gegl:load", "path", file, NULL);
    GeglNode *to = gegl_node_new_child(all, "operation", "gegl:buffer-sink", "buffer",
                                       &buffer, NULL);
    gegl_node_link(from, to);
    gegl_node_process(to);
    g_object_unref(all);
    return buffer;
}

int
main(int argc, char **argv)
{
    graph_start(&argc, &argv);
    GeglBuffer *photo = argc == 4 ? load(argv[1]) : NULL;
    if (!photo || gegl_buffer_get_extent(photo)->width < 1) {
        fprintf(stderr, "usage: filter_bench PHOTO MODEL LAYER\n");
        return 2;
    }
    char *model = g_strdup_printf("model=%s", argv[2]);
    char *layer = g_strdup_printf("layer=%s", argv[3]);
    const char *const one[] = {model, layer, "map=0", NULL}, *const heat[] = {model,
                                                                              NULL};
    Preview preview = preview_new(graph_projection, photo, one);
    printf("the first projection, with opening the model: %.1f\n", show(&preview));
    measure("another map", &preview, next_map);
    measure("painting below", &preview, paint);
    measure("nothing changed", &preview, nothing);
    preview_free(&preview);
    preview = preview_new(graph_occlusion, photo, heat);
    printf("a heat map: %.1f\n", show(&preview));
    measure("another opacity of it", &preview, next_opacity);
    preview_free(&preview);
    g_object_unref(photo);
    g_free(layer);
    g_free(model);
    graph_end();
    return 0;
}
