/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/properties.h: the parameters of an action as properties of an operation. */
#ifndef FEATURESCOPE_GEGL_PROPERTIES_H
#define FEATURESCOPE_GEGL_PROPERTIES_H

#include "gegl/filter.h"

/* The values of an operation: of the whole table of its action, and the point, which is
 * relative here as GIMP's own filters have it. */
typedef struct {
    ParamValues *values;
    double point[2]; /* 0 to 1 over the input's width and height */
    double patience; /* seconds; 0: without end */
} Properties;

/* All at their defaults. properties_clear(). */
Properties properties_new(const FilterKind *kind);
Properties properties_copy(const Properties *properties);
void properties_clear(Properties *properties);

/* Of a class, from its action's table. */
void properties_install(GObjectClass *klass, const FilterKind *kind);

/* As GObjectClass has them. */
void properties_set(Properties *properties,
                    const FilterKind *kind,
                    guint id,
                    const GValue *value,
                    GParamSpec *spec);
void properties_get(const Properties *properties,
                    const FilterKind *kind,
                    guint id,
                    GValue *value,
                    GParamSpec *spec);

/* All of them as one text: two operations of a kind whose texts are equal show the same.
 * g_free() */
char *properties_text(const Properties *properties);

#endif
