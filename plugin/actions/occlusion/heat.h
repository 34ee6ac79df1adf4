/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat.h: one heat map of an occlusion: its numbers, name, colours and legend. */
#ifndef FEATURESCOPE_ACTIONS_OCCLUSION_HEAT_H
#define FEATURESCOPE_ACTIONS_OCCLUSION_HEAT_H

#include "base/procedure.h"
#include "draw/legend.h"
#include "draw/paint.h"
#include "net/labels.h"
#include "result/about.h"

typedef enum {
    HEAT_ACTIVITY, /* sum over a feature map: map (b) of Zeiler & Fergus 2014, fig. 7 */
    HEAT_PROBABILITY, /* of a class: map (d) */
    HEAT_SCORE,       /* the same before the softmax */
    HEAT_CLASS,       /* the most probable class: map (e) */
} HeatKind;

typedef struct {
    HeatKind kind;
    char *what;  /* "P(tabby)" */
    char *title; /* of a panel: "Probability of “tabby”" */
    char *file;  /* suffix of a data file: "probability-tabby" */
    gsize rows, columns;
    double step;      /* of cells, in pixels of the network's input */
    float *values;    /* rows x columns, by the square's place; not of HEAT_CLASS */
    guint32 *best;    /* of HEAT_CLASS */
    double base;      /* without a square */
    double low, high; /* of values; also of the colours, once settled */
    double rounding;  /* no wider range of values is more than rounding */
    gsize n_classes;
    Labels *labels; /* borrowed; of HEAT_CLASS */
    Region region;
    HostItem *drawable;

    /* How it is shown. */
    gboolean change; /* values minus base */
    Colormap map;
    double color_low, color_high;
} Heat;

void heat_free(void *heat); /* a Heat, or NULL */

/* Lowest and highest value. */
void heat_measure(Heat *heat);

/* The values differ by rounding at most, so the map is of one colour. */
gboolean heat_is_flat(const Heat *heat);

/* Own: the colours' range from the map itself; of a change, equally far on both sides of
 * zero. A shared range is the union of those of all maps of one kind. */
void heat_range_own(Heat *heat);
void heat_range_fixed(Heat *heat, double low, double high);
void heat_range_shared(Heat **heats, gsize n_heats);

/* --- in words (heat_words.c) --- */

/* "P(tabby) 0.78 → 0.42…0.90". g_free(). */
char *heat_name(const Heat *heat);

/* A sentence for the user if the map shows nothing, as a flat or saturated one; or NULL.
 * g_free(). */
char *heat_remark(const Heat *heat);

/* Tells it. */
void heat_tell(const Heat *heat);

/* --- painted (heat_paint.c) --- */

/* Pixels of the grid: colours (4 a pixel), or what a selection needs (1 a pixel): white
 * where covering lowers the value most, or changes the class. */
void heat_colors(const Heat *heat, const RegionGrid *grid, gboolean smooth, float *rgba);
void heat_mask(const Heat *heat, const RegionGrid *grid, gboolean smooth, float *mask);

/* NULL if the region is too small for one. */
HostLayer *heat_legend(const Heat *heat);

/* The rows of a class map's legend: at least HEAT_ROWS are there. Returns how many; their
 * texts g_free(). */
#define HEAT_ROWS 8
gsize heat_rows(const Heat *heat, LegendRow rows[static HEAT_ROWS]);

/* --- numbers --- */

/* Writes [result] of what the layer says of itself. */
void heat_describe(const Heat *heat, GKeyFile *about);

gboolean heat_save(const Heat *heat, const char *path, GError **error);

#endif
