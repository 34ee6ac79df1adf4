/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.h: a picture of tiles, bars and captions, for a person to read.
 *
 * Coordinates are pixels from the sheet's corner. Everything on a sheet is drawn in units
 * of the letters' size, so sheets look alike whatever their size is. */
#ifndef FEATURESCOPE_DRAW_SHEET_H
#define FEATURESCOPE_DRAW_SHEET_H

#include "host.h"
#include <cairo.h>

typedef struct {
    cairo_surface_t *surface;
    cairo_t *cairo;
    double letter; /* size of the letters */
    int width, height;
} Sheet;

/* Colours as encoded R'G'B'. */
extern const float sheet_black[3], sheet_gray[3], sheet_red[3], sheet_blue[3];

/* white: how opaque the paper is, 0 to 1. FALSE without memory, or if cairo refuses the
 * size; sheet_close() is due all the same. */
gboolean sheet_open(Sheet *sheet, double letter, int width, int height, double white);

/* One line. at: 0: x is its left edge, 0.5 its middle, 1 its right edge; it is moved if
 * it would leave the sheet. most: pixels that it may take before its middle becomes "…";
 * 0: no limit. */
void sheet_text(
    Sheet *sheet, const char *text, double x, double y, double at, double most);

void sheet_fill(
    Sheet *sheet, double x, double y, double width, double height, const float rgb[3]);

/* A frame of a line's width around a rectangle, outside of it. */
void sheet_frame(Sheet *sheet,
                 const GeglRectangle *rect,
                 double line,
                 const float rgb[3]);

/* Pixels, width x height x 4 R'G'B'A, scaled into a rectangle. FALSE without memory. */
gboolean sheet_picture(Sheet *sheet,
                       const GeglRectangle *rect,
                       const float *rgba,
                       int width,
                       int height,
                       gboolean nearest,
                       GError **error);

/* The sheet as a layer whose corner lies at x, y of the image. The sheet is gone
 * afterwards. NULL if it could not be drawn. */
HostLayer *sheet_close(Sheet *sheet, const char *name, int x, int y);

/* The same, or an error. */
HostLayer *sheet_finish(Sheet *sheet, const char *name, int x, int y, GError **error);

/* Cells in rows, evenly spaced, with a caption of some lines below each, below a head. */
typedef struct {
    gsize count, columns, rows;
    int cell_width, cell_height; /* without caption */
    int margin, gap, caption;    /* gap: between cells; caption: height of the lines */
    int left, top;               /* of the first cell */
    int width, height;           /* of the sheet */
} SheetGrid;

/* columns: 0: chosen so that the sheet's proportions are about 4:3. head: height of what
 * stands above, in letters; side: width of what stands left of the first column, in
 * pixels. */
SheetGrid sheet_grid(gsize count,
                     gsize columns,
                     int cell_width,
                     int cell_height,
                     double letter,
                     int caption_lines,
                     double head,
                     int side);

/* The same cells farther apart. */
void sheet_spread(SheetGrid *grid, int gap);
GeglRectangle sheet_cell(const SheetGrid *grid, gsize index);

/* A line of text below a cell, centred. line: from 0. */
void sheet_caption(
    Sheet *sheet, const SheetGrid *grid, gsize index, int line, const char *text);

/* Letters that fit below cells of this width. */
double sheet_letter(int cell_width);

#define SHEET_LINE 1.45 /* height of a line, in letters */

#endif
