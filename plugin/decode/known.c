/* SPDX-License-Identifier: GPL-3.0-or-later */
/* known.c: tells files of pictures by their first bytes. */

#include "decode/known.h"
#include "decode/bmp.h"
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
    {0, "/* XPM", 6, "XPM"},
    {0, "SDPX", 4, "DPX"},
    {0, "XPDS", 4, "DPX"},
    {0, "\x80\x2a\x5f\xd7", 4, "Cineon"},
    {0, "\xb1\x68\xde\x3a", 4, "DCX"},
    {0, "id=ImageMagick", 14, "MIFF"},
    {0, "BM", 2, "BMP"},
};

/* Of a cursor's header two numbers are 0 and 2, and a third, how many there are, is not 0;
 * of a TGA's header the same bytes are 0, 2 and 0, where it is of colours. Its kind,
 * colours of a palette and bits say more (TGA 2.0, page 6); only newer ones have a mark at
 * their end. */
static const char *
bare_name_of(const guint8 *bytes, gsize size)
{
    if (size < 18 || bytes[1] > 1)
        return "";
    gboolean second = memcmp(bytes, "\0\0\2\0", 4) == 0;
    if (second && bytes[4] > 0 && bytes[5] == 0 && bytes[9] == 0)
        return "CUR";
    guint8 kind = bytes[2] & 7, bits = bytes[16];
    gboolean known_kind = kind >= 1 && kind <= 3 && (bytes[2] & ~8) == kind;
    gboolean palette = kind != 1 || bytes[1] == 1;
    gboolean sized = (bytes[12] || bytes[13]) && (bytes[14] || bytes[15]);
    gboolean known_bits =
        bits == 8 || bits == 15 || bits == 16 || bits == 24 || bits == 32;
    return known_kind && palette && sized && known_bits && (bytes[17] & 0xc0) == 0 ? "TGA"
                                                                                   : "";
}

/* SVG may begin as any XML does. */
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
    if (size > sizeof tga && memcmp(bytes + size - sizeof tga, tga, sizeof tga) == 0)
        return "TGA";
    return bare_name_of(bytes, size);
}

void
known_tell(const guint8 *bytes, gsize size, WireAnswer *answer)
{
    const char *name = name_of(bytes, size);
    if (strcmp(name, "JPEG") == 0)
        name = jpeg_name(bytes, size);
    g_strlcpy(answer->name, name, sizeof answer->name);
    answer->bits = tiff_odd_bits(bytes, size);
    if (answer->bits == 0)
        answer->bits = jpeg_odd_bits(bytes, size);
    if (answer->bits == 0)
        answer->bits = bmp_odd_bits(bytes, size);
}
