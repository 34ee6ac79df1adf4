/* SPDX-License-Identifier: GPL-3.0-or-later */
/* engine.h: computes what the browser's window shows: the maps of a layer, projections
 * and the heat map of an occlusion, in a thread beside the main loop.
 *
 * It uses neither a toolkit nor the host. The calls below start work and return at once;
 * when a result is ready, `changed` is called on the main loop and the structs below hold
 * it. A newer request replaces an older one of its kind:
 *
 *     browse_open()    a layer: its maps' numbers, evidence, thumbnails one after another
 *     browse_choose()  one unit or map of that layer: its projection
 *     browse_occlude() a square slides over the photo: a heat map, coarse to fine
 *
 * nine.h adds what of other pictures excites a map most. */
#ifndef FEATURESCOPE_ACTIONS_BROWSE_ENGINE_H
#define FEATURESCOPE_ACTIONS_BROWSE_ENGINE_H

#include "net/labels.h"
#include "photo/seen.h"
#include "probe/field.h"
#include <cairo.h>

typedef struct Browse Browse;

/* What has come. */
typedef enum {
    BROWSE_MAPS,   /* another layer, all numbers of its maps */
    BROWSE_ORDER,  /* the evidence of its maps, or their values at a point */
    BROWSE_THUMB,  /* one more thumbnail */
    BROWSE_VIEW,   /* a projection */
    BROWSE_HEAT,   /* more cells of the heat map */
    BROWSE_ANSWER, /* probabilities of the classes */
    BROWSE_NINE,   /* more of the strongest nine of a map */
    BROWSE_PASS,   /* how far the pass over a folder is, or its end */
    BROWSE_ERROR,  /* see browse_error() */
} BrowseNews;

/* The net is borrowed and must have a survey; what is seen is copied. */
Browse *browse_new(Net *net,
                   const Seen *seen,
                   int threads,
                   void (*changed)(void *user, BrowseNews news),
                   void *user);
void browse_free(Browse *browse); /* NULL is accepted */

/* The last failure, a sentence, until something succeeds or a layer is opened; or NULL. */
const char *browse_error(const Browse *browse);

/* --- a layer --- */

typedef enum {
    BROWSE_NO_THUMBS,
    BROWSE_ACTIVATIONS, /* the map itself, dark violet at 0 to yellow at its highest */
    BROWSE_PROJECTIONS, /* of the strongest unit, cut to what that can see */
} BrowseThumbs;

typedef enum {
    BROWSE_STRENGTH,
    BROWSE_EVIDENCE,
    BROWSE_INDEX,
    BROWSE_HERE, /* their values at a point of the photo */
} BrowseSort;

/* Side of a thumbnail in pixels. */
#define BROWSE_TILE 96

typedef struct {
    NetLayer layer;
    gsize count, height, width; /* maps, and units of each */
    DcnUnit *units;             /* of each map the strongest */
    double *evidence; /* of each map, its evidence for a class's score; NULL: not asked
                         for, or unknown */
    double *here;     /* of each map, its value at the point of the last choice with
                         .rank; NULL: none yet */
    cairo_surface_t **thumbs; /* of each map; NULL: not yet */
    gsize n_thumbs;
} BrowseMaps;

/* Whose evidence is asked for from now on; -1, at first: the predicted class. */
void browse_evidence_for(Browse *browse, gint64 class_index);

/* layer: empty: the default one. Thumbnails come in the order of sort; BROWSE_EVIDENCE
 * has the evidence computed first. method: of projections. */
void browse_open(Browse *browse,
                 const char *layer,
                 BrowseThumbs thumbs,
                 BrowseSort sort,
                 DcnMethod method);

/* NULL until the first layer is open. */
const BrowseMaps *browse_maps(const Browse *browse);

/* Numbers of all maps in that order: the strongest, or most in favour, first. g_free() */
gsize *browse_order(const BrowseMaps *maps, BrowseSort sort);

