/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/show.h: a picture laid over an operation's input. */
#ifndef FEATURESCOPE_GEGL_SHOW_H
#define FEATURESCOPE_GEGL_SHOW_H

#include "host.h"

/* The input's pixels as they are. roi: in pixels of level 0. */
void show_input(GeglBuffer *input,
                GeglBuffer *output,
                const GeglRectangle *roi,
                int level);

/* A rectangle in pixels of a level. */
GeglRectangle show_at_level(const GeglRectangle *rect, int level);

/* Lays the layer, whose rectangle is in pixels of the level, over what the output has of
 * the input already, inside roi, as GIMP's layers do: blended in linear light. Any part
 * of it has the same pixels as the whole. */
gboolean show_layer(const HostLayer *layer,
                    GeglBuffer *output,
                    const GeglRectangle *roi,
                    int level,
                    GError **error);

#endif
