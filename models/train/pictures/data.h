/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data.h: what pictures there are and what they show.
 *
 * Two layouts are read: a folder for each class, named by it, with pictures at any depth;
 * and that of PASCAL VOC (voc.c), where a picture shows several things. */
#ifndef TRAIN_PICTURES_DATA_H
#define TRAIN_PICTURES_DATA_H

#include <glib.h>

typedef struct {
    char *path;     /* relative to the root, with "/" on every system */
    guint16 *shown; /* classes, without repetition; more than one with VOC only */
    gsize n_shown;
} Item;

typedef struct {
    char *root;
    char **classes; /* names, sorted by their bytes; ended by NULL */
    gsize n_classes;
    gboolean several; /* an item may show several classes, or none */
    GPtrArray *items; /* of Item, sorted by path */
} Data;

/* classes: NULL, or the only names there may be, in their order (those of another
 * folder). Fails if there are no pictures, fewer than two classes, or one without
 * pictures. */
Data *data_open(const char *root, const char *const *classes, GError **error);
void data_free(Data *data);

Item *item_new(const char *path, const guint16 *shown, gsize n_shown);
void item_free(Item *item);

/* TRUE if a file's name ends as pictures' names do. */
gboolean data_is_picture(const char *name);

/* Fails if a class has no item. what: how to call the list. */
gboolean data_check(const Data *data,
                    const GPtrArray *items,
                    const char *what,
                    GError **error);

#endif
