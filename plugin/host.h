/* SPDX-License-Identifier: GPL-3.0-or-later */
/* host.h: all that Featurescope asks of an image editor.
 *
 * Three programs answer: gimp/ with gimp2/ (GIMP 2.10), gimp/ with gimp3/ (GIMP 3), and
 * tests/host/host_memory.c, which has pictures in memory only. The build links one of
 * them; procedures include this header and never gimp.h.
 *
 * What the hosts have in common decided its shape.
 *
 * Cancel ends the process without any notice. So a procedure computes everything first
 * and hands all layers over in ONE call, host_add(), which is one undo step and leaves
 * the user's own layer selected.
 *
 * Pixels are read at scale 1 and colour-managed to encoded R'G'B'A with straight alpha.
 * Scaling is ours (photo/region.h): GEGL's scaled reads alias and brighten.
 *
 * Coordinates are pixels, y down. "Image" coordinates have their origin at the canvas'
 * corner, "item" coordinates at the item's.
 *
 * Handles belong to the host; do not free them. NULL means none. */
#ifndef FEATURESCOPE_HOST_H
#define FEATURESCOPE_HOST_H

#include <gegl.h>
#include <glib.h>

typedef struct HostImage HostImage;
typedef struct HostItem HostItem; /* a layer, group, channel, mask */

/* --- what is open --- */

typedef enum { HOST_RGB, HOST_GRAY, HOST_INDEXED } HostBase;

/* All images that are open, in the order in which they were opened or made; g_free() */
HostImage **host_images(gsize *count);

char *host_image_name(HostImage *image); /* g_free() */
void host_image_size(HostImage *image, int *width, int *height);
HostBase host_image_base(HostImage *image);

/* The layer that is selected in an image, of several the first; else the lowest one. NULL:
 * the image has no layer. */
HostItem *host_image_layer(HostImage *image);

typedef enum { HOST_LAYER, HOST_GROUP, HOST_CHANNEL, HOST_MASK } HostKind;

/* TRUE for what host_add() made of a layer with a parasite. */
gboolean host_item_is_result(HostItem *item);

/* FALSE if it is gone: a person may close an image, or delete a layer, while a window is
 * open. */
gboolean host_item_exists(HostItem *item);

HostKind host_item_kind(HostItem *item);
char *host_item_name(HostItem *item); /* g_free() */

/* The next layer or group below a layer, in its group or at the top level; NULL: there is
 * none, or the item is no layer. */
HostItem *host_item_below(HostImage *image, HostItem *item);

/* Where the item lies, in image coordinates. */
GeglRectangle host_item_rect(HostItem *item);

/* The selection's bounding box in image coordinates. FALSE: nothing is selected. An
 * item's own rectangle is not looked at. */
gboolean host_selection(HostImage *image, GeglRectangle *bounds);

/* The selection's values 0..1 in a rectangle of the image; 1 everywhere if nothing is
 * selected. */
void host_selection_read(HostImage *image, const GeglRectangle *rect, float *mask);

/* The host's background colour as encoded R'G'B'. */
void host_background(float rgb[3]);

/* --- pixels in --- */

/* Something that can be read: an item of an image, or a decoded file. Not shared between
 * threads. */
typedef struct HostPixels HostPixels;

HostPixels *host_item_open(HostItem *item, GError **error);

/* Decodes an image file, without an image being made in the editor, if GEGL can; by the
 * editor's loaders if it cannot. */
HostPixels *host_file_open(const char *path, GError **error);

/* The same by GEGL alone, which may be called in any thread, and beside other threads
 * that do so. unknown: TRUE if GEGL has no loader for it, so that host_file_open() may
 * know better. */
HostPixels *host_file_decode(const char *path, gboolean *unknown, GError **error);

void host_pixels_close(HostPixels *pixels);
void host_pixels_size(const HostPixels *pixels, int *width, int *height);

/* Of a decoded file: a number that stands for the colour profile that it carried; 0: none. */
guint64 host_pixels_profile(const HostPixels *pixels);

/* Reads rect (item coordinates, inside the item) as rows of R'G'B'A floats in sRGB,
 * straight alpha, whatever precision, profile or mode the item has. */
gboolean host_pixels_read(HostPixels *pixels,
                          const GeglRectangle *rect,
                          float *rgba,
                          GError **error);

/* TRUE if they are bytes of R'G'B' in sRGB without alpha already, as in most photos; then
 * they can be read as these, which takes a tenth of the time. */
gboolean host_pixels_are_bytes(const HostPixels *pixels);
gboolean host_pixels_read_bytes(HostPixels *pixels,
                                const GeglRectangle *rect,
                                guint8 *rgb,
                                GError **error);

