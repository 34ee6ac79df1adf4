/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_bench.c: measures how long a person waits in the browser. It is not a test.
 *
 *     browse_bench MODEL PHOTO [LAYER [THREADS]]
 *
 * Prints the milliseconds from a request until the window can show the result: the
 * numbers of a layer's maps, all activations, a screen of projections, all of them (with
 * the processor time of all threads), and
 * the projection of a map that is chosen (median and longest of 20), alone and while
 * thumbnails are made. */
#include "actions/browse/engine.h"
#include "base/procedure.h"
#include "host/host_memory.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define CHOICES 20
#define SCREEN 30 /* thumbnails that a window shows at once */

typedef struct {
    Browse *browse;
    int came[BROWSE_ERROR + 1];
} Bench;

static void
changed(void *user, BrowseNews news)
{
    Bench *bench = user;
    bench->came[news]++;
    if (news == BROWSE_ERROR)
        g_error("%s", browse_error(bench->browse));
}

static double
since(gint64 start)
{
    return (double)(g_get_monotonic_time() - start) / 1000;
}

static double
processor_ms(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return 1e3 * (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static void
wait_for(Bench *bench, BrowseNews news, int count)
{
    while (bench->came[news] < count)
        g_main_context_iteration(NULL, TRUE);
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void
open_layer(Bench *bench, const char *layer, BrowseThumbs thumbs, const char *what)
{
    double processor = processor_ms();
    gint64 start = g_get_monotonic_time();
    bench->came[BROWSE_MAPS] = bench->came[BROWSE_THUMB] = 0;
    browse_open(bench->browse, layer, thumbs, BROWSE_STRENGTH, DCN_DECONVNET);
    wait_for(bench, BROWSE_MAPS, 1);
    printf("%s: numbers %.0f", what, since(start));
    int count = (int)browse_maps(bench->browse)->count;
    wait_for(bench, BROWSE_THUMB, MIN(SCREEN, count));
    printf(", a screen %.0f", since(start));
    wait_for(bench, BROWSE_THUMB, count);
    printf(", all %d maps %.0f ms, processor %.0f\n", count, since(start),
           processor_ms() - processor);
}

static void
choose(Bench *bench, const char *what)
{
    double times[CHOICES];
    int count = (int)browse_maps(bench->browse)->count;
    for (int i = 0; i < CHOICES; i++) {
        gint64 start = g_get_monotonic_time();
        bench->came[BROWSE_VIEW] = 0;
        browse_choose(bench->browse, &(BrowseChoice){.map = i * 7 % count});
        wait_for(bench, BROWSE_VIEW, 1);
        const BrowseView *view = browse_view(bench->browse);
        cairo_surface_destroy(
            browse_paint(bench->browse, view, browse_scale(bench->browse, view, 99.5)));
        times[i] = since(start);
    }
    qsort(times, CHOICES, sizeof *times, compare);
    printf("%s: median %.0f, longest %.0f ms\n", what, times[CHOICES / 2],
           times[CHOICES - 1]);
}

int
main(int argc, char **argv)
{
    GError *error = NULL;
    if (argc < 3) {
        fprintf(stderr, "browse_bench MODEL PHOTO [LAYER [THREADS]]\n");
        return 2;
    }
    gegl_init(&argc, &argv);
    const char *layer = argc > 3 ? argv[3] : "";
    Net *net = net_open(argv[1], &error);
    HostPixels *pixels = net ? host_file_open(argv[2], &error) : NULL;
    if (!pixels || !net_survey(net, &error)) {
        fprintf(stderr, "browse_bench: %s\n", error->message);
        return 1;
    }
    GeglRectangle item = {0, 0, 0, 0};
    Seen seen;
    Bench bench = {0};
    host_pixels_size(pixels, &item.width, &item.height);
    if (!seen_take(&seen, pixels, &item, NULL, net, FIT_CROP, &error)) {
        fprintf(stderr, "browse_bench: %s\n", error->message);
        return 1;
    }
    bench.browse = browse_new(net, &seen, argc > 4 ? atoi(argv[4]) : 0, changed, &bench);
    open_layer(&bench, layer, BROWSE_ACTIVATIONS, "layer, activations");
    choose(&bench, "projection of a choice");
    open_layer(&bench, layer, BROWSE_PROJECTIONS, "the same layer, projections");
    browse_open(bench.browse, layer, BROWSE_PROJECTIONS, BROWSE_INDEX, DCN_GUIDED);
    bench.came[BROWSE_MAPS] = 0;
    wait_for(&bench, BROWSE_MAPS, 1);
    choose(&bench, "projection of a choice, beside thumbnails");
    browse_free(bench.browse);
    seen_clear(&seen);
    host_pixels_close(pixels);
    net_forget();
    gegl_exit();
    return 0;
}
