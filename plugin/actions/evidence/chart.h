/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.h: a bar chart of the maps that raise or lower a class's score. */
#ifndef FEATURESCOPE_ACTIONS_EVIDENCE_CHART_H
#define FEATURESCOPE_ACTIONS_EVIDENCE_CHART_H

#include "probe/removal.h"

/* A row a map, those for the class first; over the upper left corner of `over`, its
 * letters of a size that suits it, and moved or with smaller letters where it would be cut
 * by the right edge of the canvas. title: of the sheet; label: of the class. */
HostLayer *evidence_chart(const char *name,
                          const GeglRectangle *over,
                          const GeglRectangle *canvas,
                          const char *title,
                          const char *label,
                          const RemovedMap *const *maps,
                          gsize count,
                          GError **error);

#endif
