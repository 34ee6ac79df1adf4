/* fixture.h: a small net, a photo in memory, and a call of a procedure.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "../core/build_model.h"
#include "../host_memory.h"
#include "procedure.h"

/* Call first: GEGL, a folder of its own for models and caches, the source tree's data. */
/* What is allocated between TRUE and FALSE may be leaked: by GEGL's modules, say. */
void fixture_ignore_leaks(gboolean ignore);

void fixture_start(int *argc, char ***argv);
void fixture_end(void);

/* The folder; files in it are removed by fixture_end(). */
char *fixture_path(const char *name); /* g_free() */
void fixture_write(const char *name, const char *text);

/* Writes a net as NAME and returns its path, g_free(). The net is freed. */
char *fixture_model(NewModel *net, const char *name);

/* A net whose numbers can be told by hand. Input "picture" N x 3 x 8 x 8; "maps" 1 x 2 x
 * 8 x 8: Relu of a 1x1 convolution, map 0 is the red channel, map 1 the green one less 2
 * (never above 0 for pixels in 0 .. 1); "score": the means of the red and the green
 * channel; "probability": their softmax. A card says that values are fed as they are, and
 * names the classes red and green. */
char *fixture_red_net(void);

/* An image of one layer, black, opaque; set pixels by fixture_dot() while it is open. */
typedef struct {
    HostImage *image;
    HostItem *photo;
    float *rgba;
    int width, height;
} Photo;
Photo fixture_photo(int width, int height);
void fixture_dot(Photo *photo, int x, int y, float red, float green, float blue);
void fixture_done(Photo *photo); /* writes the pixels */
void fixture_free(Photo *photo);

/* The same of seeded noise, done. */
Photo fixture_noise(int width, int height);

/* "name=value" pairs, NULL-ended, over the defaults. Points as "point=3,4". */
typedef struct {
    const Procedure *procedure;
    ParamValues *values;
    ResultValue *results;
    gboolean ok;
    GError *error;
} Call;
Call fixture_call(const Procedure *procedure, Photo *photo, const char *first, ...)
    G_GNUC_NULL_TERMINATED;
void fixture_call_clear(Call *call);

/* One of a result's numbers, which must be there. */
double fixture_number(const Call *call, guint result, guint index);

/* The call fails, its sentence holds the part, the image is as it was. */
void fixture_refused(const Procedure *procedure,
                     Photo *photo,
                     ProcedureError code,
                     const char *part,
                     const char *first,
                     ...) G_GNUC_NULL_TERMINATED;

/* A layer by its place in the stack, from the top. */
HostItem *fixture_layer(const Photo *photo, guint index);

/* Some message holds the part. */
gboolean fixture_said(const char *part);

extern const Procedure procedure_browse, procedure_project, procedure_occlusion,
    procedure_classify, procedure_filters, procedure_evidence, procedure_top,
    procedure_evolution, procedure_whatif;

/* A picture of the given pixels (height x width x 3) as a PNG file in the folder; name
 * may have parts. */
void fixture_picture(const char *name, int width, int height, const float *rgb);

#endif
