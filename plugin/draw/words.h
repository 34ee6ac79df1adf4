/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.h: text on its way into a picture: measured, divided into lines, drawn. */
#ifndef FEATURESCOPE_DRAW_WORDS_H
#define FEATURESCOPE_DRAW_WORDS_H

#include "host.h"
#include <pango/pangocairo.h>

/* Letters of a size in pixels, in the font that is used everywhere. g_object_unref(). */
PangoLayout *words_layout(cairo_t *cairo, double letter, const char *text);

/* Size in pixels; lines are divided by "\n". height may be NULL. */
double words_size(double letter, const char *text, double *height);

/* Divided into lines of at most this width, by spaces or, where a word is wider, inside
 * it; what is beyond `most` lines becomes "…". g_free(). */
char *words_wrap(double letter, const char *text, double width, int most);

/* One line of at most this width: the middle becomes "…". g_free(). */
char *words_fit(double letter, const char *text, double width);

/* A layer of text whose upper edge is at y, and the part `at` of whose width is at x.
 * NULL without memory. */
HostLayer *words_layer(const char *name,
                       const char *words,
                       double letter,
                       const float rgb[3],
                       double x,
                       double y,
                       double at);

#endif
