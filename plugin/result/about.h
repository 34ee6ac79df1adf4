/* SPDX-License-Identifier: GPL-3.0-or-later */
/* about.h: what a result says of itself, kept on its layer as a text.
 *
 * A key file: [featurescope] procedure; [model] name, file, sha256, preprocessing;
 * [region] the rectangle that the network saw, in pixels of the image, if it is of this
 * image; [parameters] as the procedure was called; [result] layer, map, range and the
 * like. */
#ifndef FEATURESCOPE_RESULT_ABOUT_H
#define FEATURESCOPE_RESULT_ABOUT_H

#include "base/procedure.h"
#include "net/net.h"
#include "photo/region.h"

/* region: NULL: none */
GKeyFile *about_new(const Procedure *procedure,
                    const Net *net,
                    const Region *region,
                    const ParamValues *values);

/* Its text, g_free(); the key file is freed. */
char *about_finish(GKeyFile *about);

#endif
