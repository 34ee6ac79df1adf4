/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decode.c: an image file to a buffer, by GEGL's own loaders.
 *
 *     file ---> whole? profile? which way up? ---> GEGL's loader ---> buffer, upright
 *                      |                                                 |
 *                      +------------------- colours_set() --------------+
 *
 * The loader gets the file without its profile, so that babl does not read one. */
#define _GNU_SOURCE /* memfd_create() */

#include "pixels/decode.h"
#include "base/procedure.h"
#include "pixels/colours.h"
#include "pixels/jpeg.h"
#include "pixels/orientation.h"
#include "pixels/profile.h"
#include "pixels/read.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char JPEG_LOADER[] = "gegl:jpg-load";

/* The loader for a file that begins with these bytes. gegl:load is of no use: for an
 * unknown format it returns a picture with the error message drawn in it. */
static const char *
loader_of(const char *head, gsize length)
{
    static const struct {
        gsize at;
        const char *bytes;
        gsize length;
        const char *operation;
    } loaders[] = {
        {0, "\xff\xd8\xff", 3, JPEG_LOADER},
        {0, "\x89PNG\r\n\x1a\n", 8, "gegl:png-load"},
        {8, "WEBP", 4, "gegl:webp-load"},
        {0, "II*\0", 4, "gegl:tiff-load"},
        {0, "MM\0*", 4, "gegl:tiff-load"},
        {0, "\x76\x2f\x31\x01", 4, "gegl:exr-load"},
        {0, "#?RADIANCE", 10, "gegl:rgbe-load"},
        {0, "P5", 2, "gegl:ppm-load"},
        {0, "P6", 2, "gegl:ppm-load"},
        {4, "jP  ", 4, "gegl:jp2-load"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(loaders); i++)
        if (loaders[i].at + loaders[i].length <= length &&
            memcmp(head + loaders[i].at, loaders[i].bytes, loaders[i].length) == 0)
            return loaders[i].operation;
    return NULL;
}

static const char *
find_loader(const char *path, GError **error)
{
    char head[16];
    FILE *file = g_fopen(path, "rb");
    gsize length = file ? fread(head, 1, sizeof head, file) : 0;
    gboolean failed = !file || ferror(file);
    int number = errno;
    if (file)
        fclose(file);
    if (failed) {
        char *name = g_filename_display_name(path);
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("\"%s\" cannot be read: %s"), name, g_strerror(number));
        g_free(name);
        return NULL;
    }
    const char *operation = loader_of(head, length);
    return operation && gegl_has_operation(operation) ? operation : "";
}

/* Several threads may decode at a time, but babl, which gives colours their spaces and
 * conversions, makes new ones where others may look meanwhile: one in ten runs of two
 * threads had black pictures. A loader's header tells the space; the first conversion of
 * a format is made by reading one pixel. Both are done by one thread at a time. */
static GMutex babl_lock;

static void
load_header(GeglNode *load, GeglRectangle *box)
{
    g_mutex_lock(&babl_lock);
    *box = gegl_node_get_bounding_box(load);
    g_mutex_unlock(&babl_lock);
}

static void
make_conversion(GeglBuffer *buffer)
{
    float rgba[4];
    const GeglRectangle *extent = gegl_buffer_get_extent(buffer);
    g_mutex_lock(&babl_lock);
    pixels_read(buffer, GEGL_RECTANGLE(extent->x, extent->y, 1, 1), rgba, NULL);
    g_mutex_unlock(&babl_lock);
}

/* --- what GEGL's loaders do not look at, or should not see */

typedef struct {
    gboolean whole;  /* JPEG only: other loaders notice by themselves */
    int orientation; /* 1 to 8 */
    GBytes *icc;     /* NULL: the colours are sRGB */
    int copy;        /* a file in memory, without the profile; -1: the file is good */
} Looked;

/* -1 without memory. */
static int
file_in_memory(const guint8 *bytes, gsize size)
{
    int file = memfd_create("featurescope", MFD_CLOEXEC);
    for (gsize done = 0; file >= 0 && done < size;) {
        gssize now = write(file, bytes + done, size - done);
        if (now > 0) {
            done += (gsize)now;
        } else if (now == 0 || errno != EINTR) {
            close(file);
            return -1;
        }
    }
    return file;
}

/* FALSE without memory. */
static gboolean
look_at_file(Looked *looked, const char *path)
{
    *looked = (Looked){.orientation = 1, .copy = -1};
    GMappedFile *file = g_mapped_file_new(path, FALSE, NULL);
    if (!file)
        return TRUE;
    const guint8 *bytes = (const guint8 *)g_mapped_file_get_contents(file);
    gsize size = bytes ? g_mapped_file_get_length(file) : 0;
    gboolean enough = TRUE;
    Profile profile;
    looked->whole =
        loader_of((const char *)bytes, size) != JPEG_LOADER || jpeg_is_whole(bytes, size);
    if (looked->whole) {
        looked->orientation = orientation_of_jpeg(bytes, size);
        if (profile_take(&profile, bytes, size)) {
            looked->icc = g_steal_pointer(&profile.icc);
            looked->copy = file_in_memory(profile.rest->data, profile.rest->len);
            enough = looked->copy >= 0;
            profile_clear(&profile);
        }
    }
    g_mapped_file_unref(file);
    return enough;
}

static void
looked_clear(Looked *looked)
{
    g_clear_pointer(&looked->icc, g_bytes_unref);
    if (looked->copy >= 0)
        close(looked->copy);
}

/* --- all of it */

static GeglBuffer *
load(const char *operation, const char *path, int copy)
{
    char own[32];
    g_snprintf(own, sizeof own, "/proc/self/fd/%d", copy);
    GeglBuffer *buffer = NULL;
    GeglNode *graph = gegl_node_new();
    GeglNode *load = gegl_node_new_child(graph, "operation", operation, "path",
                                         copy >= 0 ? own : path, NULL);
    GeglRectangle box = {0};
    load_header(load, &box);
    if (box.width > 0 && box.height > 0) {
        GeglNode *sink = gegl_node_new_child(graph, "operation", "gegl:buffer-sink",
                                             "buffer", &buffer, NULL);
        gegl_node_link(load, sink);
        gegl_node_process(sink);
    }
    g_object_unref(graph);
    return buffer;
}

GeglBuffer *
pixels_decode(const char *path, gboolean *unknown, GError **error)
{
    *unknown = FALSE;
    const char *operation = find_loader(path, error);
    if (!operation)
        return NULL;
    if (!*operation) {
        *unknown = TRUE;
        char *name = g_filename_display_name(path);
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("\"%s\" is not an image of a known format"), name);
        g_free(name);
        return NULL;
    }

    Looked looked;
    gboolean enough = look_at_file(&looked, path);
    GeglBuffer *buffer =
        enough && looked.whole ? load(operation, path, looked.copy) : NULL;
    gboolean damaged = enough && !buffer;
    if (buffer)
        buffer = orientation_apply(buffer, looked.orientation);
    if (buffer && looked.icc)
        colours_set(buffer, looked.icc);
    if (buffer)
        make_conversion(buffer);
    looked_clear(&looked);
    if (damaged) {
        char *name = g_filename_display_name(path);
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("\"%s\" is damaged: it cannot be decoded"), name);
        g_free(name);
    } else if (!buffer) {
        g_set_error_literal(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                            _("Not enough memory to read pixels"));
    }
    return buffer;
}
