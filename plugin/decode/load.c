/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load.c: an image file to pixels, mostly by GEGL's own loaders.
 *
 *     file ---> whole? profile? which way up? ---> a loader ---> sRGB ---> upright
 *
 * GEGL's loaders get the file without its profile, so that babl does not read one. */
#define _GNU_SOURCE /* memfd_create() */

#include "decode/load.h"
#include "decode/bmp.h"
#include "decode/bmp_masks.h"
#include "decode/colours.h"
#include "decode/exr.h"
#include "decode/jpeg.h"
#include "decode/known.h"
#include "decode/listen.h"
#include "decode/netpbm.h"
#include "decode/orientation.h"
#include "decode/pixbuf.h"
#include "decode/png_small.h"
#include "decode/profile.h"
#include "decode/radiance.h"
#include "decode/tiff.h"
#include "decode/tiff_lab.h"
#include "decode/webp.h"
#include "decode/whole.h"
#include <errno.h>
#include <gegl-plugin.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* --- kinds of files */

typedef struct {
    gsize at; /* where the file has these bytes */
    const char *bytes;
    gsize length;
    const char *operation; /* of GEGL's; or, where it is NULL: */
    WireKind (*load)(const char *path, WireAnswer *answer, Block *block, GBytes **icc);
    gboolean (*is_whole)(const guint8 *bytes, gsize size); /* NULL: the loader warns */
    /* At a smaller scale, if it is too large; NULL: there is no way. */
    WireKind (*small)(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block);
    /* Our own, before all others; WIRE_UNKNOWN leaves the file to these. NULL: none. */
    WireKind (*read)(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block);
} Kind;

static const char WEBP_LOADER[] = "gegl:webp-load";

/* gegl:load is of no use: for an unknown format it returns a picture with the error
 * message drawn in it. */
static const Kind kinds[] = {
    {0, "\xff\xd8\xff", 3, "gegl:jpg-load", NULL, jpeg_is_whole, jpeg_small, NULL},
    {0, "\x89PNG\r\n\x1a\n", 8, "gegl:png-load", NULL, whole_png, png_small, NULL},
    {8, "WEBP", 4, WEBP_LOADER, NULL, whole_webp, NULL, NULL},
    {0, "II*\0", 4, "gegl:tiff-load", NULL, NULL, NULL, NULL},
    {0, "MM\0*", 4, "gegl:tiff-load", NULL, NULL, NULL, NULL},
    {0, "II+\0", 4, "gegl:tiff-load", NULL, NULL, NULL, NULL},
    {0, "MM\0+", 4, "gegl:tiff-load", NULL, NULL, NULL, NULL},
    {0, "\x76\x2f\x31\x01", 4, "gegl:exr-load", NULL, NULL, NULL, NULL},
    {0, "#?RADIANCE", 10, NULL, NULL, radiance_is_whole, NULL, radiance_load},
    {0, "#?RGBE", 6, NULL, NULL, radiance_is_whole, NULL, radiance_load},
    {0, "P1", 2, NULL, NULL, NULL, NULL, netpbm_load},
    {0, "P2", 2, NULL, NULL, NULL, NULL, netpbm_load},
    {0, "P3", 2, NULL, NULL, NULL, NULL, netpbm_load},
    {0, "P4", 2, NULL, NULL, NULL, NULL, netpbm_load},
    {0, "P5", 2, NULL, NULL, NULL, NULL, netpbm_load},
    {0, "P6", 2, NULL, NULL, NULL, NULL, netpbm_load},
    {0, "P7", 2, NULL, NULL, NULL, NULL, netpbm_load},
    {0, "Pf", 2, NULL, NULL, NULL, NULL, netpbm_load},
    {0, "PF", 2, NULL, NULL, NULL, NULL, netpbm_load},
    {4, "jP  ", 4, "gegl:jp2-load", NULL, NULL, NULL, NULL},
    {0, "GIF8", 4, NULL, pixbuf_load, NULL, NULL, NULL},
    {0, "BM", 2, NULL, pixbuf_load, whole_bmp, NULL, bmp_masks_load},
    {4, "ftyphe", 6, NULL, pixbuf_load, NULL, NULL, NULL}, /* heic, heix, hevc ... */
    {4, "ftypmif1", 8, NULL, pixbuf_load, NULL, NULL, NULL},
    {4, "ftypavi", 7, NULL, pixbuf_load, NULL, NULL, NULL},
    /* JPEG XL, with a container and without. */
    {4, "JXL ", 4, NULL, pixbuf_load, NULL, NULL, NULL},
    {0, "\xff\x0a", 2, NULL, pixbuf_load, NULL, NULL, NULL},
};

/* NULL: no loader here knows it. */
static const Kind *
kind_of(const guint8 *bytes, gsize size)
{
    for (const Kind *kind = kinds; kind < kinds + G_N_ELEMENTS(kinds); kind++)
        if (kind->at + kind->length <= size &&
            memcmp(bytes + kind->at, kind->bytes, kind->length) == 0)
            return !kind->operation || gegl_has_operation(kind->operation) ? kind : NULL;
    return NULL;
}

