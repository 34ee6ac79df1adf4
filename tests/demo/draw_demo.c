/* SPDX-License-Identifier: GPL-3.0-or-later */
/* draw_demo.c: the picture of the demo, a stop sign in a street.
 *
 *     draw_demo OUT.png
 *
 * Drawn here so that the demo needs no photograph, no download and no font: sky, houses,
 * road, a pole, the red octagon. The letters are strokes, narrow and a third of the
 * sign's height, as road signs have them; so the picture is the same on every machine. */
#include <cairo.h>
#include <math.h>
#include <stdio.h>

#define WIDTH 640
#define HEIGHT 480

static void
gradient(cairo_t *cr, double y0, double y1, const double top[3], const double bottom[3])
{
    cairo_pattern_t *pattern = cairo_pattern_create_linear(0, y0, 0, y1);
    cairo_pattern_add_color_stop_rgb(pattern, 0, top[0], top[1], top[2]);
    cairo_pattern_add_color_stop_rgb(pattern, 1, bottom[0], bottom[1], bottom[2]);
    cairo_rectangle(cr, 0, y0, WIDTH, y1 - y0);
    cairo_set_source(cr, pattern);
    cairo_fill(cr);
    cairo_pattern_destroy(pattern);
}

static void
house(cairo_t *cr, double x, double width, double height, double shade)
{
    double base = 330;
    cairo_set_source_rgb(cr, 0.62 * shade, 0.55 * shade, 0.50 * shade);
    cairo_rectangle(cr, x, base - height, width, height);
    cairo_fill(cr);
    for (double y = base - height + 14; y < base - 24; y += 34)
        for (double wx = x + 12; wx < x + width - 20; wx += 32) {
            cairo_set_source_rgb(cr, 0.32 * shade, 0.38 * shade, 0.46 * shade);
            cairo_rectangle(cr, wx, y, 16, 20);
            cairo_fill(cr);
        }
}

static void
octagon(cairo_t *cr, double x, double y, double radius)
{
    for (int i = 0; i < 8; i++)
        cairo_line_to(cr, x + radius * cos((i + 0.5) * M_PI / 4),
                      y + radius * sin((i + 0.5) * M_PI / 4));
    cairo_close_path(cr);
}

/* An elliptic arc of the current path; angles as cairo_arc() has them. */
static void
arc(cairo_t *cr,
    double x,
    double y,
    double radius_x,
    double radius_y,
    double from,
    double to,
    int clockwise)
{
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, radius_x, radius_y);
    if (clockwise)
        cairo_arc(cr, 0, 0, 1, from, to);
    else
        cairo_arc_negative(cr, 0, 0, 1, from, to);
    cairo_restore(cr);
}

/* The middle lines of a letter whose upper left corner is the origin. */
static void
letter(cairo_t *cr, char which, double w, double h)
{
    switch (which) {
    case 'S':
        arc(cr, w / 2, h / 4, w / 2, h / 4, -0.15 * M_PI, -1.5 * M_PI, 0);
        arc(cr, w / 2, 3 * h / 4, w / 2, h / 4, -M_PI / 2, 0.85 * M_PI, 1);
        break;
    case 'T':
        cairo_move_to(cr, 0, 0);
        cairo_line_to(cr, w, 0);
        cairo_move_to(cr, w / 2, 0);
        cairo_line_to(cr, w / 2, h);
        break;
    case 'O':
        arc(cr, w / 2, 0.3 * h, w / 2, 0.3 * h, M_PI, 2 * M_PI, 1);
        arc(cr, w / 2, 0.7 * h, w / 2, 0.3 * h, 0, M_PI, 1);
        cairo_close_path(cr);
        break;
    case 'P':
        cairo_move_to(cr, 0, h);
        cairo_line_to(cr, 0, 0);
        arc(cr, 0.55 * w, 0.28 * h, 0.45 * w, 0.28 * h, -M_PI / 2, M_PI / 2, 1);
        cairo_line_to(cr, 0, 0.56 * h);
        break;
    }
}

/* STOP around (x, y), in all w wide and h high with strokes of the given thickness. */
static void
legend(cairo_t *cr, double x, double y, double w, double h, double stroke)
{
    static const char text[] = "STOP";
    double gap = stroke, one = (w - 3 * gap) / 4;
    cairo_set_line_width(cr, stroke);
    for (int i = 0; i < 4; i++) {
        cairo_save(cr);
        cairo_translate(cr, x - w / 2 + i * (one + gap) + stroke / 2,
                        y - h / 2 + stroke / 2);
        letter(cr, text[i], one - stroke, h - stroke);
        cairo_restore(cr);
        cairo_stroke(cr);
    }
}

static void
sign(cairo_t *cr, double x, double y, double radius)
{
    cairo_set_source_rgb(cr, 0.45, 0.46, 0.47);
    cairo_rectangle(cr, x - 8, y, 16, HEIGHT - y);
    cairo_fill(cr);
    octagon(cr, x, y, radius);
    cairo_set_source_rgb(cr, 0.96, 0.95, 0.93);
    cairo_fill(cr);
    octagon(cr, x, y, radius * 0.94);
    cairo_set_source_rgb(cr, 0.76, 0.10, 0.12);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0.97, 0.96, 0.94);
    legend(cr, x, y, 1.54 * radius, 0.64 * radius, 0.105 * radius);
}

int
main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: draw_demo OUT.png\n");
        return 2;
    }
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create(surface);
    gradient(cr, 0, 330, (double[]){0.55, 0.70, 0.88}, (double[]){0.86, 0.90, 0.94});
    house(cr, 0, 130, 190, 1.0);
    house(cr, 130, 90, 130, 0.85);
    house(cr, 430, 120, 150, 0.9);
    house(cr, 550, 90, 220, 1.05);
    gradient(cr, 330, HEIGHT, (double[]){0.42, 0.42, 0.43}, (double[]){0.30, 0.30, 0.31});
    cairo_set_source_rgb(cr, 0.85, 0.83, 0.70);
    for (int i = 0; i < 5; i++) {
        cairo_rectangle(cr, 60 + 120 * i, 410, 60, 6);
        cairo_fill(cr);
    }
    sign(cr, 320, 205, 130);
    cairo_status_t status = cairo_surface_write_to_png(surface, argv[1]);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS)
        fprintf(stderr, "draw_demo: %s: %s\n", argv[1], cairo_status_to_string(status));
    return status != CAIRO_STATUS_SUCCESS;
}
