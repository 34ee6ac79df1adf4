/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read_bench.c: measures how long the plug-in takes to see a layer, by its size. It is not
 * a test.
 *
 *     read_bench MODEL MEGAPIXELS ...
 *
 * A layer of bytes, 4 : 3, of the host in memory, is read and scaled for the network.
 * Prints a line for each size: megapixels, processor time in milliseconds (the least of
 * three), and how many MB more than the layer the process took at most. */
#include "host/host_memory.h"
#include "photo/seen.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static double
processor_ms(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return 1e3 * (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static double
peak_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static HostItem *
gray_layer(HostImage *image, int width, int height)
{
    GeglRectangle rect = {0, 0, width, height};
    HostItem *layer = memory_layer_new(image, "photo", &rect, "R'G'B'A u8");
    GeglColor *gray = gegl_color_new("rgb(0.4,0.5,0.6)");
    gegl_buffer_set_color(layer->buffer, &rect, gray);
    g_object_unref(gray);
    return layer;
}

static gboolean
measure(const Net *net, double megapixels, GError **error)
{
    int width = (int)sqrt(megapixels * 1e6 * 4 / 3), height = width * 3 / 4;
    HostImage *image = memory_image_new(width, height, HOST_RGB);
    HostItem *layer = gray_layer(image, width, height);
    GeglRectangle item = {0, 0, width, height};
    double least = INFINITY, before = peak_mb();
    gboolean good = TRUE;
    for (int i = 0; good && i < 3; i++) {
        Seen seen = {0};
        double start = processor_ms();
        HostPixels *pixels = host_item_open(layer, error);
        good = pixels && seen_take(&seen, pixels, &item, NULL, net, FIT_STRETCH, error);
        least = MIN(least, processor_ms() - start);
        if (pixels)
            host_pixels_close(pixels);
        if (good)
            seen_clear(&seen);
    }
    if (good)
        printf("%g %.1f %.1f\n", megapixels, least, peak_mb() - before);
    host_image_delete(image);
    return good;
}

int
main(int argc, char **argv)
{
    GError *error = NULL;
    gegl_init(NULL, NULL);
    Net *net = argc > 2 ? net_open(argv[1], &error) : NULL;
    gboolean good = net && net_survey(net, &error);
    for (int i = 2; good && i < argc; i++)
        good = measure(net, atof(argv[i]), &error);
    if (!good)
        fprintf(stderr, "read_bench: %s\n",
                error ? error->message : "MODEL MEGAPIXELS ...");
    net_forget();
    gegl_exit();
    return good ? 0 : 1;
}