/* --- GEGL's loader */

/* The loader writes into the block. Asked through a graph, GEGL would have the picture
 * twice, and would not tell that the loader failed. */
static WireKind
run_loader(GeglNode *node, gboolean tells, WireAnswer *answer, Block *block)
{
    GeglRectangle box = gegl_node_get_bounding_box(node);
    GeglOperation *operation = gegl_node_get_gegl_operation(node);
    const Babl *format = gegl_operation_get_format(operation, "output");
    gsize header = listen_printed();
    if (listen_warned() || box.width < 1 || box.height < 1 || !format ||
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
    return (done || !tells) && !listen_warned() && !listen_jpeg_is_damaged(header)
               ? WIRE_PICTURE
               : WIRE_DAMAGED;
}

static WireKind
load(const Kind *kind, int file, WireAnswer *answer, Block *block, GBytes **icc)
{
    char path[32];
    g_snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (kind->load)
        return kind->load(path, answer, block, icc);
    if (!kind->operation)
        return WIRE_UNKNOWN;
    GeglNode *graph = gegl_node_new();
    GeglNode *node =
        gegl_node_new_child(graph, "operation", kind->operation, "path", path, NULL);
    /* The loader of WebP returns FALSE in any case, but it warns. */
    WireKind got = run_loader(node, kind->operation != WEBP_LOADER, answer, block);
    g_object_unref(graph);
    return got;
}

/* --- what GEGL's loaders do not look at, or should not see */

typedef struct {
    GBytes *icc;
    int orientation;
    gboolean negative, animated, cut, palette, lab, lab_offset;
    WebpFirst first;
    TiffPalette colours;
    GByteArray *rest; /* what the loader gets; NULL: the file itself */
} Looked;

static void
look_at_palette(Looked *looked, const guint8 *bytes, gsize size)
{
    TiffPalette colours;
    if (!tiff_palette_take(&colours, bytes, size))
        return;
    if (!looked->rest)
        looked->rest = g_byte_array_append(g_byte_array_new(), bytes, (guint)size);
    looked->colours = colours;
    looked->palette = tiff_palette_hide(looked->rest);
}

static void
look_at_lab(Looked *looked, const guint8 *bytes, gsize size)
{
    if (!tiff_is_lab(bytes, size))
        return;
    if (!looked->rest)
        looked->rest = g_byte_array_append(g_byte_array_new(), bytes, (guint)size);
    looked->lab = tiff_lab_hide(looked->rest, &looked->lab_offset);
    g_clear_pointer(&looked->icc,
                    g_bytes_unref); /* of L*a*b*: these are colours already */
}

static void
look_at(Looked *looked, const guint8 *bytes, gsize size)
{
    Profile profile;
    *looked = (Looked){.orientation = orientation_of(bytes, size),
                       .negative = tiff_is_negative(bytes, size)};
    if (profile_take(&profile, bytes, size)) {
        looked->icc = profile.icc;
        looked->rest = profile.rest;
        looked->cut = profile.cut;
    }
    if (orientation_is_read(bytes, size)) {
        if (!looked->rest)
            looked->rest = g_byte_array_append(g_byte_array_new(), bytes, (guint)size);
        orientation_clear(looked->rest->data, looked->rest->len);
    }
    look_at_palette(looked, bytes, size);
    look_at_lab(looked, bytes, size);
    if (!looked->rest)
        looked->rest = bmp_straight(bytes, size);
    looked->animated = webp_first(&looked->first, bytes, size);
    if (looked->first.file) {
        g_clear_pointer(&looked->rest, g_byte_array_unref);
        looked->rest = looked->first.file;
    }
}

static void
looked_clear(Looked *looked)
{
    g_clear_pointer(&looked->icc, g_bytes_unref);
    g_clear_pointer(&looked->rest, g_byte_array_unref);
}

/* -1 without memory. */
static int
file_in_memory(const GByteArray *bytes)
{
    int file = memfd_create("featurescope", MFD_CLOEXEC);
    for (gsize done = 0; file >= 0 && done < bytes->len;) {
        gssize now = write(file, bytes->data + done, bytes->len - done);
        if (now > 0) {
            done += (gsize)now;
        } else if (now == 0 || errno != EINTR) {
            close(file);
            return -1;
        }
    }
    return file;
}

/* --- all of it */

/* The same for the same bytes; 0: there is none. */
static guint64
number_of(GBytes *icc)
{
    guint64 number = 0;
    if (!icc)
        return 0;
    char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, icc);
    if (sum)
        number = g_ascii_strtoull(sum + strlen(sum) - 16, NULL, 16);
    g_free(sum);
    return MAX(number, 1);
}

#define MOST_SPACES 8

static int spaces; /* files with a colour space of babl's */

gboolean
load_is_worn(void)
{
    return spaces >= MOST_SPACES;
}

