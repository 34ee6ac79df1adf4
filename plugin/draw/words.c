/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.c: text on its way into a picture. */

#include "draw/words.h"
#include "draw/sheet.h"
#include <math.h>
#include <string.h>

PangoLayout *
words_layout(cairo_t *cairo, double letter, const char *text)
{
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    PangoFontDescription *font = pango_font_description_from_string("Sans");
    pango_font_description_set_absolute_size(font, letter * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

/* --- measuring --- */

/* A layout that is only measured; the second function frees it. */
static PangoLayout *
measured(double letter, const char *text)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
    cairo_t *cairo = cairo_create(surface);
    PangoLayout *layout = words_layout(cairo, letter, text);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return layout;
}

double
words_size(double letter, const char *text, double *height)
{
    int wide, high;
    PangoLayout *layout = measured(letter, text);
    pango_layout_get_pixel_size(layout, &wide, &high);
    g_object_unref(layout);
    if (height)
        *height = high;
    return wide;
}

char *
words_wrap(double letter, const char *text, double width, int most)
{
    PangoLayout *layout = measured(letter, text);
    GString *lines = g_string_new(NULL);
    pango_layout_set_width(layout, (int)fmax(width, 1) * PANGO_SCALE);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    int count = pango_layout_get_line_count(layout);
    for (int i = 0; i < MIN(count, most); i++) {
        const PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
        if (i)
            g_string_append_c(lines, '\n');
        g_string_append_len(lines, text + line->start_index, line->length);
        while (lines->len && lines->str[lines->len - 1] == ' ')
            g_string_truncate(lines, lines->len - 1);
    }
    if (count > most)
        g_string_append(lines, "…");
    g_object_unref(layout);
    return g_string_free(lines, FALSE);
}

char *
words_fit(double letter, const char *text, double width)
{
    glong letters = g_utf8_strlen(text, -1);
    char *fit = g_strdup(text);
    for (glong kept = letters - 1; kept > 1 && words_size(letter, fit, NULL) > width;
         kept--) {
        const char *left = g_utf8_offset_to_pointer(text, (kept + 1) / 2);
        const char *right = g_utf8_offset_to_pointer(text, letters - kept / 2);
        g_free(fit);
        fit = g_strdup_printf("%.*s…%s", (int)(left - text), text, right);
    }
    return fit;
}

/* --- drawing --- */

HostLayer *
words_layer(const char *name,
            const char *words,
            double letter,
            const float rgb[3],
            double x,
            double y,
            double at)
{
    Sheet sheet;
    double high, wide = words_size(letter, words, &high);
    if (sheet_open(&sheet, letter, MAX(1, (int)wide), MAX(1, (int)high), 0)) {
        PangoLayout *layout = words_layout(sheet.cairo, letter, words);
        cairo_set_source_rgb(sheet.cairo, (double)rgb[0], (double)rgb[1], (double)rgb[2]);
        pango_cairo_show_layout(sheet.cairo, layout);
        g_object_unref(layout);
    }
    HostLayer *layer =
        sheet_close(&sheet, name, (int)floor(x - at * wide + 0.5), (int)floor(y + 0.5));
    if (layer)
        host_layer_text(layer, words, letter, rgb, at);
    return layer;
}
