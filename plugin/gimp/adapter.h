/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/adapter.h: what the adapters for GIMP 2.10 and GIMP 3 have in common.
 *
 * This folder holds the text that is the same for both; it is compiled once for each
 * libgimp, and calls only what both libraries declare alike. What they do differently
 * stands below as small functions, which gimp2/ and gimp3/ each define. Together the two
 * folders answer host.h.
 *
 * A HostImage or HostItem is an id in GIMP 2.10 and an object in GIMP 3: no text here
 * looks inside. */
#ifndef FEATURESCOPE_GIMP_ADAPTER_H
#define FEATURESCOPE_GIMP_ADAPTER_H

#include "base/procedure.h"
#include "gtk/form.h"
#include "host.h"
#include <gtk/gtk.h>
#include <libgimp/gimp.h>

/* --- pixels: gimp/pixels.c --- */

struct HostPixels {
    GeglBuffer *buffer;
    /* Of a file that GIMP has read: its image, and a layer in no image that shows what one
     * sees of it. Both are deleted with the pixels. Or NULL. */
    HostImage *loaded;
    HostItem *visible;

    /* Where GEGL does not know the colours (gimp/colors.h): the format to read the buffer
     * in, and the GimpColorTransform from there to sRGB. NULL: it does. */
    const Babl *raw;
    GObject *transform;
};

/* TRUE for a layer, channel or mask that is still there. */
gboolean adapter_is_drawable(HostItem *item);

gboolean adapter_is_layer(HostItem *item);

/* Of a drawable; NULL: it has gone since it was asked for. g_object_unref() */
GeglBuffer *adapter_buffer(HostItem *item);

HostImage *adapter_image_of(HostItem *item);

/* The image's profile, if GEGL does not know it: then its buffers count as sRGB. NULL: it
 * does, or there is none. g_object_unref() */
GimpColorProfile *adapter_unknown_profile(HostImage *image);

/* Loads a file by GIMP's own loaders, without a display. NULL: GIMP cannot read it. What
 * takes a loader more than WIRE_SECONDS of processor time is given up (pixels/loader.h). */
HostImage *adapter_open_file(const char *path, GError **error);

/* The call of it. */
HostImage *adapter_load(const char *path);

/* The layer below all others; NULL: there is none. */
HostItem *adapter_lowest(HostImage *image);

/* A layer in no image that shows what one sees of this one; NULL: GIMP cannot make it. */
HostItem *adapter_visible(HostImage *image);

/* The selection as a buffer of the canvas' size. */
GeglBuffer *adapter_selection(HostImage *image);

/* What GIMP says about the last call that failed. */
const char *adapter_last_error(void);

/* --- images: gimp/add.c has host_add(), host_image_new() and host_image_base(),
 * gimp/open.c host_image_open() and host_picture_show() --- */

GimpImageBaseType adapter_image_base(HostImage *image);

/* An RGB image of 8 bits that counts as saved. NULL: GIMP cannot make it. */
HostImage *adapter_image_new(int width, int height, const char *name);

/* Selects a rectangle of an image that nobody has seen yet, without an undo step. */
void adapter_select(HostImage *image, const GeglRectangle *rect);

/* FALSE: it was closed. */
gboolean adapter_image_exists(HostImage *image);

/* Fails if something floats on it: GIMP takes no layers beside that. */
gboolean adapter_settled(HostImage *image, GError **error);
gboolean adapter_has_floating(HostImage *image);

/* The error of a file that GIMP has just failed to save, with its own reason. */
void adapter_fail_save(const char *path, GError **error);

/* An undo step. The end selects again what was selected at its start, and frees that. */
typedef struct AdapterSelected AdapterSelected;
AdapterSelected *adapter_undo_start(HostImage *image);
void adapter_undo_end(HostImage *image, AdapterSelected *selected);

/* --- items --- */

/* A layer or channel, not yet in the image. NULL: adapter_last_error() says why. */
HostItem *adapter_item_new(HostImage *image, const HostLayer *layer);
HostItem *adapter_group_new(HostImage *image, const char *name);

/* A text layer of these words. The second function gives it its colour, the name it would
 * else have of its words, and its place, once it is in the image; it leaves other layers
 * as they are. FALSE for the third: GIMP has no fonts, as in a batch run with -f, and would
 * complain. */
HostItem *adapter_text_new(HostImage *image, const HostText *text);
void adapter_text_finish(HostItem *item, const HostLayer *layer);
gboolean adapter_has_fonts(void);

/* Deletes an item that is in no image. */
void adapter_item_delete(HostItem *item);

