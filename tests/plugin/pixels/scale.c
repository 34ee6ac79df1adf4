/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scale.c: tests of scaling to layers, and of writing them. */
#include "pixels/scale.h"
#include "base/procedure.h"
#include "check.h"
#include "pixels/pixels.h"
#include <string.h>

/* A sink that puts a whole picture together. */
typedef struct {
    float *pixels;
    gsize row; /* floats */
    int next;  /* row that must come next */
    int stop;  /* at this row, with an error; -1: never */
} Picture;

static gboolean
collect(void *user, int y, int n_rows, const float *rows, GError **error)
{
    Picture *picture = user;
    if (picture->stop >= 0 && y + n_rows > picture->stop) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED, "full");
        return FALSE;
    }
    check_int(y, picture->next, "rows come in order");
    memcpy(picture->pixels + y * picture->row, rows,
           n_rows * picture->row * sizeof(float));
    picture->next = y + n_rows;
    return TRUE;
}

/* The scaled picture; g_free(). */
static float *
scaled(const float *pixels,
       int width,
       int height,
       int components,
       int out_width,
       int out_height,
       gboolean nearest)
{
    Picture picture = {
        .pixels = g_new0(float, (gsize)out_width *out_height *components),
        .row = (gsize)out_width * components,
        .stop = -1,
    };
    check(scale_pixels(pixels, width, height, components, out_width, out_height, nearest,
                       collect, &picture, NULL),
          "scaling works");
    check_int(picture.next, out_height, "all rows came");
    return picture.pixels;
}

static void
an_unchanged_size_is_an_exact_copy(void)
{
    /* Values beyond 0..1 and colours under transparency too. */
    const float pixels[2 * 2 * 4] = {0.1f, 2, -1, 0, 0.3f, 0.4f, 0.5f, 1};
    float *same = scaled(pixels, 2, 2, 4, 2, 2, FALSE);
    check_floats(same, pixels, 16, 0);
    g_free(same);
}

static void
hard_edges_take_the_pixel_at_the_centre(void)
{
    const float pixels[3] = {0.1f, 0.2f, 0.3f};
    /* Centres of six pixels at 0.25, 0.75, 1.25 ...; of two at 0.75 and 2.25. */
    float *wide = scaled(pixels, 3, 1, 1, 6, 2, TRUE);
    const float wanted[12] = {0.1f, 0.1f, 0.2f, 0.2f, 0.3f, 0.3f,
                              0.1f, 0.1f, 0.2f, 0.2f, 0.3f, 0.3f};
    check_floats(wide, wanted, 12, 0);
    g_free(wide);
    float *narrow = scaled(pixels, 3, 1, 1, 2, 1, TRUE);
    check_floats(narrow, (float[]){0.1f, 0.3f}, 2, 0);
    g_free(narrow);
}

static void
a_flat_picture_stays_flat(void)
{
    float pixels[5 * 3];
    for (int i = 0; i < 15; i++)
        pixels[i] = 0.4f;
    const int sizes[][2] = {{50, 70}, {2, 1}, {5, 9}, {1, 1}, {7, 3}};
    for (gsize k = 0; k < G_N_ELEMENTS(sizes); k++) {
        int n = sizes[k][0] * sizes[k][1];
        float *flat = scaled(pixels, 5, 3, 1, sizes[k][0], sizes[k][1], FALSE);
        /* Weights sum to 1 but for the rounding of some ten of them each way. */
        for (int i = 0; i < n; i++)
            check_floats(flat + i, pixels, 1, 32 * 1.2e-7);
        g_free(flat);
    }
}

/* Weights of the cubic at distances 1/4 + n from a pixel's centre, by hand:
 * k(1/4) = (7/64 - 12/16 + 16/3)/6, k(3/4), k(5/4), k(7/4) alike. */