/* An EXR file may state primaries of which no colours can be made, as a blue without any
 * light (XYZ's own). White stays white in all others. */
static gboolean
space_is_usable(const Block *block)
{
    const Babl *space = babl_format_get_space(block->format);
    const float white[4] = {1, 1, 1, 1};
    float rgba[4] = {0};
    babl_process(
        babl_fish(babl_format_with_space("RGBA float", space), babl_format("RGBA float")),
        white, rgba, 1);
    gboolean usable = TRUE;
    for (int c = 0; c < 3; c++)
        usable = usable && fabsf(rgba[c] - 1) < 0.5F; /* NaN is not */
    return usable;
}

/* Formats that the other side does not know, or that are not in sRGB's space. */
static gboolean
make_known(Block *block, WireAnswer *answer)
{
    spaces += babl_format_get_space(block->format) != babl_space("sRGB");
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
load_looked(const Kind *kind,
            Looked *looked,
            int file,
            const guint8 *bytes,
            gsize size,
            WireAnswer *answer,
            Block *block)
{
    int copy = looked->rest ? file_in_memory(looked->rest) : -1;
    if (looked->rest && copy < 0)
        return WIRE_MEMORY;
    WireKind got = load(kind, looked->rest ? copy : file, answer, block, &looked->icc);
    if (copy >= 0)
        close(copy);
    if (got == WIRE_LARGE && kind->small)
        got = kind->small(bytes, size, answer, block);
    answer->profile = number_of(looked->icc);
    if (got == WIRE_PICTURE && looked->palette)
        got = tiff_palette_apply(&looked->colours, block);
    if (got != WIRE_PICTURE)
        return got;
    if (babl_format_get_space(block->format) != babl_space("sRGB") &&
        !space_is_usable(block))
        return WIRE_UNKNOWN;
    if (looked->animated && (looked->first.width > G_MAXINT / 16 ||
                             !block_fits(looked->first.width, looked->first.height,
                                         babl_format("R'G'B'A u8"))))
        return WIRE_LARGE;
    gboolean enough = (!looked->lab || tiff_lab_apply(block, looked->lab_offset)) &&
                      (!looked->animated || webp_place(&looked->first, block)) &&
                      (!looked->negative || tiff_invert(block)) &&
                      colours_convert(block, looked->icc) &&
                      orientation_apply(block, looked->orientation) &&
                      make_known(block, answer);
    return enough ? WIRE_PICTURE : WIRE_MEMORY;
}

static WireKind
load_bytes(int file, const guint8 *bytes, gsize size, WireAnswer *answer, Block *block)
{
    const Kind *kind = kind_of(bytes, size);
    if (!kind)
        return WIRE_UNKNOWN;
    if (size > G_MAXUINT / 2) /* what a GByteArray holds */
        return WIRE_MEMORY;
    if (!bmp_is_read(bytes, size)) /* its length is not known here either */
        return WIRE_UNKNOWN;       /* by this loader; others may know it */
    if (kind->is_whole && !kind->is_whole(bytes, size))
        return WIRE_DAMAGED;
    if (tiff_is_misread(bytes, size) || !jpeg_is_read(bytes, size) ||
        !exr_is_read(bytes, size))
        return WIRE_UNKNOWN;
    WireKind got = kind->read ? kind->read(bytes, size, answer, block) : WIRE_UNKNOWN;
    if (got != WIRE_UNKNOWN)
        return got != WIRE_PICTURE || make_known(block, answer) ? got : WIRE_MEMORY;
    Looked looked;
    look_at(&looked, bytes, size);
    got = looked.cut || (looked.animated && !looked.first.file)
              ? WIRE_DAMAGED
              : load_looked(kind, &looked, file, bytes, size, answer, block);
    looked_clear(&looked);
    /* Of moving pictures some loaders say no more than that they failed. */
    gboolean moving = size > 12 && memcmp(bytes + 4, "ftypavis", 8) == 0;
    gboolean unknown = moving || tiff_is_rarely_read(bytes, size);
    return got == WIRE_DAMAGED && unknown ? WIRE_UNKNOWN : got;
}

void
load_file(int file, WireAnswer *answer, Block *block)
{
    *answer = (WireAnswer){.kind = WIRE_MEMORY};
    *block = (Block){0};
    listen_begin();
    GMappedFile *mapped = g_mapped_file_new_from_fd(file, FALSE, NULL);
    if (mapped) {
        const guint8 *bytes = (const guint8 *)g_mapped_file_get_contents(mapped);
        gsize size = bytes ? g_mapped_file_get_length(mapped) : 0;
        answer->kind = load_bytes(file, bytes, size, answer, block);
        if (answer->kind == WIRE_UNKNOWN)
            known_tell(bytes, size, answer);
        g_mapped_file_unref(mapped);
    }
    if (answer->kind == WIRE_PICTURE) {
        answer->width = block->width;
        answer->height = block->height;
    } else {
        block_clear(block);
    }
}