void adapter_item_set_visible(HostItem *item, gboolean visible);
void adapter_layer_set_opacity(HostItem *layer, double opacity);
void adapter_item_attach(HostItem *item, const GimpParasite *parasite);

/* parent NULL: top level. FALSE: adapter_last_error() says why. */
gboolean adapter_insert_layer(HostImage *image,
                              HostItem *layer,
                              HostItem *parent,
                              int position);
gboolean adapter_insert_channel(HostImage *image, HostItem *channel, int position);
void adapter_remove_layer(HostImage *image, HostItem *layer);
void adapter_remove_channel(HostImage *image, HostItem *channel);
void adapter_layer_move(HostItem *layer, int x, int y);

/* The layer that a mask belongs to. */
HostItem *adapter_layer_of_mask(HostItem *mask);

/* The layer's position; returns its parent, NULL at the top level. */
HostItem *adapter_layer_place(HostImage *image, HostItem *layer, int *position);

/* The layer at a position of a group, or of the image's top level; NULL: there is none. */
HostItem *adapter_layer_at(HostImage *image, HostItem *parent, int position);

/* TRUE if a parasite of this name is attached. */
gboolean adapter_item_has(HostItem *item, const char *parasite);

/* A copy of a layer in another image, on top, with its name and offsets. NULL with an
 * error: it cannot be made; the other image may hold a part of it then. */
HostItem *adapter_layer_copy(HostItem *layer, HostImage *image, GError **error);

/* --- talk: gimp/talk.c --- */

/* TRUE if a person is there to see windows: not in a batch run. */
void adapter_set_attended(gboolean attended);
gboolean adapter_attended(void);

/* Makes GIMP show changed images, from the main loop of a window if there is one; the
 * second function does it now, if it is still to be done: at the end of a run. */
void adapter_flush_later(void);
void adapter_flush_now(void);

/* --- a call: gimp/call.c --- */

/* Where a call's values come from and where they are kept: the host's own. */
typedef struct AdapterValues AdapterValues;
gboolean adapter_values_load(AdapterValues *from, ParamValues *values, GError **error);
void adapter_values_save(AdapterValues *to, const ParamValues *values);

/* Asks for the values in a dialog, beginning with those given. FALSE: cancelled. */
gboolean adapter_ask(AdapterValues *kept,
                     const Procedure *procedure,
                     const Run *run,
                     ParamValues *values);

/* Opens the window of a procedure beside another, about the same layer; its values are
 * those of the other's run where both have them. */
gboolean adapter_run_beside(const Procedure *procedure,
                            const Run *run,
                            const ParamValues *values,
                            GError **error);

/* Makes GTK ready. */
void adapter_start_windows(void);

/* NULL: there is none of this name. */
const Procedure *adapter_find(const char *name);

/* Runs a procedure as the mode has it: in its own window, after a dialog, or at once. */
gboolean adapter_call(const Procedure *procedure,
                      GimpRunMode mode,
                      HostImage *image,
                      HostItem **drawables,
                      gsize n_drawables,
                      AdapterValues *kept,
                      ResultValue *results,
                      GError **error);

GimpPDBStatusType adapter_status(const GError *error);

/* The procedure's picture in icons/; NULL: there is none. g_free() */
char *adapter_icon_path(const Procedure *procedure);

/* The folder of pages that GIMP's help reads, for which the plug-in has a domain of its
 * own; what a page is about is the name of a procedure. g_free() */
#define ADAPTER_HELP_DOMAIN "featurescope"
char *adapter_help_folder(void);

/* --- dialogs: gimp/dialog.c --- */

/* A dialog that asks for values: the form, beside it the preview, if any, and what of the
 * photo is looked at. changed is called after each change by a person. Run and values are
 * borrowed, the latter follow the form. */
typedef struct AdapterAsking AdapterAsking;
AdapterAsking *adapter_asking_new(const Procedure *procedure,
                                  const Run *run,
                                  ParamValues *values,
                                  void (*changed)(void *user),
                                  void *user);
void adapter_asking_free(AdapterAsking *asking); /* once the dialog is gone */

/* Packs all that into a dialog and shows it: the form scrolled, no higher than max_height,
 * below it a button that copies the call as text, and another, or NULL. */
void adapter_asking_pack(AdapterAsking *asking,
                         GtkWidget *dialog,
                         GtkWidget *button,
                         int max_height);

/* Somebody else has changed the values. */
void adapter_asking_refresh(AdapterAsking *asking);

/* F1 opens the page about the procedure `role`, whichever widget has the focus. GIMP's own
 * handler of the key was not reached in GIMP 3.2. */
void adapter_help_key(GtkWidget *dialog, const char *role);

#endif
