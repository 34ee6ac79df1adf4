/* SPDX-License-Identifier: GPL-3.0-or-later */
/* host_memory.h: the host that has pictures in memory only, for tests.
 *
 * It answers host.h without a GIMP, and what a test wants to set up or look at is open:
 * the structs below. Call gegl_init() first. Everything belongs to the images; free them
 * by host_image_delete().
 *
 *     HostImage *image = memory_image_new(640, 480, HOST_RGB);
 *     HostItem *photo = memory_layer_load(image, "cat.jpg", 0, 0, &error);
 *     ... run a procedure ...
 *     HostItem *top = memory_image_item(image, 0); */
#ifndef TEST_HOST_HOST_MEMORY_H
#define TEST_HOST_HOST_MEMORY_H

#include "host.h"

struct HostItem {
    HostImage *image;
    HostKind kind;
    char *name;
    GeglRectangle rect;  /* in image coordinates; of a group: the box of its children */
    GeglBuffer *buffer;  /* its origin is the item's corner; NULL for groups */
    HostItem *parent;    /* a group, or NULL */
    GPtrArray *children; /* of a group, the top first; else NULL */
    double opacity;
    gboolean hidden;
    char *parasite; /* or NULL */
    char *words;    /* of a text layer; or NULL */
    double letter;  /* their size */
};

struct HostImage {
    int width, height;
    HostBase base;
    char *name;
    GPtrArray *layers;   /* top level, the top first */
    GPtrArray *channels; /* the top first */
    HostItem *selected;  /* what the user works on */
    float *selection;    /* width x height values 0..1; NULL: nothing selected */
    int undo_steps;
    gboolean shown;
};

HostImage *memory_image_new(int width, int height, HostBase base);

/* For the host itself: all images that were made and not deleted. Borrowed. */
GPtrArray *memory_images(void);

/* A layer on top of all, transparent black, which becomes the selected one. format as of
 * babl, "R'G'B'A u8" say. */
HostItem *memory_layer_new(HostImage *image,
                           const char *name,
                           const GeglRectangle *rect,
                           const char *format);

/* The same for a channel or mask, "Y u8", of the image's size. */
HostItem *memory_channel_new(HostImage *image, const char *name, HostKind kind);

/* Puts a layer into a new group in its place, and returns the group. */
HostItem *memory_group_new(HostItem *layer, const char *name);

/* A layer with the pixels of an image file. */
HostItem *memory_layer_load(
    HostImage *image, const char *path, int x, int y, GError **error);

/* Writes all pixels of an item from R'G'B'A floats, sRGB, straight alpha; reads them. */
void memory_item_set(HostItem *item, const float *rgba);
float *memory_item_get(HostItem *item); /* g_free() */

/* Selects a rectangle, cut to the image; NULL: nothing. */
void memory_select(HostImage *image, const GeglRectangle *rect);

/* Layers and groups in the order of the stack, the top first, groups before their
 * children. */
guint memory_image_count(HostImage *image);
HostItem *memory_image_item(HostImage *image, guint index);

/* The image as one sees it: its visible layers over each other, width x height x 4 of
 * R'G'B'A. Groups are taken for visible and opaque. g_free() */
float *memory_image_flat(HostImage *image);
gboolean memory_image_save(HostImage *image, const char *path);

/* Saves an item as PNG, to look at. */
gboolean memory_item_save(HostItem *item, const char *path);

/* For the host itself. format NULL: without pixels. A stack is a group's children or the
 * image's layers; a new item is in none yet. */
HostItem *memory_item_new(HostImage *image,
                          HostKind kind,
                          const char *name,
                          const GeglRectangle *rect,
                          const Babl *format);
void memory_item_free(gpointer item);
GPtrArray *memory_item_stack(HostItem *item);
guint memory_item_position(HostItem *item);

/* What happened, and what shall happen. */
typedef struct {
    GPtrArray *messages;              /* of host_message() */
    GPtrArray *progress;              /* texts of host_progress_start() and _text() */
    double progress_done;             /* last value */
    int progress_open;                /* starts minus ends: 0 after a good run */
    void (*on_progress)(double done); /* called by host_progress(), if set */
    gboolean fail_add;                /* the next host_add() fails with an error */
    gboolean fail_read;               /* so does the next host_pixels_read() */
    int adds;                         /* calls of host_add() that succeeded */
    gboolean profiles;   /* what is opened carries one; a reset leaves this */
    guint most_profiles; /* host_most_profiles(), 0: any number; a reset leaves it */
    int apart;           /* calls of procedure_call_apart() */
    int opened, deleted; /* images, by host_image_open() and _delete() */
    gboolean in_part;    /* of other work; see host_progress_part() */
    double part_from, part_to;
    float background[3];
    char *shown;            /* the last file of host_picture_show(), or NULL */
    GeglRectangle selected; /* of it */
} MemoryHost;
MemoryHost *memory_host(void);
void memory_host_reset(void);

#endif
