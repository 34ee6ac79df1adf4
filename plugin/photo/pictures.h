/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pictures.h: the pictures that an action compares: layers, open images, or a folder. */
#ifndef FEATURESCOPE_PHOTO_PICTURES_H
#define FEATURESCOPE_PHOTO_PICTURES_H

#include "base/procedure.h"
#include "photo/folder.h"

/* The first of these that is given. */
typedef struct {
    char *name;       /* for a person */
    HostImage *image; /* with its selection; NULL: a file */
    HostItem *item;   /* of it */
    char *path;       /* of a file, else NULL */
} Picture;

typedef struct {
    Picture *pictures;
    gsize count;
    Folder folder;      /* zero, or the one that they are of: pictures[i] is its file i */
    GPtrArray *skipped; /* sentences about files that are none; see folder_skip() */
} Pictures;

/* By the parameters "pictures" and "folder" of the table. Results of earlier runs are no
 * pictures. The list is zero after a failure. */
gboolean pictures_find(Pictures *pictures, const Run *run, GError **error);
void pictures_clear(Pictures *pictures);

/* Its pixels, and where they lie in its image. NULL with an error that names it. */
HostPixels *picture_open(const Picture *picture, GeglRectangle *rect, GError **error);

/* The parameters. */
#define PICTURES_FROM                                                                    \
    {                                                                                    \
        .name = "pictures", .type = PARAM_CHOICE, .label = N_("_Pictures"),              \
        .blurb = N_("Which pictures are looked at: the layers that the action is "       \
                    "called for, the selected layer of each open image, or the files "   \
                    "of a folder"),                                                      \
        .text = "layers", .choices = pictures_from                                       \
    }
#define PICTURES_FOLDER                                                                  \
    {                                                                                    \
        .name = "folder", .type = PARAM_FOLDER, .label = N_("Fo_lder"),                  \
        .blurb = N_("Folder of pictures, with all folders below"),                       \
        .only_with = "pictures", .only_nicks = "folder", .valid = pictures_valid_folder  \
    }
extern const ParamChoice pictures_from[];
gboolean pictures_valid_folder(const ParamValues *values, GError **error);

#endif
