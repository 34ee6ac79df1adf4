/* top_fixture.h: pictures, a net and the index, for the tests of the strongest nine.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOP_FIXTURE_H
#define TOP_FIXTURE_H

#include "fixture.h"

#define TOP_PICTURES 23

enum {
    LAYERS,
    IMAGE,
    LAYER,
    MAPS,
    COUNTS,
    VALUES,
    FILES,
    IMAGES,
    COMPUTED,
    SKIPPED,
    MISSING
};

/* A folder with TOP_PICTURES pictures of noise in three folders, a text, a PNG that is
 * cut off. g_free() */
char *top_noise(const char *name);

/* A net whose layer "maps" has five maps of a 3x3 convolution with a stride, a folder of
 * pictures (taken over), a photo of 8 x 8, and no index. */
typedef struct {
    char *net, *model;     /* FILE, "model=FILE" */
    char *folder, *images; /* FOLDER, "images=FOLDER" */
    Photo photo;
} TopCase;
TopCase top_begin(char *folder);
void top_end(TopCase *t);

void top_clear(Call *call, const Photo *photo);

#endif