static void
twice_the_size_follows_the_cubic(void)
{
    const double near0 = (7.0 / 64 - 12.0 / 16 + 16.0 / 3) / 6;
    const double near1 = (7 * 27.0 / 64 - 12 * 9.0 / 16 + 16.0 / 3) / 6;
    const double far0 = (-7.0 / 3 * 125 / 64 + 12 * 25.0 / 16 - 20 * 1.25 + 32.0 / 3) / 6;
    const double far1 = (-7.0 / 3 * 343 / 64 + 12 * 49.0 / 16 - 20 * 1.75 + 32.0 / 3) / 6;
    check(fabs(near0 + near1 + far0 + far1 - 1) < 1e-12, "the weights sum to 1");

    const float pixels[8] = {0, 0, 0, 1, 0, 0, 0, 0};
    float *twice = scaled(pixels, 8, 1, 1, 16, 1, FALSE);
    /* Pixel 3 has its centre at 3.5; the sixteen have theirs at 0.25 + i / 2. */
    const float wanted[16] = {0,
                              0,
                              0,
                              (float)MAX(far1, 0),
                              (float)MAX(far0, 0),
                              (float)near1,
                              (float)near0,
                              (float)near0,
                              (float)near1,
                              (float)MAX(far0, 0),
                              (float)MAX(far1, 0)};
    check_floats(twice, wanted, 16, 1e-6);
    g_free(twice);
}

static void
colors_of_transparent_pixels_do_not_bleed(void)
{
    const float pixels[2 * 4] = {1, 0, 0, 1, 0, 1, 0, 0}; /* red; unseen green */
    float *wide = scaled(pixels, 2, 1, 4, 8, 1, FALSE);
    for (int x = 0; x < 8; x++)
        if (wide[4 * x + 3] > 0)
            check_floats(wide + 4 * x, (float[]){1, 0, 0}, 3, 1e-5);
    check_floats(wide + 3, (float[]){1}, 1, 1e-6);
    g_free(wide);
}

static void
smaller_pictures_are_averages(void)
{
    /* Columns of 0 and 1: a tenth of the size must be gray, not one of them. */
    float pixels[100 * 100];
    for (int i = 0; i < 10000; i++)
        pixels[i] = (float)(i % 2);
    float *small = scaled(pixels, 100, 100, 1, 10, 10, FALSE);
    for (int i = 0; i < 100; i++)
        check_floats(small + i, (float[]){0.5f}, 1, 0.02);
    g_free(small);
}

static void
any_part_is_of_the_whole(void)
{
    float pixels[7 * 5 * 4];
    for (gsize i = 0; i < G_N_ELEMENTS(pixels); i++)
        pixels[i] = (float)(i * 37 % 101) / 101;
    static const ScalePart parts[] = {
        {0, 0, 1, 1}, {3, 40, 17, 130}, {59, 0, 1, 200}, {0, 199, 60, 1}};
    for (int nearest = 0; nearest < 2; nearest++) {
        float *whole = scaled(pixels, 7, 5, 4, 60, 200, nearest);
        for (gsize k = 0; k < G_N_ELEMENTS(parts); k++) {
            const ScalePart *part = &parts[k];
            gsize row = (gsize)part->width * 4;
            float *got = g_new0(float, row *(gsize)(part->y + part->height));
            Picture picture = {.pixels = got, .row = row, .next = part->y, .stop = -1};
            check(scale_part(pixels, 7, 5, 4, 60, 200, nearest, part, collect, &picture,
                             NULL),
                  "a part is scaled");
            check_int(picture.next, part->y + part->height, "all of its rows came");
            for (int y = part->y; y < part->y + part->height; y++)
                check(memcmp(got + (gsize)y * row, whole + (y * 60 + part->x) * 4,
                             row * sizeof *got) == 0,
                      "it is the same to the last bit");
            g_free(got);
        }
        g_free(whole);
    }
}

static void
a_sink_can_stop(void)
{
    const float pixels[4] = {0};
    float room[2000];
    Picture picture = {.pixels = room, .row = 10, .stop = 150};
    GError *error = NULL;
    check(!scale_pixels(pixels, 2, 2, 1, 10, 200, FALSE, collect, &picture, &error),
          "it fails");
    check(error && g_str_equal(error->message, "full"), "with the sink's own error");
    check_int(picture.next, 128, "after the first strip");
    g_clear_error(&error);
}

/* --- into buffers */

