/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shelf.h: a list of pictures, each decoded once and kept while the memory limit
 * allows. */
#ifndef TRAIN_PICTURES_SHELF_H
#define TRAIN_PICTURES_SHELF_H

#include "pictures/data.h"
#include "pictures/picture.h"

typedef struct {
    const Data *data;
    GPtrArray *items;   /* borrowed Items; those that cannot be read are gone */
    Picture **pictures; /* NULL: to be decoded when wanted */
    int side;           /* what pictures were made small for */
    gsize unreadable;
} Shelf;

/* Tells how far it is; FALSE: stop. */
typedef gboolean (*ShelfProgress)(gsize done, gsize all, gpointer user);

/* Decodes all. Pictures that cannot be read are named on the error stream. room: bytes
 * that may be taken, lowered by those that were. NULL with an error if it was stopped. */
Shelf *shelf_new(const Data *data,
                 const GPtrArray *items,
                 int side,
                 gsize *room,
                 int threads,
                 ShelfProgress progress,
                 gpointer user,
                 GError **error);
void shelf_free(Shelf *shelf);

/* own: receives the picture if it is not on the shelf, for g_free(); else NULL. Several
 * threads may ask. */
const Picture *shelf_get(const Shelf *shelf, gsize index, Picture **own, GError **error);

#endif
