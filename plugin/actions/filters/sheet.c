/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.c: kernels as tiles of a sheet.
 *
 * A kernel over three channels is a small colour picture; of others each input channel is
 * one in gray. Zero is mid-gray. */

#include "actions/filters/sheet.h"
#include "base/fail.h"
#include "base/text.h"
#include "draw/paint.h"
#include "draw/sheet.h"
#include <math.h>
#include <stdlib.h>

#define COLOR_TILE 64 /* usual sides, in pixels */
#define GRAY_TILE 40
#define BETWEEN 2      /* pixels between the tiles of a kernel */
#define MOST_LISTED 12 /* numbers of dead kernels in a name */
#define FRAME 2

typedef struct {
    const Kernels *kernels;
    const FilterStyle *style;
    gboolean color;
    gsize tiles;        /* of each kernel */
    int tile_w, tile_h; /* pixels */
    float scale;        /* shared, or 0 */
    float *rgba;        /* height x width x 4 of one tile */
} Drawing;

/* --- one tile --- */

static gsize
area(const Kernels *kernels)
{
    return kernels->height * kernels->width;
}

static const float *
weights_of(const Kernels *kernels, gsize kernel)
{
    return kernels->weights + kernel * kernels->inputs * area(kernels);
}

static float
shade(float value, float scale)
{
    return scale > 0 ? fminf(fmaxf(0.5f + 0.5f * value / scale, 0), 1) : 0.5f;
}

/* planes: of R, G, B. */
static void
paint(Drawing *drawing, const float *const planes[3], float scale)
{
    float *rgba = drawing->rgba;
    for (gsize i = 0; i < area(drawing->kernels); i++, rgba += 4) {
        for (int c = 0; c < 3; c++)
            rgba[c] = shade(planes[c][i], scale);
        rgba[3] = 1;
    }
}

typedef struct {
    gsize channel;
    double norm;
} Strength;

static int
stronger(const void *a, const void *b)
{
    const Strength *x = a, *y = b;
    if (x->norm != y->norm)
        return x->norm < y->norm ? 1 : -1;
    return x->channel > y->channel ? 1 : -1;
}

/* The input channels of a kernel that are shown, counted within its group. */
static void
choose_channels(const Drawing *drawing, gsize kernel, gsize *chosen)
{
    const Kernels *kernels = drawing->kernels;
    if (drawing->style->channel >= 0) {
        chosen[0] = (gsize)drawing->style->channel;
        return;
    }
    Strength *all = g_new0(Strength, kernels->inputs);
    for (gsize c = 0; c < kernels->inputs; c++) {
        const float *plane = weights_of(kernels, kernel) + c * area(kernels);
        all[c].channel = c;
        for (gsize i = 0; i < area(kernels); i++)
            all[c].norm += (double)plane[i] * (double)plane[i];
    }
    qsort(all, kernels->inputs, sizeof *all, stronger);
    for (gsize t = 0; t < drawing->tiles; t++)
        chosen[t] = all[t].channel;
    g_free(all);
}

static GeglRectangle
tile_rect(const Drawing *drawing, const GeglRectangle *cell, gsize tile)
{
    return (GeglRectangle){cell->x + (int)tile * (drawing->tile_w + BETWEEN), cell->y,
                           drawing->tile_w, drawing->tile_h};
}

static float
scale_of(const Drawing *drawing, const float *weights, gsize count)
{
    return drawing->scale > 0 ? drawing->scale
                              : paint_scale(&weights, 1, count, PAINT_PERCENTILE);
}

static gboolean
draw_color(Drawing *drawing,
           Sheet *sheet,
           gsize kernel,
           const GeglRectangle *cell,
           GError **error)
{
    const Kernels *kernels = drawing->kernels;
    const float *weights = weights_of(kernels, kernel), *planes[3];
    for (gsize c = 0; c < 3; c++)
        planes[c] = weights + (kernels->net->card.how.bgr ? 2 - c : c) * area(kernels);
    paint(drawing, planes, scale_of(drawing, weights, 3 * area(kernels)));
    return sheet_picture(sheet, cell, drawing->rgba, (int)kernels->width,
                         (int)kernels->height, !drawing->style->smooth, error);
}

/* Draws them and adds ": 3 17 40" to the caption. */
static gboolean
draw_gray(Drawing *drawing,
          Sheet *sheet,
          gsize kernel,
          const GeglRectangle *cell,
          GString *caption,
          GError **error)
{
    const Kernels *kernels = drawing->kernels;
    gsize *chosen = g_new(gsize, drawing->tiles);
    gsize group = kernel / MAX(1, kernels->count / kernels->groups);
    gboolean ok = TRUE;
    choose_channels(drawing, kernel, chosen);
    float scale =
        scale_of(drawing, weights_of(kernels, kernel), kernels->inputs * area(kernels));
    for (gsize t = 0; ok && t < drawing->tiles; t++) {
        const float *plane = weights_of(kernels, kernel) + chosen[t] * area(kernels);
        const float *const planes[3] = {plane, plane, plane};
        GeglRectangle rect = tile_rect(drawing, cell, t);
        paint(drawing, planes, scale);
        sheet_frame(sheet, &rect, 1, sheet_gray); /* white tiles on white paper */
        ok = sheet_picture(sheet, &rect, drawing->rgba, (int)kernels->width,
                           (int)kernels->height, !drawing->style->smooth, error);
        g_string_append_printf(caption, "%s%zu", t ? " " : ": ",
                               group * kernels->inputs + chosen[t]);
    }
    g_free(chosen);
    return ok;
}

/* --- all of them --- */

