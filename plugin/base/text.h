/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h: numbers and sentences for the user, the same in every locale. */
#ifndef FEATURESCOPE_BASE_TEXT_H
#define FEATURESCOPE_BASE_TEXT_H

#include <glib.h>

#define TEXT_NUMBER 48

/* Three significant digits, a decimal point, a true minus sign: "42.1", "−0.0031",
 * "12300", "2.5e−07". Returns text. */
const char *text_number(char text[static TEXT_NUMBER], double value);

/* The same without zeros at the end of the decimals: "0.25", "−0.5". */
const char *text_short_number(char text[static TEXT_NUMBER], double value);

/* Two significant digits with a sign, for a change: "−0.31", "+2.4", "0". */
const char *text_change(char text[static TEXT_NUMBER], double value);

/* Two decimals, and more near 0 and 1 where two would say "0.00" or "1.00". */
const char *text_probability(char text[static TEXT_NUMBER], double value);

/* A share of one as a percentage with one decimal: "47.1 %". */
const char *text_percent(char text[static TEXT_NUMBER], double share);

/* A value of a label: "P(tabby)"; a label that stands in brackets already gets no second
 * pair: "P(background)". g_free(). */
char *text_of_label(const char *what, const char *label);

/* Removes a second mark at the end of a sentence whose last part has one: "… relu2?."
 * becomes "… relu2?". In place; returns text. */
char *text_end_once(char *text);

/* A text with a sign in the place of bytes that are no UTF-8, as names of files may have
 * them. Takes the text, which may be NULL; g_free(). */
char *text_valid(char *text);

/* A sentence that holds a very long word, as an argument of 100 kB, without its middle: at
 * most TEXT_MOST bytes. In place; returns text, which may be NULL. */
#define TEXT_MOST 2000
char *text_shorten(char *text);

#endif
