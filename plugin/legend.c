/* legend.c: layers that say what the colours of a heat map mean.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything is drawn in units of the letters' size, so a legend looks alike on photos of
 * all sizes. */

#include "legend.h"
#include "text.h"
#include <math.h>
#include <pango/pangocairo.h>

/* Letters take this part of the region's smaller side, within limits in pixels. */
#define LETTER_PART (1.0 / 28)
#define SMALLEST_LETTER 9.0
#define LARGEST_LETTER 120.0

/* No legend over regions of a smaller side than this many smallest letters. */
#define SMALLEST_SIDE 8

/* Of the letters' size: space around, height of the bar, its width, length of a tick. */
#define MARGIN 0.6
#define BAR_HEIGHT 0.9
#define BAR_WIDTH 13.0
#define TICK 0.3
#define ROW 1.5

typedef struct {
    cairo_surface_t *surface;
    cairo_t *cairo;
    double letter; /* pixels */
    int width, height;
} Sheet;

/* --- text --- */

static PangoLayout *
layout_new(cairo_t *cairo, double letter, const char *text)
{
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    PangoFontDescription *font = pango_font_description_from_string("Sans");
    pango_font_description_set_absolute_size(font, letter * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

static double
text_width(cairo_t *cairo, double letter, const char *text)
{
    int width, height;
    PangoLayout *layout = layout_new(cairo, letter, text);
    pango_layout_get_pixel_size(layout, &width, &height);
    g_object_unref(layout);
    return width;
}

/* at: 0: x is the text's left edge, 0.5 its middle. Kept on the sheet. */
static void
draw_text(Sheet *sheet, const char *text, double x, double y, double at)
{
    int width, height;
    PangoLayout *layout = layout_new(sheet->cairo, sheet->letter, text);
    pango_layout_get_pixel_size(layout, &width, &height);
    double left = fmax(0, fmin(x - at * width, sheet->width - width));
    cairo_set_source_rgb(sheet->cairo, 0, 0, 0);
    cairo_move_to(sheet->cairo, floor(left), floor(y));
    pango_cairo_show_layout(sheet->cairo, layout);
    g_object_unref(layout);
}

/* --- sheet --- */

/* lines: height of the legend in letters; it takes no more than two fifths of the region
 * where that can be read. */
static double
letter_for(const GeglRectangle *over, double lines)
{
    double side = MIN(over->width, over->height);
    double letter = fmin(side * LETTER_PART, 0.4 * over->height / lines);
    return CLAMP(letter, SMALLEST_LETTER, LARGEST_LETTER);
}

static gboolean
too_small(const GeglRectangle *over)
{
    return MIN(over->width, over->height) < SMALLEST_LETTER * SMALLEST_SIDE;
}

static double
measure(double letter, const char *text)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
    cairo_t *cairo = cairo_create(surface);
    double width = text_width(cairo, letter, text);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return width;
}

/* A white, slightly transparent sheet with a thin frame; width and height in pixels. */
static gboolean
sheet_open(Sheet *sheet, double letter, double width, double height)
{
    sheet->letter = letter;
    sheet->width = (int)ceil(width);
    sheet->height = (int)ceil(height);
    sheet->surface =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, sheet->width, sheet->height);
    sheet->cairo = cairo_create(sheet->surface);
    cairo_set_source_rgba(sheet->cairo, 1, 1, 1, 0.92);
    cairo_paint(sheet->cairo);
    cairo_set_source_rgb(sheet->cairo, 0.3, 0.3, 0.3);
    cairo_set_line_width(sheet->cairo, 1);
    cairo_rectangle(sheet->cairo, 0.5, 0.5, sheet->width - 1, sheet->height - 1);
    cairo_stroke(sheet->cairo);
    return cairo_status(sheet->cairo) == CAIRO_STATUS_SUCCESS;
}

/* Cairo's premultiplied bytes as straight floats. */
static void
copy_pixels(const Sheet *sheet, float *rgba)
{
    int stride = cairo_image_surface_get_stride(sheet->surface);
    const guint8 *data = cairo_image_surface_get_data(sheet->surface);
    for (int y = 0; y < sheet->height; y++) {
        const guint32 *row = (const guint32 *)(const void *)(data + (gsize)y * stride);
        for (int x = 0; x < sheet->width; x++, rgba += 4) {
            float alpha = (float)(row[x] >> 24);
            for (int c = 0; c < 3; c++)
                rgba[c] = alpha > 0 ? (float)(row[x] >> (16 - 8 * c) & 255) / alpha : 0;
            rgba[3] = alpha / 255;
        }
    }
}

static HostLayer *
sheet_close(Sheet *sheet, const char *name, const GeglRectangle *over)
{
    int gap = (int)(sheet->letter * MARGIN);
    GeglRectangle rect = {over->x + gap,
                          over->y + MAX(0, over->height - gap - sheet->height),
                          sheet->width, sheet->height};
    HostLayer *layer = NULL;
    cairo_surface_flush(sheet->surface);
    if (cairo_status(sheet->cairo) == CAIRO_STATUS_SUCCESS)
        layer = host_layer_new(name, &rect, sheet->width, sheet->height, 4);
    if (layer) {
        copy_pixels(sheet, layer->pixels);
        layer->opacity = 100;
    }
    cairo_destroy(sheet->cairo);
    cairo_surface_destroy(sheet->surface);
    return layer;
}

