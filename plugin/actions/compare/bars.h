/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bars.h: answers and evidence of both sides, as pairs of bars on a sheet. */
#ifndef FEATURESCOPE_ACTIONS_COMPARE_BARS_H
#define FEATURESCOPE_ACTIONS_COMPARE_BARS_H

#include "actions/compare/compare.h"
#include "base/text.h"
#include "draw/sheet.h"

#define COMPARE_LETTER 12.0 /* pixels */
#define COMPARE_BAR 2.0     /* height of a pair of bars, in letters */

/* Which colour is which side. left, top, width: pixels of the sheet, here and below. */
void compare_draw_key(
    const Compare *compare, Sheet *sheet, double left, double top, double width);

/* The most probable classes of both. */
void compare_draw_answers(
    const Compare *compare, Sheet *sheet, double left, double top, double width);

/* What removing the maps of compare->maps does to the label in both. */
void compare_draw_evidence(
    const Compare *compare, Sheet *sheet, double left, double top, double width);

/* "0.98", or "–" for what is not a number. Returns text. */
const char *compare_number(char text[static TEXT_NUMBER], double value);

#endif
