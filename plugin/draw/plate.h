/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plate.h: a finished figure: panels in rows, each with title, picture and key, and a
 * caption below them.
 *
 *     (a) title      (b) title
 *     +---------+    +---------+
 *     | picture |    | picture |
 *     +---------+    +---------+
 *     note           key
 *     caption over the whole width
 *
 * Who makes one opens it for a number of panels, adds these, and takes the layers: a
 * group a panel, its words as text. Letters are in proportion to the width, so that a
 * plate looks alike at all widths, but for those where they could not be read. */
#ifndef FEATURESCOPE_DRAW_PLATE_H
#define FEATURESCOPE_DRAW_PLATE_H

#include "draw/legend.h"

/* Pixels. */
#define PLATE_NARROWEST 300
#define PLATE_WIDEST 8192

typedef struct Panel Panel;

typedef struct {
    float paper[3], ink[3], faint[3]; /* encoded R'G'B' */
} PlateColors;

typedef struct {
    int width;     /* pixels */
    double letter; /* size of the letters, the unit of all distances */
    int margin, gap, columns;
    int cell; /* width of a panel */
    PlateColors colors;
    GPtrArray *panels; /* of Panel */
} Plate;

/* A plate of this many panels. */
void plate_open(Plate *plate, int width, gboolean dark, gsize n_panels);
void plate_clear(Plate *plate);

/* Size in pixels at which a view of a photo is shown. */
void plate_picture_size(const Plate *plate,
                        const GeglRectangle *view,
                        int *width,
                        int *height);

/* The next panel, of what lies in `view`: pictures and frames have their places in the
 * same pixels. NULL: there is no picture. Its title gets the next letter. The plate owns
 * it. */
Panel *plate_add(Plate *plate, const char *title, const GeglRectangle *view);

/* Its pictures, an array of HostLayer that frees them, the top first: to add to. */
GPtrArray *panel_pictures(Panel *panel);

/* A frame around a part of the picture. */
void panel_frame(Panel *panel, const GeglRectangle *part);

/* Words below the picture. */
void panel_note(Panel *panel, const char *note);

/* What colours mean: a bar with numbers, or rows, whose texts are copied. */
void panel_bar(Panel *panel, const char *title, double low, double high, Colormap map);
void panel_rows(Panel *panel, const LegendRow *rows, gsize n_rows);

/* A bar of a value with words above it. from, to: parts of the panel's width. */
void panel_value(Panel *panel,
                 const char *label,
                 const char *number,
                 double from,
                 double to,
                 const float rgb[3]);

/* --- how it becomes layers (plate_layout.c) --- */

typedef struct {
    char *name;        /* NULL: the last one, of what belongs to no panel */
    GPtrArray *layers; /* of HostLayer, the top first; freed with it */
} PlateGroup;

/* Lays out and draws everything; the panels' pictures move into the groups. NULL with an
 * error without memory, or if the plate would be too large. g_array_unref(). */
GArray *plate_groups(Plate *plate, const char *caption, int *height, GError **error);

#endif