/* --- a bar with ticks --- */

gsize
legend_ticks(double low, double high, gsize wanted, double *ticks)
{
    double span = high - low;
    if (!(span > 0) || !isfinite(span)) {
        ticks[0] = low;
        return 1;
    }
    double power = pow(10, floor(log10(span / (double)wanted)));
    double rough = span / (double)wanted / power; /* 1 to 10 */
    double step = power * (rough <= 1 ? 1 : rough <= 2 ? 2 : rough <= 5 ? 5 : 10);
    gsize count = 0;
    /* A tick at the very end counts, whatever rounding did to it. */
    for (double k = ceil(low / step - 1e-9); k <= high / step + 1e-9; k++)
        ticks[count++] = k == 0 ? 0 : k * step;
    return count;
}

static void
draw_bar(Sheet *sheet, double x, double y, double width, double height, Colormap map)
{
    for (int i = 0; i < (int)width; i++) {
        float rgb[3];
        colormap_at(map, (i + 0.5) / floor(width), rgb);
        cairo_set_source_rgb(sheet->cairo, (double)rgb[0], (double)rgb[1],
                             (double)rgb[2]);
        cairo_rectangle(sheet->cairo, floor(x) + i, floor(y), 1, floor(height));
        cairo_fill(sheet->cairo);
    }
    cairo_set_source_rgb(sheet->cairo, 0.3, 0.3, 0.3);
    cairo_set_line_width(sheet->cairo, 1);
    cairo_rectangle(sheet->cairo, floor(x) - 0.5, floor(y) - 0.5, floor(width) + 1,
                    floor(height) + 1);
    cairo_stroke(sheet->cairo);
}

HostLayer *
legend_bar(const char *name,
           const GeglRectangle *over,
           const char *title,
           double low,
           double high,
           Colormap map)
{
    if (too_small(over))
        return NULL;
    Sheet sheet;
    const double lines = 2 * MARGIN + ROW + BAR_HEIGHT + TICK + ROW;
    double ticks[2 * 4 + 2], letter = letter_for(over, lines), margin = letter * MARGIN;
    gsize n_ticks = legend_ticks(low, high, 4, ticks);
    double width = fmax(BAR_WIDTH * letter, measure(letter, title)) + 2 * margin;
    /* Numbers at the ends of the bar stand half outside it. */
    double left = margin + letter, bar = width - 2 * left;
    double top = margin + ROW * letter;
    double height = lines * letter;
    if (sheet_open(&sheet, letter, width, height)) {
        double line = fmax(1, letter / 12);
        double below = top + BAR_HEIGHT * letter;
        draw_text(&sheet, title, margin, margin, 0);
        draw_bar(&sheet, left, top, bar, BAR_HEIGHT * letter, map);
        for (gsize i = 0; i < n_ticks; i++) {
            char number[TEXT_NUMBER];
            double part = high > low ? (ticks[i] - low) / (high - low) : 0.5;
            double x = floor(left + part * bar);
            cairo_set_source_rgb(sheet.cairo, 0, 0, 0);
            cairo_rectangle(sheet.cairo, x - line / 2, below, line, TICK * letter);
            cairo_fill(sheet.cairo);
            text_short_number(number, ticks[i]);
            draw_text(&sheet, number, x, below + TICK * letter, 0.5);
        }
    }
    return sheet_close(&sheet, name, over);
}

/* --- rows of colours --- */

HostLayer *
legend_rows(const char *name,
            const GeglRectangle *over,
            const char *title,
            const LegendRow *rows,
            gsize n_rows)
{
    if (too_small(over))
        return NULL;
    Sheet sheet;
    const double lines = 2 * MARGIN + ROW * (double)(n_rows + 1);
    double letter = letter_for(over, lines), margin = letter * MARGIN;
    double indent = margin + 1.6 * letter, widest = measure(letter, title);
    for (gsize i = 0; i < n_rows; i++)
        widest = fmax(widest, measure(letter, rows[i].text) + 1.6 * letter);
    if (sheet_open(&sheet, letter, widest + 2 * margin, lines * letter)) {
        draw_text(&sheet, title, margin, margin, 0);
        for (gsize i = 0; i < n_rows; i++) {
            const float *rgb = rows[i].rgb;
            double y = margin + ROW * letter * (double)(i + 1);
            cairo_set_source_rgb(sheet.cairo, (double)rgb[0], (double)rgb[1],
                                 (double)rgb[2]);
            cairo_rectangle(sheet.cairo, floor(margin), floor(y + 0.15 * letter),
                            ceil(letter * 1.1), ceil(letter * 1.1));
            cairo_fill(sheet.cairo);
            draw_text(&sheet, rows[i].text, indent, y, 0);
        }
    }
    return sheet_close(&sheet, name, over);
}
