/* SPDX-License-Identifier: GPL-3.0-or-later */
/* voc.h: the layout of PASCAL VOC: JPEGImages, Annotations, ImageSets/Main. */
#ifndef TRAIN_PICTURES_VOC_H
#define TRAIN_PICTURES_VOC_H

#include "pictures/data.h"

gboolean voc_is(const char *root);

/* The pictures of one list, "train" for ImageSets/Main/train.txt; NULL: all that have an
 * annotation. Objects marked as difficult are left out, as the challenge does not count
 * them. */
Data *voc_open(const char *root,
               const char *list,
               const char *const *classes,
               GError **error);

/* TRUE if there is such a list. */
gboolean voc_has(const char *root, const char *list);

#endif
