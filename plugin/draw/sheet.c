/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.c: a picture of tiles, bars and captions. */

#include "draw/sheet.h"
#include "base/fail.h"
#include "draw/words.h"
#include "pixels/scale.h"
#include <math.h>

/* Around everything, in letters. */
#define MARGIN 1.0

const float sheet_black[3] = {0, 0, 0}, sheet_gray[3] = {0.3f, 0.3f, 0.3f},
            sheet_red[3] = {0.78f, 0.19f, 0.17f}, sheet_blue[3] = {0.24f, 0.44f, 0.71f};

gboolean
sheet_open(Sheet *sheet, double letter, int width, int height, double white)
{
    sheet->letter = letter;
    sheet->width = width;
    sheet->height = height;
    sheet->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    sheet->cairo = cairo_create(sheet->surface);
    cairo_set_source_rgba(sheet->cairo, 1, 1, 1, white);
    cairo_paint(sheet->cairo);
    return cairo_status(sheet->cairo) == CAIRO_STATUS_SUCCESS;
}

/* --- text --- */

void
sheet_text(Sheet *sheet, const char *text, double x, double y, double at, double most)
{
    int width, height;
    PangoLayout *layout = words_layout(sheet->cairo, sheet->letter, text);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_get_pixel_size(layout, &width, &height);
    if (most > 0 && width > most) {
        pango_layout_set_width(layout, (int)most * PANGO_SCALE);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_MIDDLE);
        pango_layout_get_pixel_size(layout, &width, &height);
    }
    double left = fmax(0, fmin(x - at * width, sheet->width - width));
    cairo_set_source_rgb(sheet->cairo, 0, 0, 0);
    cairo_move_to(sheet->cairo, floor(left), floor(y));
    pango_cairo_show_layout(sheet->cairo, layout);
    g_object_unref(layout);
}

/* --- drawing --- */

static void
set_color(Sheet *sheet, const float rgb[3])
{
    cairo_set_source_rgb(sheet->cairo, (double)rgb[0], (double)rgb[1], (double)rgb[2]);
}

void
sheet_fill(
    Sheet *sheet, double x, double y, double width, double height, const float rgb[3])
{
    set_color(sheet, rgb);
    cairo_rectangle(sheet->cairo, x, y, width, height);
    cairo_fill(sheet->cairo);
}

void
sheet_frame(Sheet *sheet, const GeglRectangle *rect, double line, const float rgb[3])
{
    set_color(sheet, rgb);
    cairo_set_line_width(sheet->cairo, line);
    cairo_rectangle(sheet->cairo, rect->x - line / 2, rect->y - line / 2,
                    rect->width + line, rect->height + line);
    cairo_stroke(sheet->cairo);
}

typedef struct {
    Sheet *sheet;
    const GeglRectangle *rect;
} Target;

/* Over white where it is not opaque. */
static guint32
to_byte(const float *pixel, int c)
{
    float value = pixel[c] * pixel[3] + 1 - pixel[3];
    return (guint32)(fminf(fmaxf(value, 0), 1) * 255 + 0.5f);
}

static gboolean
take_rows(void *user, int y, int n_rows, const float *rows, GError **error)
{
    const Target *target = user;
    const GeglRectangle *rect = target->rect;
    int stride = cairo_image_surface_get_stride(target->sheet->surface);
    guint8 *data = cairo_image_surface_get_data(target->sheet->surface);
    (void)error;
    for (int v = rect->y + y; v < rect->y + y + n_rows; v++) {
        guint32 *row = (guint32 *)(void *)(data + (gsize)MAX(v, 0) * (gsize)stride);
        for (int u = rect->x; u < rect->x + rect->width; u++, rows += 4)
            if (v >= 0 && v < target->sheet->height && u >= 0 && u < target->sheet->width)
                row[u] = 0xff000000u | to_byte(rows, 0) << 16 | to_byte(rows, 1) << 8 |
                         to_byte(rows, 2);
    }
    return TRUE;
}

