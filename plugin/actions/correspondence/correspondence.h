/* SPDX-License-Identifier: GPL-3.0-or-later */
/* correspondence.h: does a network know that a part of one picture is the same part of
 * another?
 *
 * Zeiler & Fergus 2014, section 4.3. The part is covered in picture i; x_i being a
 * layer's values for the picture and x̃_i those for the covered one, ε_i = x_i − x̃_i. If
 * the net has a notion of the part, its loss changes the features of all pictures alike.
 * Over all pairs,
 *
 *     Δ = the mean over i < j of H(sign(ε_i), sign(ε_j)) / n,
 *
 * H being the Hamming distance, the number of those of n values whose signs differ; a
 * sign is −1, 0 or 1. (The paper writes the sum over i ≠ j; its table 1 has means.) Parts
 * at random places of the same size say what Δ is without any correspondence. */
#ifndef FEATURESCOPE_ACTIONS_CORRESPONDENCE_CORRESPONDENCE_H
#define FEATURESCOPE_ACTIONS_CORRESPONDENCE_CORRESPONDENCE_H

#include "net/picks.h"
#include "photo/pictures.h"
#include "photo/seen.h"

#define CORRESPONDENCE_PARTS 12
#define CORRESPONDENCE_MOST 100 /* pictures */

/* Pictures, and random parts of each, that the sheet shows. */
#define CORRESPONDENCE_SHOWN 5
#define CORRESPONDENCE_RANDOM 3

/* A picture as the net sees it, with its parts. */
typedef struct {
    char *name;
    Region region;
    float *rgb, *fill;                  /* height x width x 3; what covers a part */
    float *masks[CORRESPONDENCE_PARTS]; /* height x width, 0 to 1 */
} Subject;

/* Mean and standard deviation of the Hamming distances of all pairs; below: how many of
 * the random draws have a lower mean. */
typedef struct {
    double mean, deviation;
    gsize below;
} Agreement;

typedef struct {
    const Run *run;
    Net *net;
    NetLayers layers;
    Pictures pictures;
    char *parts[CORRESPONDENCE_PARTS]; /* names */
    gsize n_parts, draws;              /* draws: random parts of each picture */
    Subject *subjects;
    gsize n_subjects;
    GRand *random;

    /* Of picture s, of the parts and then the draws: pixel x and y of a draw's corner. */
    GArray *corners; /* of two ints, picture by picture, draw by draw */

    /* Signs of ε of a layer: picture by picture, part by part and draw by draw. */
    gint8 *signs[NET_MOST_LAYERS];
    gsize count[NET_MOST_LAYERS]; /* n: values of a layer */

    /* By layer: each part, then all random ones. */
    Agreement agreement[NET_MOST_LAYERS][CORRESPONDENCE_PARTS + 1];
    double *distances[NET_MOST_LAYERS]; /* of all pairs, part by part and draw by
                                                 draw, n_pairs each */
    gsize n_pairs;
} Correspondence;

/* Reads all pictures with their parts (subjects.c). */
gboolean correspondence_read(Correspondence *all, GError **error);
void correspondence_clear_subjects(Correspondence *all);

/* The mask of a part (which < n_parts), or of a draw, in picture s; room: height x width.
 * Returns the mask, which may be `room`. */
const float *correspondence_mask(const Correspondence *all,
                                 gsize s,
                                 gsize which,
                                 float *room);

/* Runs the net on all pictures as they are and covered (measure.c), then compares
 * (compare.c). */
gboolean correspondence_measure(Correspondence *all, GError **error);
gboolean correspondence_compare(Correspondence *all, GError **error);

/* The share of values that differ. */
double correspondence_hamming(const gint8 *a, const gint8 *b, gsize count);

/* Name of a row: of a part, or of all random ones. Translated where it is ours. */
const char *correspondence_row(const Correspondence *all, gsize row);

/* The table, and the pictures with their parts below (table.c). */
gboolean correspondence_show(const Correspondence *all, GError **error);

/* A line a pair (save.c). */
gboolean correspondence_save(const Correspondence *all, const char *path, GError **error);

#endif