/* No unit of the map answers; of BROWSE_HERE, the one at the point does not. */
gboolean browse_silent(const BrowseMaps *maps, gsize map, BrowseSort sort);

/* What stands below a map's thumbnail: its number, and in the order of evidence or of
 * values at a point that: "17 +0.31". */
#define BROWSE_LABEL 64
const char *browse_label(const BrowseMaps *maps,
                         gsize map,
                         BrowseSort sort,
                         char label[static BROWSE_LABEL]);

/* --- a projection --- */

typedef enum { BROWSE_UNIT, BROWSE_WHOLE, BROWSE_POINT } BrowseUnit;

typedef struct {
    int map; /* -1: the strongest; of BROWSE_POINT, the strongest there */
    BrowseUnit unit;
    double x, y; /* BROWSE_POINT: in pixels of the network's input */
    DcnMethod method;
    gboolean rank; /* all maps' values at x, y are wanted too: BROWSE_ORDER comes first */
} BrowseChoice;

typedef struct {
    BrowseChoice choice;
    NetLayer layer;
    Target target;
    char *name;     /* "map 67 · 42.1 · relu7" */
    char *field;    /* "Unit 3, 5 sees 31 × 31 of 224 × 224 pixels", and a remark if all
                     * methods give the same */
    float *signal;  /* height x width x 3 of the network's input */
    Field seen;     /* what the unit can see; of a whole map: everything */
    gboolean small; /* it sees so little of the picture that it should be enlarged */
} BrowseView;

/* Of the layer that was opened last; nothing comes before that is open. */
void browse_choose(Browse *browse, const BrowseChoice *choice);
const BrowseView *browse_view(const Browse *browse); /* NULL: none yet */

/* --- a heat map --- */

typedef struct {
    int size, step;     /* of the square, in pixels of the network's input; 0: chosen */
    gboolean follow;    /* the activity of a map; else the probability of a class */
    int map;            /* of the open layer; -1: the strongest */
    gint64 class_index; /* -1: the predicted one */
} BrowseSquare;

typedef struct {
    gsize rows, columns, known; /* cells */
    int size, step;
    gboolean follow, over; /* over: nothing more comes */
    gsize class_index, map;
    char *shown;     /* the layer whose map is followed */
    float *values;   /* rows x columns; where none is known, one near it that is */
    double base;     /* without a square */
    double rounding; /* no wider range of values is more than that */
} BrowseHeat;

/* gray: what the square shows, encoded R'G'B'. */
void browse_occlude(Browse *browse, const BrowseSquare *square, const float gray[3]);

/* Stops; what is known stays. */
void browse_stop(Browse *browse);
const BrowseHeat *browse_heat(const Browse *browse); /* NULL: none yet */
gboolean browse_occluding(const Browse *browse);

/* Forgets the heat map. */
void browse_no_heat(Browse *browse);

/* --- the answer --- */

/* FALSE: the net is no classifier. */
gboolean browse_ask_answer(Browse *browse, GError **error);

/* The probability of each class for the photo; NULL: not yet. */
const float *browse_answer(const Browse *browse);

/* --- what it looks at --- */

Net *browse_net(const Browse *browse);
const Seen *browse_seen(const Browse *browse);

/* The signal as an opaque picture; small ones show only what the unit sees. scale: as of
 * paint_signal(). The caller destroys it. */
cairo_surface_t *browse_paint(const Browse *browse, const BrowseView *view, float scale);

/* The same of everything, or of what the unit sees only, whether it is small or not. */
cairo_surface_t *browse_paint_as(const Browse *browse,
                                 const BrowseView *view,
                                 gboolean field_only,
                                 float scale);
float browse_scale(const Browse *browse, const BrowseView *view, double percentile);

/* What the network is shown, at its size. The caller destroys it. */
cairo_surface_t *browse_paint_photo(const Browse *browse);

#endif
