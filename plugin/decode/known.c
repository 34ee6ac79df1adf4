/* SPDX-License-Identifier: GPL-3.0-or-later */
/* known.c: tells files of pictures by their first bytes. */

#include "decode/known.h"
#include "decode/jpeg.h"
#include "decode/tiff.h"
#include <string.h>

typedef struct {
    gsize at; /* where the file has these bytes */
    const char *bytes;
    gsize length;
    const char *name; /* not translated */
} Known;

static const Known known[] = {
    {0, "\xff\xd8\xff", 3, "JPEG"},
    {0, "\x89PNG\r\n\x1a\n", 8, "PNG"},
    {0, "\x8bJNG\r\n\x1a\n", 8, "JNG"},
    {0, "\x8aMNG\r\n\x1a\n", 8, "MNG"},
    {8, "WEBP", 4, "WebP"},
    {0, "II*\0", 4, "TIFF"},
    {0, "MM\0*", 4, "TIFF"},
    {0, "II+\0", 4, "BigTIFF"},
    {0, "MM\0+", 4, "BigTIFF"},
    {0, "\x76\x2f\x31\x01", 4, "OpenEXR"},
    {0, "#?RADIANCE", 10, "Radiance"},
    {0, "#?RGBE", 6, "Radiance"},
    {0, "P7\n", 3, "PAM"},
    {4, "jP  \r\n\x87\n", 8, "JPEG 2000"},
    {0, "\xff\x4f\xff\x51", 4, "JPEG 2000"},
    {4, "JXL \r\n\x87\n", 8, "JPEG XL"},
    {0, "\xff\x0a", 2, "JPEG XL"},
    {4, "ftypavi", 7, "AVIF"},
    {4, "ftyphe", 6, "HEIF"},
    {4, "ftypmif1", 8, "HEIF"},
    {4, "ftypmsf1", 8, "HEIF"},
    {4, "ftypcrx", 7, "Canon CR3"},
    {4, "ftyp", 4, "MPEG-4"},
    {0, "8BPS", 4, "Photoshop"},
    {0, "gimp xcf ", 9, "XCF"},
    {0, "qoif", 4, "QOI"},
    {0, "farbfeld", 8, "farbfeld"},
    {0, "DDS ", 4, "DDS"},
    {0, "icns", 4, "ICNS"},
    {0, "\0\0\1\0", 4, "ICO"},
    {0, "\0\0\2\0", 4, "CUR"},
    {0, "SIMPLE  =", 9, "FITS"},
    {0, "\x59\xa6\x6a\x95", 4, "Sun raster"},
    {0, "\x01\xda", 2, "SGI"},
    {0, "FUJIFILMCCD-RAW", 15, "Fujifilm RAF"},
    {0, "FORM", 4, "IFF"},
    {0, "\xd7\xcd\xc6\x9a", 4, "WMF"},
    {0, "<svg", 4, "SVG"},
    {0, "<?xml", 5, "XML"},
    {0, "%PDF", 4, "PDF"},
    {0, "%!PS", 4, "PostScript"},
};

/* SVG may begin as any XML does; TGA is known by its end. */
static const char *
name_of(const guint8 *bytes, gsize size)
{
    static const char tga[] = "TRUEVISION-XFILE.";
    for (const Known *one = known; one < known + G_N_ELEMENTS(known); one++)
        if (one->at + one->length <= size &&
            memcmp(bytes + one->at, one->bytes, one->length) == 0)
            return strcmp(one->name, "XML") != 0                             ? one->name
                   : g_strstr_len((const char *)bytes, (gssize)size, "<svg") ? "SVG"
                                                                             : "";
    if (size >= 3 && bytes[0] == 10 && bytes[1] <= 5 && bytes[2] == 1)
        return "PCX";
    return size > sizeof tga && memcmp(bytes + size - sizeof tga, tga, sizeof tga) == 0
               ? "TGA"
               : "";
}

void
known_tell(const guint8 *bytes, gsize size, WireAnswer *answer)
{
    g_strlcpy(answer->name, name_of(bytes, size), sizeof answer->name);
    answer->bits = tiff_odd_bits(bytes, size);
    if (answer->bits == 0)
        answer->bits = jpeg_odd_bits(bytes, size);
}