/* --- layers out --- */

/* Words that a host shows as text, which a person can edit and a vector format keeps. */
typedef struct {
    char *words;  /* lines, divided by "\n" */
    double size;  /* of the letters, in pixels */
    float rgb[3]; /* encoded R'G'B' */
    double at;    /* 0: their left edge lies at that of the rectangle, 1: the right edges
                     do, 0.5: the middles */
} HostText;

typedef struct {
    char *name;
    GeglRectangle rect; /* where it goes, in image coordinates; pixels are scaled to it */
    int width, height;  /* of pixels */
    float *pixels; /* width x height x 4: encoded R'G'B'A sRGB, straight alpha. Channels:
                      1 value a pixel */
    gboolean channel; /* becomes a channel, not a layer */
    gboolean nearest; /* scale with hard edges; else smoothly */
    double opacity;   /* 0 to 100 */
    gboolean hidden;
    char *parasite; /* text kept on the item as "featurescope"; may be NULL */
    HostText *text; /* or NULL. Becomes a text layer at the rectangle's upper edge; the
                       pixels, the same words drawn, are for a host without fonts */
} HostLayer;

HostLayer *host_layer_new(
    const char *name, const GeglRectangle *rect, int width, int height, int components);
void host_layer_free(HostLayer *layer);
void host_layer_text(
    HostLayer *layer, const char *words, double size, const float rgb[3], double at);

/* Adds them in order, the first one on top, above `above` (or on top of the image) and
 * above earlier results that lie directly on it, in a group of this name unless group is
 * NULL. If one lies above a layer and shows through, with an opacity below 100, the earlier
 * results between are hidden: it is to be seen on the photo. Results are known by their parasite, which a
 * group gets too. One undo step; afterwards what was selected is selected again. Items, in the same order: *items, g_free(), without the group; items
 * may be NULL. The group holds the layers only: channels have no groups.
 *
 * An indexed image can hold no layer of other colours, a gray one only gray layers (R = G
 * = B everywhere). Else a new RGB image of the same size is made, with a copy of `above`
 * at the bottom if that is a layer, shown if a person is there to see it, and returned in
 * *image; otherwise *image stays. On failure nothing is added. */
gboolean host_add(HostImage **image,
                  HostItem *above,
                  const char *undo_name,
                  const char *group,
                  HostLayer **layers,
                  gsize n_layers,
                  HostItem ***items,
                  GError **error);

/* A new RGB image of 8 bits, sRGB, not shown; layers are added by host_add(). Showing
 * does nothing in a batch run. */
HostImage *host_image_new(int width, int height, const char *name, GError **error);

/* Opens a file by the editor's loaders, not shown. *photo: its lowest layer. */
HostImage *host_image_open(const char *path, HostItem **photo, GError **error);

/* Writes a file of the kind that its name ends in: all layers as ".xcf", else what one
 * sees. Editors say nothing of a full disk when they close a file. */
gboolean host_image_save(HostImage *image, const char *path, GError **error);

/* Its colours are those of a profile that it carries, and not sRGB's. */
gboolean host_image_has_profile(HostImage *image);

/* Of how many different profiles images may be, one after the other, before the host takes
 * very long for each, or ends. */
guint host_most_profiles(void);

/* Shows an image that was made or opened, as it is now: nothing of that can be undone, what
 * a person does to it can. */
void host_image_show(HostImage *image);
void host_image_delete(HostImage *image);

/* Opens an image file for the user to look at and work on, as the editor's own menu does,
 * with a rectangle selected, in pixels of the upright picture; it is selected only if the
 * editor's picture is of the size width x height, too. Nothing of it counts as a change.
 * Does not show it in a batch run. */
gboolean host_picture_show(const char *path,
                           const GeglRectangle *selected,
                           int width,
                           int height,
                           GError **error);

/* --- talking --- */

void host_progress_start(const char *text);
void host_progress_text(const char *text);
void host_progress(double done); /* 0 to 1 */
void host_progress_end(void);

/* What is done from here on is a part of other work and takes the bar from `from` to `to`:
 * its words are not shown, it shows no images, and a remark of it is told once, however
 * often it is made. Does not nest; host_progress_whole() ends it. */
void host_progress_part(double from, double to);
void host_progress_whole(void);

/* A remark that is no error: in the window, or on stderr. */
void host_message(const char *text);

/* --- places --- */

/* The folder of models/, icons/ and locale/ as installed (g_free()). FEATURESCOPE_DATA
 * overrules, for tests. */
char *host_data_folder(void);

/* "GIMP 3.0.4", "GIMP 2.10.34", "memory" */
const char *host_name(void);

#endif