static gboolean
draw_kernel(
    Drawing *drawing, Sheet *sheet, const SheetGrid *grid, gsize place, GError **error)
{
    const Kernels *kernels = drawing->kernels;
    gsize number = drawing->style->order[place];
    const Kernel *kernel = &kernels->kernels[number];
    GeglRectangle cell = sheet_cell(grid, place);
    GString *caption = g_string_new(NULL);
    g_string_printf(caption, "%zu", number);
    gboolean ok = drawing->color
                      ? draw_color(drawing, sheet, number, &cell, error)
                      : draw_gray(drawing, sheet, number, &cell, caption, error);
    sheet_caption(sheet, grid, place, 0, caption->str);
    if (kernel->flat || kernel->silent) {
        sheet_frame(sheet, &cell, FRAME, sheet_red);
        sheet_caption(sheet, grid, place, 1,
                      kernel->flat && kernel->silent ? _("flat, silent")
                      : kernel->flat                 ? _("flat")
                                                     : _("silent"));
    } else if (kernel->fires >= 0) {
        char number_text[TEXT_NUMBER];
        char *fires =
            g_strdup_printf("%s %%", text_number(number_text, 100 * kernel->fires));
        sheet_caption(sheet, grid, place, 1, fires);
        g_free(fires);
    }
    g_string_free(caption, TRUE);
    return ok;
}

char *
filter_name(const Kernels *kernels)
{
    GArray *dead = kernels_dead(kernels);
    GString *name = g_string_new(NULL);
    g_string_append_printf(name, _("%s · %zu kernels · %u dead"), kernels->layer.shown,
                           kernels->count, dead->len);
    for (guint i = 0; i < MIN(dead->len, MOST_LISTED); i++)
        g_string_append_printf(name, "%s%zu", i ? ", " : ": ",
                               g_array_index(dead, gsize, i));
    if (dead->len > MOST_LISTED)
        g_string_append(name, ", …");
    g_array_unref(dead);
    return g_string_free(name, FALSE);
}

static void
draw_head(const Drawing *drawing, Sheet *sheet, const SheetGrid *grid, const char *name)
{
    const Kernels *kernels = drawing->kernels;
    char low[TEXT_NUMBER], high[TEXT_NUMBER];
    double room = grid->width - 2.0 * grid->margin;
    GString *text = g_string_new(NULL);
    sheet_text(sheet, name, grid->margin, grid->margin, 0, room);
    g_string_append_printf(text, _("%zu × %zu × %zu"), kernels->inputs, kernels->height,
                           kernels->width);
    if (drawing->scale > 0)
        g_string_append_printf(text, _(", black %s, white %s"),
                               text_number(low, -(double)drawing->scale),
                               text_number(high, (double)drawing->scale));
    else
        g_string_append(text, _(", each on its own scale"));
    sheet_text(sheet, text->str, grid->margin, grid->margin + SHEET_LINE * sheet->letter,
               0, room);
    g_string_truncate(text, 0);
    if (!drawing->color)
        g_string_append(text, _("number: input channels"));
    if (kernels->images)
        g_string_append_printf(text, "%s%s", text->len ? "; " : "",
                               _("%: share of positions where it fires"));
    sheet_text(sheet, text->str, grid->margin,
               grid->margin + 2 * SHEET_LINE * sheet->letter, 0, room);
    g_string_free(text, TRUE);
}

static void
choose_size(Drawing *drawing)
{
    const Kernels *kernels = drawing->kernels;
    int longer = (int)MAX(kernels->height, kernels->width);
    int usual = drawing->color ? COLOR_TILE : GRAY_TILE;
    double factor = drawing->style->tile ? (double)drawing->style->tile / longer
                                         : MAX(1, (usual + longer / 2) / longer);
    drawing->tile_w = MAX(1, (int)(factor * (double)kernels->width + 0.5));
    drawing->tile_h = MAX(1, (int)(factor * (double)kernels->height + 0.5));
}

HostLayer *
filter_sheet(const Kernels *kernels,
             const FilterStyle *style,
             const char *name,
             GError **error)
{
    Drawing drawing = {.kernels = kernels, .style = style};
    drawing.color = kernels->inputs == 3 && kernels->groups == 1 && style->channel < 0;
    drawing.tiles =
        drawing.color || style->channel >= 0 ? 1 : MIN(style->strongest, kernels->inputs);
    choose_size(&drawing);
    if (style->shared) {
        const float *all = kernels->weights;
        drawing.scale = paint_scale(
            &all, 1, kernels->count * kernels->inputs * area(kernels), PAINT_PERCENTILE);
    }
    int wide = (int)drawing.tiles * (drawing.tile_w + BETWEEN) - BETWEEN;
    double letter = sheet_letter(wide);
    gboolean notes = kernels->images > 0, line = notes || !drawing.color;
    for (gsize i = 0; i < kernels->count; i++)
        notes = notes || kernels->kernels[i].flat;
    SheetGrid grid = sheet_grid(style->count, 0, wide, drawing.tile_h, letter,
                                notes ? 2 : 1, (line ? 3.4 : 2.4) * SHEET_LINE, 0);
    /* Room for the head above few kernels. */
    grid.width = MAX(grid.width, (int)(22 * letter));
    Sheet sheet;
    drawing.rgba = g_new(float, area(kernels) * 4);
    gboolean ok = TRUE;
    if (sheet_open(&sheet, letter, grid.width, grid.height, 1)) {
        draw_head(&drawing, &sheet, &grid, name);
        for (gsize i = 0; ok && i < style->count; i++)
            ok = draw_kernel(&drawing, &sheet, &grid, i, error);
    }
    g_free(drawing.rgba);
    HostLayer *layer = sheet_finish(&sheet, name, 0, 0, ok ? error : NULL);
    if (!ok)
        g_clear_pointer(&layer, host_layer_free);
    return layer;
}
