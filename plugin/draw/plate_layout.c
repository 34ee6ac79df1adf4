/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plate_layout.c: where everything of a plate lies, and its layers. */

#include "base/fail.h"
#include "draw/plate_private.h"
#include "draw/sheet.h"
#include "draw/words.h"
#include <math.h>

/* A plate has no more pixels: 1.6 GB as layers of bytes. */
#define MOST_PIXELS 4e8

#define MOST_TITLE_LINES 3
#define MOST_CAPTION_LINES 20

void
plate_take(PlateDrawing *drawing, HostLayer *layer)
{
    if (!layer) {
        drawing->ok = FALSE;
        return;
    }
    if (drawing->letter) {
        char *name = g_strdup_printf("%s %s", drawing->letter, layer->name);
        g_free(layer->name);
        layer->name = name;
    }
    g_ptr_array_add(drawing->layers, layer);
}

double
plate_words(PlateDrawing *drawing,
            const char *name,
            const char *words,
            double x,
            double y,
            double at)
{
    double height, letter = drawing->plate->letter;
    if (!*words)
        return 0;
    words_size(letter, words, &height);
    plate_take(drawing, words_layer(name ? name : words, words, letter,
                                    drawing->plate->colors.ink, x, y, at));
    return height;
}

/* --- one panel --- */

/* A rectangle of the view, as it lies on the plate. */
static GeglRectangle
placed(const Panel *panel, const GeglRectangle *picture, const GeglRectangle *part)
{
    const GeglRectangle *view = &panel->view;
    double x_scale = (double)picture->width / view->width;
    double y_scale = (double)picture->height / view->height;
    double left = floor((part->x - view->x) * x_scale + 0.5);
    double top = floor((part->y - view->y) * y_scale + 0.5);
    double right = floor((part->x - view->x + part->width) * x_scale + 0.5);
    double bottom = floor((part->y - view->y + part->height) * y_scale + 0.5);
    return (GeglRectangle){picture->x + (int)left, picture->y + (int)top,
                           MAX(1, (int)(right - left)), MAX(1, (int)(bottom - top))};
}

/* White inside black, to be seen on any photo. */
static void
draw_frame(PlateDrawing *drawing, const GeglRectangle *place)
{
    static const float white[3] = {1, 1, 1};
    Sheet sheet;
    int line = MAX(1, (int)(drawing->plate->letter / 12 + 0.5)), border = 2 * line;
    GeglRectangle inner = {border, border, place->width, place->height};
    if (sheet_open(&sheet, drawing->plate->letter, place->width + 2 * border,
                   place->height + 2 * border, 0)) {
        sheet_frame(&sheet, &inner, border, sheet_black);
        sheet_frame(&sheet, &inner, line, white);
    }
    plate_take(drawing,
               sheet_close(&sheet, _("Frame"), place->x - border, place->y - border));
}

static void
draw_pictures(PlateDrawing *drawing, Panel *panel, const GeglRectangle *picture)
{
    for (guint i = 0; i < panel->frames->len; i++) {
        GeglRectangle place =
            placed(panel, picture, &g_array_index(panel->frames, GeglRectangle, i));
        draw_frame(drawing, &place);
    }
    while (panel->pictures->len) {
        HostLayer *layer = g_ptr_array_steal_index(panel->pictures, 0);
        layer->rect = placed(panel, picture, &layer->rect);
        g_ptr_array_add(drawing->layers, layer);
    }
}

static double
title_height(const Plate *plate, const Panel *panel, char **lines)
{
    double height;
    char *text = words_wrap(plate->letter, panel->title, plate->cell, MOST_TITLE_LINES);
    words_size(plate->letter, text, &height);
    if (lines)
        *lines = text;
    else
        g_free(text);
    return height;
}

static void
clear_group(void *data)
{
    PlateGroup *group = data;
    g_free(group->name);
    g_ptr_array_unref(group->layers);
}

static void
free_layer(void *layer)
{
    host_layer_free(layer);
}

/* A new group of a panel's layers; of what belongs to none. */
static PlateDrawing
open_group(const Plate *plate, GArray *groups, const Panel *panel)
{
    PlateGroup group = {panel ? g_strdup(panel->title) : NULL,
                        g_ptr_array_new_with_free_func(free_layer)};
    g_array_append_val(groups, group);
    return (PlateDrawing){plate, group.layers, panel ? panel->letter : NULL,
                          plate->margin, TRUE};
}

