/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plate.c: a plate and its panels. */

#include "draw/plate_private.h"
#include <math.h>
#include <string.h>

/* Letters: this part of the width, or what can be read. */
#define LETTERS_ACROSS 72.0
#define SMALLEST_LETTER 10.0

/* A panel is not narrower, in letters, and its picture not higher than this many widths. */
#define NARROWEST_PANEL 12.0
#define HIGHEST_PICTURE 1.5

static const PlateColors light = {{1, 1, 1}, {0, 0, 0}, {0.8f, 0.8f, 0.8f}};
static const PlateColors dark_colors = {
    {0.11f, 0.11f, 0.12f}, {0.92f, 0.92f, 0.92f}, {0.35f, 0.35f, 0.36f}};

/* --- panels --- */

static void
free_layer(void *layer)
{
    host_layer_free(layer);
}

static void
clear_row(void *row)
{
    g_free(((LegendRow *)row)->text);
}

static void
clear_value(void *value)
{
    g_free(((PanelValue *)value)->label);
    g_free(((PanelValue *)value)->number);
}

static void
free_panel(void *data)
{
    Panel *panel = data;
    g_free(panel->letter);
    g_free(panel->title);
    g_free(panel->note);
    g_free(panel->bar);
    g_ptr_array_unref(panel->pictures);
    g_array_unref(panel->frames);
    g_array_unref(panel->rows);
    g_array_unref(panel->values);
    g_free(panel);
}

/* "(a)"; behind z numbers go on. g_free() */
static char *
letter_of(guint index)
{
    return index < 26 ? g_strdup_printf("(%c)", 'a' + index)
                      : g_strdup_printf("(%u)", index + 1);
}

Panel *
plate_add(Plate *plate, const char *title, const GeglRectangle *view)
{
    Panel *panel = g_new0(Panel, 1);
    panel->letter = letter_of(plate->panels->len);
    panel->title = g_strdup_printf("%s %s", panel->letter, title);
    if (view)
        panel->view = *view;
    panel->pictures = g_ptr_array_new_with_free_func(free_layer);
    panel->frames = g_array_new(FALSE, FALSE, sizeof(GeglRectangle));
    panel->rows = g_array_new(FALSE, FALSE, sizeof(LegendRow));
    panel->values = g_array_new(FALSE, FALSE, sizeof(PanelValue));
    g_array_set_clear_func(panel->rows, clear_row);
    g_array_set_clear_func(panel->values, clear_value);
    g_ptr_array_add(plate->panels, panel);
    return panel;
}

GPtrArray *
panel_pictures(Panel *panel)
{
    return panel->pictures;
}

void
panel_frame(Panel *panel, const GeglRectangle *part)
{
    g_array_append_val(panel->frames, *part);
}

void
panel_note(Panel *panel, const char *note)
{
    g_free(panel->note);
    panel->note = g_strdup(note);
}

void
panel_bar(Panel *panel, const char *title, double low, double high, Colormap map)
{
    g_free(panel->bar);
    panel->bar = g_strdup(title);
    panel->low = low;
    panel->high = high;
    panel->map = map;
}

void
panel_rows(Panel *panel, const LegendRow *rows, gsize n_rows)
{
    for (gsize i = 0; i < n_rows; i++) {
        LegendRow row = rows[i];
        row.text = g_strdup(rows[i].text);
        g_array_append_val(panel->rows, row);
    }
}

void
panel_value(Panel *panel,
            const char *label,
            const char *number,
            double from,
            double to,
            const float rgb[3])
{
    PanelValue value = {g_strdup(label), g_strdup(number), from, to, {0}};
    memcpy(value.rgb, rgb, sizeof value.rgb);
    g_array_append_val(panel->values, value);
}

/* --- the plate --- */

void
plate_open(Plate *plate, int width, gboolean dark, gsize n_panels)
{
    double letter = fmax(width / LETTERS_ACROSS, SMALLEST_LETTER);
    *plate = (Plate){
        .width = width,
        .letter = letter,
        .margin = (int)ceil(letter),
        .gap = (int)ceil(letter),
        .colors = dark ? dark_colors : light,
        .panels = g_ptr_array_new_with_free_func(free_panel),
    };
    int content = width - 2 * plate->margin;
    int most =
        MAX(1, (int)((content + plate->gap) / (NARROWEST_PANEL * letter + plate->gap)));
    int panels = (int)CLAMP(n_panels, 1, 10000), rows = (panels + most - 1) / most;
    plate->columns = (panels + rows - 1) / rows; /* rows of about the same number */
    plate->cell = (content - (plate->columns - 1) * plate->gap) / plate->columns;
}

void
plate_clear(Plate *plate)
{
    g_clear_pointer(&plate->panels, g_ptr_array_unref);
}

void
plate_picture_size(const Plate *plate, const GeglRectangle *view, int *width, int *height)
{
    if (gegl_rectangle_is_empty(view)) {
        *width = *height = 0;
        return;
    }
    double wide = plate->cell, high = wide * view->height / view->width;
    if (high > HIGHEST_PICTURE * wide) {
        high = HIGHEST_PICTURE * wide;
        wide = high * view->width / view->height;
    }
    *width = (int)fmax(1, floor(wide + 0.5));
    *height = (int)fmax(1, floor(high + 0.5));
}
