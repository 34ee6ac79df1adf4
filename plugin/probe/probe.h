/* SPDX-License-Identifier: GPL-3.0-or-later */
/* probe.h: one layer of a network, run on pictures and projected back. */
#ifndef FEATURESCOPE_PROBE_PROBE_H
#define FEATURESCOPE_PROBE_PROBE_H

#include "base/param.h"
#include "draw/paint.h"
#include "probe/runner.h"

typedef struct {
    const Net *net;
    NetLayer layer;
    Runner runner;             /* from the picture to the layer, and back */
    gsize maps, height, width; /* of the layer; 1 x 1 behind the spatial part */
    DcnMaps layout;            /* how these lie in it */
    float *map;                /* room for one */
} Probe;

/* layer: empty is the default one. The probe is zero after a failure. */
gboolean probe_open(
    Probe *probe, Net *net, const char *layer, int threads, GError **error);
void probe_close(Probe *probe);

/* The same layer once more, for another thread; see runner_open_beside(). It has not run
 * yet. */
gboolean probe_open_beside(Probe *probe, const Probe *other, int threads, GError **error);

/* A forward pass; input as in Seen. */
gboolean probe_run(Probe *probe,
                   const float *input,
                   const DcnProgress *progress,
                   GError **error);

/* After a run: the layer's tensor; the values of a map, row by row, until the next call;
 * the strongest unit of a map; those of the `count` strongest maps, the strongest first,
 * of which it returns how many there are. */
const float *probe_tensor(const Probe *probe);
const float *probe_values(const Probe *probe, gsize map);
DcnUnit probe_unit(const Probe *probe, gsize map);
gsize probe_rank(const Probe *probe, gsize count, DcnUnit *units);

/* --- what is projected (choose.c) --- */

/* The unit or the map that is projected. Of a whole map, `unit` is the strongest. */
typedef struct {
    DcnUnit unit;
    gboolean whole;
    gboolean silent;    /* all its values are zero, so there is nothing to project */
    gboolean saturated; /* much of the map is at the same highest value */
} Target;

/* The strongest map's (map < 0) or one map's strongest unit; up to `count` maps. Returns
 * how many; 0 with an error if there is no such map. */
gsize probe_strongest(const Probe *probe,
                      int map,
                      gsize count,
                      gboolean whole,
                      Target *targets,
                      GError **error);

/* The same at the unit whose receptive field has its middle nearest to a point of the
 * network's input. */
gsize probe_at(const Probe *probe,
               int map,
               gsize count,
               double net_x,
               double net_y,
               Target *targets,
               GError **error);

/* Of `count` units along an axis, whose receptive fields are begin[i] .. end[i] of `size`
 * pixels, cut off at the edges, the one whose middle is nearest to a position. */
gsize probe_nearest_unit(
    const gint64 *begin, const gint64 *end, gsize count, gint64 size, double position);

/* --- projecting --- */

/* signal: height x width x 3 of the network's input, R G B. */
gboolean probe_project(Probe *probe,
                       const Target *target,
                       DcnMethod method,
                       float *signal,
                       const DcnProgress *progress,
                       GError **error);

/* The parameter "method" of a table, and its value. */
#define PROBE_METHOD                                                                     \
    {                                                                                    \
        .name = "method", .type = PARAM_CHOICE, .label = N_("Me_thod"),                  \
        .blurb = N_("How a signal passes rectifiers on its way down"),                   \
        .text = "deconvnet", .choices = probe_methods                                    \
    }
extern const ParamChoice probe_methods[];
DcnMethod probe_method(const ParamValues *values);

/* The parameters "unit" and "percentile": see Target, and paint_scale(). */
#define PROBE_UNIT                                                                       \
    {                                                                                    \
        .name = "unit", .type = PARAM_CHOICE, .label = N_("_Unit"),                      \
        .blurb = N_("What is projected: the strongest unit of a map, the whole map, or " \
                    "the unit at a point"),                                              \
        .text = "strongest", .choices = probe_units                                      \
    }
#define PROBE_PERCENTILE(advanced_)                                                      \
    {                                                                                    \
        .name = "percentile", .type = PARAM_DOUBLE, .label = N_("P_ercentile"),          \
        .blurb = N_("Share of the values other than zero, in percent, that stays "       \
                    "within black and white"),                                           \
        .min = 50, .max = 100, .value = PAINT_PERCENTILE, .advanced = advanced_          \
    }
extern const ParamChoice probe_units[];

/* --- in words (words.c) --- */

/* "map 67 · 42.1 · relu7": what differs first, as lists of layers are narrow. "map 67
 * (whole) · …", "map 67 · silent · …". g_free(). */
char *probe_name(const Probe *probe, const Target *target);

/* That the target is silent, in a sentence; NULL: it is not. g_free() */
char *probe_silence(const Probe *probe, const Target *target);

/* Tells the user if the target is silent or saturated. */
void probe_tell(const Probe *probe, const Target *target);

/* FALSE: all methods give the same for the layer. The second one tells the user so, once
 * a run. */
gboolean probe_methods_differ(const Probe *probe);
void probe_tell_methods(const Probe *probe);

#endif