/* top: of the row; titles: height of the highest title in it. */
static gboolean
draw_panel(const Plate *plate,
           guint index,
           double top,
           double titles,
           GArray *groups,
           double *bottom)
{
    Panel *panel = g_ptr_array_index(plate->panels, index);
    PlateDrawing drawing = open_group(plate, groups, panel);
    char *title;
    GeglRectangle picture;
    double own = title_height(plate, panel, &title);
    drawing.x =
        plate->margin + (int)(index % (guint)plate->columns) * (plate->cell + plate->gap);
    plate_words(&drawing, _("Title"), title, drawing.x, top + titles - own, 0);
    plate_picture_size(plate, &panel->view, &picture.width, &picture.height);
    picture.x = (int)drawing.x;
    picture.y = (int)ceil(top + titles + 0.3 * plate->letter);
    *bottom = picture.y + picture.height;
    *bottom += plate_key(&drawing, panel, *bottom);
    draw_pictures(&drawing, panel, &picture);
    g_free(title);
    return drawing.ok;
}

/* --- all of them --- */

/* Takes no notice of panels of earlier rows; returns the lower edge. */
static double
draw_row(const Plate *plate, guint first, double top, GArray *groups, gboolean *ok)
{
    guint end = MIN(first + (guint)plate->columns, plate->panels->len);
    double titles = 0, lowest = top;
    for (guint i = first; i < end; i++)
        titles =
            fmax(titles, title_height(plate, g_ptr_array_index(plate->panels, i), NULL));
    for (guint i = first; *ok && i < end; i++) {
        double bottom;
        *ok = draw_panel(plate, i, top, titles, groups, &bottom);
        lowest = fmax(lowest, bottom);
    }
    return lowest;
}

/* Caption and paper, at the bottom of everything. */
static gboolean
draw_rest(
    const Plate *plate, const char *caption, double y, GArray *groups, double *bottom)
{
    PlateDrawing drawing = open_group(plate, groups, NULL);
    char *lines = words_wrap(plate->letter, caption, plate->width - 2 * plate->margin,
                             MOST_CAPTION_LINES);
    y += plate_words(&drawing, _("Caption"), lines, plate->margin, y, 0);
    *bottom = ceil(y) + plate->margin;
    GeglRectangle all = {0, 0, plate->width, (int)*bottom};
    HostLayer *paper = host_layer_new(_("Paper"), &all, 1, 1, 4);
    for (int c = 0; paper && c < 3; c++)
        paper->pixels[c] = plate->colors.paper[c];
    if (paper)
        paper->pixels[3] = 1;
    plate_take(&drawing, paper);
    g_free(lines);
    return drawing.ok;
}

/* The height of rows of this many panels, were all as high as the highest picture. */
static gboolean
check_size(const Plate *plate, GError **error)
{
    double highest = 0;
    for (guint i = 0; i < plate->panels->len; i++) {
        int width, height;
        const Panel *panel = g_ptr_array_index(plate->panels, i);
        plate_picture_size(plate, &panel->view, &width, &height);
        highest = fmax(highest, height);
    }
    double rows = ceil(plate->panels->len / (double)plate->columns);
    double height = rows * (highest + 4 * plate->letter);
    return height * plate->width <= MOST_PIXELS ||
           fail_input(
               error,
               _("The figure would have about %d × %.0f pixels, which is too large: make it narrower, or show less."),
               plate->width, height);
}

GArray *
plate_groups(Plate *plate, const char *caption, int *height, GError **error)
{
    if (!check_size(plate, error))
        return NULL;
    GArray *groups = g_array_new(FALSE, FALSE, sizeof(PlateGroup));
    g_array_set_clear_func(groups, clear_group);
    gboolean ok = TRUE;
    double y = plate->margin;
    for (guint i = 0; ok && i < plate->panels->len; i += (guint)plate->columns)
        y = ceil(draw_row(plate, i, y, groups, &ok) + 0.8 * plate->letter);
    ok = ok && draw_rest(plate, caption, y, groups, &y);
    *height = (int)y;
    if (!ok) {
        fail_run(error, _("There is not enough memory for the result."));
        g_array_unref(groups);
        return NULL;
    }
    return groups;
}