gboolean
sheet_picture(Sheet *sheet,
              const GeglRectangle *rect,
              const float *rgba,
              int width,
              int height,
              gboolean nearest,
              GError **error)
{
    Target target = {sheet, rect};
    if (cairo_status(sheet->cairo) != CAIRO_STATUS_SUCCESS)
        return fail_run(error, _("There is not enough memory for the result."));
    cairo_surface_flush(sheet->surface);
    gboolean ok = scale_pixels(rgba, width, height, 4, rect->width, rect->height, nearest,
                               take_rows, &target, error);
    cairo_surface_mark_dirty(sheet->surface);
    return ok;
}

/* --- out --- */

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

HostLayer *
sheet_close(Sheet *sheet, const char *name, int x, int y)
{
    GeglRectangle rect = {x, y, sheet->width, sheet->height};
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
    *sheet = (Sheet){0};
    return layer;
}

HostLayer *
sheet_finish(Sheet *sheet, const char *name, int x, int y, GError **error)
{
    int width = sheet->width, height = sheet->height;
    gboolean large = cairo_status(sheet->cairo) == CAIRO_STATUS_INVALID_SIZE;
    HostLayer *layer = sheet_close(sheet, name, x, y);
    if (!layer && large)
        fail_input(
            error,
            _("The result would have %d × %d pixels, which is too large: take fewer or smaller tiles."),
            width, height);
    else if (!layer)
        fail_run(error, _("There is not enough memory for the result."));
    return layer;
}

/* --- cells --- */

double
sheet_letter(int cell_width)
{
    return MAX(cell_width / 8.0, 9.0);
}

SheetGrid
sheet_grid(gsize count,
           gsize columns,
           int cell_width,
           int cell_height,
           double letter,
           int caption_lines,
           double head,
           int side)
{
    SheetGrid grid = {
        .count = count,
        .cell_width = cell_width,
        .cell_height = cell_height,
        .margin = (int)ceil(MARGIN * letter),
        .gap = (int)ceil(0.5 * letter),
        .caption = (int)ceil(caption_lines * SHEET_LINE * letter),
    };
    double wide = cell_width + grid.gap, high = cell_height + grid.gap + grid.caption;
    if (!columns) /* columns * wide : rows * high = 4 : 3 */
        columns = (gsize)ceil(sqrt((double)count * high * 4 / (3 * wide)));
    grid.columns = CLAMP(columns, 1, MAX(count, 1));
    grid.rows = (count + grid.columns - 1) / grid.columns;
    grid.left = grid.margin + side;
    grid.top = grid.margin + (int)ceil(head * letter);
    grid.width =
        grid.left + (int)grid.columns * (cell_width + grid.gap) - grid.gap + grid.margin;
    grid.height = grid.top + (int)grid.rows * (cell_height + grid.caption + grid.gap) -
                  grid.gap + grid.margin;
    return grid;
}

void
sheet_spread(SheetGrid *grid, int gap)
{
    grid->width += (int)(grid->columns - 1) * (gap - grid->gap);
    grid->height += (int)(MAX(grid->rows, 1) - 1) * (gap - grid->gap);
    grid->gap = gap;
}

GeglRectangle
sheet_cell(const SheetGrid *grid, gsize index)
{
    int column = (int)(index % grid->columns), row = (int)(index / grid->columns);
    return (GeglRectangle){grid->left + column * (grid->cell_width + grid->gap),
                           grid->top +
                               row * (grid->cell_height + grid->caption + grid->gap),
                           grid->cell_width, grid->cell_height};
}

void
sheet_caption(
    Sheet *sheet, const SheetGrid *grid, gsize index, int line, const char *text)
{
    GeglRectangle cell = sheet_cell(grid, index);
    sheet_text(sheet, text, cell.x + cell.width / 2.0,
               cell.y + cell.height + (0.1 + line * SHEET_LINE) * sheet->letter, 0.5,
               cell.width + grid->gap - 2);
}
