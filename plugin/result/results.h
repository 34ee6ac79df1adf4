/* SPDX-License-Identifier: GPL-3.0-or-later */
/* results.h: the results of a run on their way to the host. */
#ifndef FEATURESCOPE_RESULT_RESULTS_H
#define FEATURESCOPE_RESULT_RESULTS_H

#include "base/procedure.h"
#include "photo/region.h"

/* An array of HostLayer that frees them. */
GPtrArray *layers_new(void);

/* A layer over the region, opaque, its pixels to be filled; added last. Channels have 1
 * value a pixel, layers 4. NULL with an error without memory. */
HostLayer *layers_add(GPtrArray *layers,
                      const Region *region,
                      const RegionGrid *grid,
                      gboolean channel,
                      const char *name,
                      GError **error);

/* Adds all layers above the run's first drawable, in a group if there are several, and
 * warns of results that are very large. The run's first two results become the items and
 * the image that holds them, which is another one if the run's is indexed. */
gboolean layers_finish(const Run *run,
                       GPtrArray *layers,
                       const char *undo_name,
                       const char *group,
                       GError **error);

/* Layers of a group; of several groups, the first one on top. */
typedef struct {
    const char *name; /* NULL: no group */
    GPtrArray *layers;
} LayersGroup;

/* Adds all layers to a new image, which is shown. The results are set as by
 * layers_finish(). */
gboolean layers_finish_new(const Run *run,
                           const LayersGroup *groups,
                           gsize n_groups,
                           int width,
                           int height,
                           const char *title,
                           GError **error);

/* One sheet, whose corner lies at 0, 0: as a new image, or as a layer over the run's
 * first drawable, by the parameter of LAYERS_TARGET. Takes the layer. */
gboolean layers_finish_sheet(const Run *run,
                             HostLayer *sheet,
                             const char *title,
                             GError **error);

/* The parameter "target" for layers_finish_sheet(). */
#define LAYERS_TARGET                                                                    \
    {                                                                                    \
        .name = "target", .type = PARAM_CHOICE, .label = N_("_Where to"),                \
        .blurb = N_("A new image, or a layer of the open one, at the corner of what is " \
                    "selected there"),                                                   \
        .text = "image", .choices = layers_targets, .advanced = TRUE                     \
    }
extern const ParamChoice layers_targets[];

/* The two lines of a table of results that layers_finish() fills. */
#define LAYERS_RESULTS                                                                   \
    {"layers", RESULT_ITEMS, N_("What was added, the top first")},                       \
    {                                                                                    \
        "result-image", RESULT_IMAGE,                                                    \
            N_("The image that holds them: the given one, or a new RGB image if that "   \
               "is indexed")                                                             \
    }

/* With several drawables, "photo: name"; else the name. Takes the name. g_free(). */
char *layers_name(const Run *run, HostItem *drawable, char *name);

#endif