static gboolean
invert(void *user, const float *in, void *out, int n_pixels)
{
    float *to = out;
    ++*(int *)user;
    for (int i = 0; i < 4 * n_pixels; i++)
        to[i] = i % 4 == 3 ? in[i] : 1 - in[i];
    return TRUE;
}

static void
a_layer_is_cut_to_its_buffer(void)
{
    HostLayer *layer = host_layer_new("x", GEGL_RECTANGLE(-2, 1, 4, 4), 4, 4, 1);
    for (int i = 0; i < 16; i++)
        layer->pixels[i] = (float)i / 16;
    GeglBuffer *buffer =
        gegl_buffer_new(GEGL_RECTANGLE(0, 0, 3, 3), babl_format("Y float"));
    check(pixels_write(layer, buffer, 0, 0, NULL, NULL, NULL, NULL), "writing works");
    float got[9];
    gegl_buffer_get(buffer, NULL, 1, babl_format("Y float"), got, 0, GEGL_ABYSS_NONE);
    const float wanted[9] = {0, 0, 0, 2 / 16.f, 3 / 16.f, 0, 6 / 16.f, 7 / 16.f, 0};
    check_floats(got, wanted, 9, 0);

    layer->rect.x = 50;
    check(pixels_write(layer, buffer, 0, 0, NULL, NULL, NULL, NULL), "beside it all");
    g_object_unref(buffer);
    host_layer_free(layer);
}

static void
colors_are_converted_row_by_row(void)
{
    HostLayer *layer = host_layer_new("x", GEGL_RECTANGLE(5, 5, 2, 3), 1, 1, 4);
    const float color[4] = {0.25f, 0.5f, 1, 1};
    memcpy(layer->pixels, color, sizeof color);
    const Babl *format = babl_format("R'G'B'A float");
    GeglBuffer *buffer = gegl_buffer_new(GEGL_RECTANGLE(0, 0, 2, 3), format);
    int rows = 0;
    check(pixels_write(layer, buffer, 5, 5, invert, &rows, format, NULL),
          "writing works");
    check_int(rows, 3, "rows converted");
    float got[4];
    gegl_buffer_get(buffer, GEGL_RECTANGLE(1, 2, 1, 1), 1, format, got, 0,
                    GEGL_ABYSS_NONE);
    check_floats(got, (float[]){0.75f, 0.5f, 0, 1}, 4, 1e-6);
    g_object_unref(buffer);
    host_layer_free(layer);
}

static void
gray_layers_are_told_from_colored_ones(void)
{
    HostLayer *layer = host_layer_new("x", GEGL_RECTANGLE(0, 0, 1, 1), 2, 1, 4);
    check(pixels_are_gray(layer), "black is gray");
    layer->pixels[0] = 1; /* red, but not seen */
    check(pixels_are_gray(layer), "what is not seen has no colour");
    layer->pixels[3] = 0.1f;
    check(!pixels_are_gray(layer), "red is none");
    host_layer_free(layer);
}

static int
run_all(void)
{
    static const CheckTest tests[] = {
        CHECK_TEST(an_unchanged_size_is_an_exact_copy),
        CHECK_TEST(hard_edges_take_the_pixel_at_the_centre),
        CHECK_TEST(a_flat_picture_stays_flat),
        CHECK_TEST(twice_the_size_follows_the_cubic),
        CHECK_TEST(colors_of_transparent_pixels_do_not_bleed),
        CHECK_TEST(smaller_pictures_are_averages),
        CHECK_TEST(any_part_is_of_the_whole),
        CHECK_TEST(a_sink_can_stop),
        CHECK_TEST(a_layer_is_cut_to_its_buffer),
        CHECK_TEST(colors_are_converted_row_by_row),
        CHECK_TEST(gray_layers_are_told_from_colored_ones),
    };
    return check_run(tests, G_N_ELEMENTS(tests));
}

/* GEGL opens and closes its modules to see what they are; what those keep is lost, and is
 * not ours. */
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));

int
main(void)
{
    if (__lsan_disable)
        __lsan_disable();
    gegl_init(NULL, NULL);
    if (__lsan_enable)
        __lsan_enable();
    int status = run_all();
    gegl_exit();
    return status;
}
