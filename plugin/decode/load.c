/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load.c: an image file to pixels, by GEGL's own loaders.
 *
 *     file ---> whole? profile? which way up? ---> GEGL's loader ---> sRGB ---> upright
 *
 * The loader gets the file without its profile, so that babl does not read one. */
#define _GNU_SOURCE /* memfd_create() */

#include "decode/load.h"
#include "decode/colours.h"
#include "decode/jpeg.h"
#include "decode/orientation.h"
#include "decode/profile.h"
#include <errno.h>
#include <gegl-plugin.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* --- kinds of files */

typedef struct {
    gsize at; /* where the file has these bytes */
    const char *bytes;
    gsize length;
    const char *operation;
    gboolean (*is_whole)(const guint8 *bytes, gsize size); /* NULL: the loader warns */
} Kind;

/* gegl:load is of no use: for an unknown format it returns a picture with the error
 * message drawn in it. */
static const Kind kinds[] = {
    {0, "\xff\xd8\xff", 3, "gegl:jpg-load", jpeg_is_whole},
    {0, "\x89PNG\r\n\x1a\n", 8, "gegl:png-load", NULL},
    {8, "WEBP", 4, "gegl:webp-load", NULL},
    {0, "II*\0", 4, "gegl:tiff-load", NULL},
    {0, "MM\0*", 4, "gegl:tiff-load", NULL},
    {0, "\x76\x2f\x31\x01", 4, "gegl:exr-load", NULL},
    {0, "#?RADIANCE", 10, "gegl:rgbe-load", NULL},
    {0, "P5", 2, "gegl:ppm-load", NULL},
    {0, "P6", 2, "gegl:ppm-load", NULL},
    {4, "jP  ", 4, "gegl:jp2-load", NULL},
};

/* NULL: no loader here knows it. */
static const Kind *
kind_of(const guint8 *bytes, gsize size)
{
    for (const Kind *kind = kinds; kind < kinds + G_N_ELEMENTS(kinds); kind++)
        if (kind->at + kind->length <= size &&
            memcmp(bytes + kind->at, kind->bytes, kind->length) == 0)
            return gegl_has_operation(kind->operation) ? kind : NULL;
    return NULL;
}

/* --- what loaders say */

static guint warnings;

/* GLib would end the process by a signal. */
static void
end_without_memory(const GLogField *fields, gsize count)
{
    for (gsize i = 0; i < count; i++)
        if (strcmp(fields[i].key, "MESSAGE") == 0 &&
            strstr(fields[i].value, "failed to allocate"))
            _exit(WIRE_EXIT_MEMORY);
}

static GLogWriterOutput
count_warning(GLogLevelFlags level, const GLogField *fields, gsize count, gpointer user)
{
    (void)user;
    if (level & G_LOG_LEVEL_ERROR)
        end_without_memory(fields, count);
    warnings += (level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0;
    return G_LOG_WRITER_HANDLED;
}

static void
count_print(const char *text)
{
    (void)text;
    warnings++;
}

static void
listen(void)
{
    static gboolean done;
    if (!done) {
        g_log_set_writer_func(count_warning, NULL, NULL);
        g_set_printerr_handler(count_print);
    }
    done = TRUE;
    warnings = 0;
}

/* --- GEGL's loader */

/* The loader writes into the block. Asked through a graph, GEGL would have the picture
 * twice, and would not tell that the loader failed. */
static WireKind
run_loader(GeglNode *node, WireAnswer *answer, Block *block)
{
    GeglRectangle box = gegl_node_get_bounding_box(node);
    GeglOperation *operation = gegl_node_get_gegl_operation(node);
    const Babl *format = gegl_operation_get_format(operation, "output");
    if (warnings || box.width < 1 || box.height < 1 || !format ||
        !GEGL_IS_OPERATION_SOURCE(operation))
        return WIRE_DAMAGED;
    answer->width = box.width;
    answer->height = box.height;
    if (!block_fits(box.width, box.height, format))
        return WIRE_LARGE;
    if (!block_new(block, box.width, box.height, format))
        return WIRE_MEMORY;
    GeglBuffer *buffer = block_buffer(block);
    gboolean done =
        GEGL_OPERATION_SOURCE_GET_CLASS(operation)->process(operation, buffer, &box, 0);
    g_object_unref(buffer);
    return done && !warnings ? WIRE_PICTURE : WIRE_DAMAGED;
}

static WireKind
load(const char *name, int file, WireAnswer *answer, Block *block)
{
    char path[32];
    g_snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    GeglNode *graph = gegl_node_new();
    GeglNode *node = gegl_node_new_child(graph, "operation", name, "path", path, NULL);
    WireKind kind = run_loader(node, answer, block);
    g_object_unref(graph);
    return kind;
}

/* --- what GEGL's loaders do not look at, or should not see */

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

/* Formats that the other side does not know, or that are not in sRGB's space. */
static gboolean
make_known(Block *block, WireAnswer *answer)
{
    for (int again = 0; again < 2; again++) {
        const Babl *format;
        for (guint32 i = 0; (format = wire_format(i)); i++)
            if (format == block->format) {
                answer->format = i;
                return TRUE;
            }
        if (!block_convert(block, babl_format("R'G'B'A float")))
            return FALSE;
    }
    return FALSE;
}

static WireKind
load_bytes(int file, const guint8 *bytes, gsize size, WireAnswer *answer, Block *block)
{
    const Kind *kind = kind_of(bytes, size);
    if (!kind)
        return WIRE_UNKNOWN;
    if (kind->is_whole && !kind->is_whole(bytes, size))
        return WIRE_DAMAGED;
    int orientation = orientation_of_jpeg(bytes, size), copy = -1;
    Profile profile = {0};
    if (profile_take(&profile, bytes, size) &&
        (copy = file_in_memory(profile.rest->data, profile.rest->len)) < 0) {
        profile_clear(&profile);
        return WIRE_MEMORY;
    }
    WireKind got = load(kind->operation, copy >= 0 ? copy : file, answer, block);
    if (got == WIRE_PICTURE &&
        !(colours_convert(block, profile.icc) && orientation_apply(block, orientation) &&
          make_known(block, answer)))
        got = WIRE_MEMORY;
    if (copy >= 0)
        close(copy);
    profile_clear(&profile);
    return got;
}

void
load_file(int file, WireAnswer *answer, Block *block)
{
    *answer = (WireAnswer){.kind = WIRE_MEMORY};
    *block = (Block){0};
    listen();
    GError *error = NULL;
    GMappedFile *mapped = g_mapped_file_new_from_fd(file, FALSE, &error);
    if (mapped) {
        const guint8 *bytes = (const guint8 *)g_mapped_file_get_contents(mapped);
        gsize size = bytes ? g_mapped_file_get_length(mapped) : 0;
        answer->kind = load_bytes(file, bytes, size, answer, block);
        g_mapped_file_unref(mapped);
    }
    g_clear_error(&error);
    if (answer->kind == WIRE_PICTURE) {
        answer->width = block->width;
        answer->height = block->height;
    } else {
        block_clear(block);
    }
}
