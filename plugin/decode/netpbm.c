/* SPDX-License-Identifier: GPL-3.0-or-later */
/* netpbm.c: reads "P6 640 480 255", one white space, and rows of values; 16 bits if the
 * largest value is above 255, the high byte first.
 *
 *     P1 P2 P3   bits, gray, colours in words
 *     P4 P5 P6   in bytes, of P4 eight bits in one; 1 is black in P1 and P4
 *     P7         PAM: the header in lines of a word and a number
 *     Pf PF      PFM: floats of linear light, gray or colours, from the lowest row up */

#include "decode/netpbm.h"
#include <math.h>
#include <string.h>

typedef struct {
    const guint8 *bytes;
    gsize size, at;
} Text;

typedef struct {
    int width, height, channels;
    int most; /* the largest value */
    gboolean words, bits, floats;
    gboolean little; /* floats */
    float unit;      /* of theirs */
} Header;

/* --- headers */

static void
skip_white(Text *text)
{
    while (text->at < text->size &&
           (g_ascii_isspace(text->bytes[text->at]) || text->bytes[text->at] == '#')) {
        gboolean comment = text->bytes[text->at] == '#';
        while (comment && text->at < text->size && text->bytes[text->at] != '\n' &&
               text->bytes[text->at] != '\r')
            text->at++;
        text->at += comment ? 0 : 1;
    }
}

/* The next number behind white space and comments. FALSE: there is none. */
static gboolean
number(Text *text, int *value)
{
    skip_white(text);
    *value = 0;
    gsize begin = text->at;
    for (; text->at < text->size && g_ascii_isdigit(text->bytes[text->at]) &&
           *value < 100000000;
         text->at++)
        *value = *value * 10 + text->bytes[text->at] - '0';
    return text->at > begin;
}

/* The next word of up to `room` - 1 bytes; "" at the end. */
static void
word(Text *text, char *into, gsize room)
{
    gsize length = 0;
    skip_white(text);
    for (; text->at < text->size && !g_ascii_isspace(text->bytes[text->at]); text->at++)
        if (length + 1 < room)
            into[length++] = (char)text->bytes[text->at];
    into[length] = '\0';
}

/* White space, of which there is one. */
static gboolean
ends(Text *text)
{
    gboolean white = text->at < text->size && g_ascii_isspace(text->bytes[text->at]);
    text->at += white;
    return white;
}

static gboolean
read_pam(Text *text, Header *header)
{
    static const char *const names[] = {"WIDTH", "HEIGHT", "DEPTH", "MAXVAL"};
    int *const values[] = {&header->width, &header->height, &header->channels,
                           &header->most};
    char name[16];
    for (word(text, name, sizeof name); *name; word(text, name, sizeof name)) {
        if (strcmp(name, "ENDHDR") == 0)
            return ends(text);
        gboolean known = FALSE;
        for (gsize i = 0; i < G_N_ELEMENTS(names) && !known; i++) {
            known = strcmp(name, names[i]) == 0;
            if (known && !number(text, values[i]))
                return FALSE;
        }
        while (!known && text->at < text->size && text->bytes[text->at] != '\n')
            text->at++; /* TUPLTYPE, which says what the depth says */
    }
    return FALSE;
}

static gboolean
read_header(Text *text, Header *header)
{
    char kind = (char)text->bytes[1];
    text->at = 2;
    *header = (Header){.channels = strchr("36F", kind) ? 3 : 1,
                       .words = kind >= '1' && kind <= '3',
                       .bits = kind == '1' || kind == '4',
                       .floats = kind == 'f' || kind == 'F',
                       .most = 1,
                       .unit = 1};
    if (kind == '7')
        return read_pam(text, header);
    if (!number(text, &header->width) || !number(text, &header->height))
        return FALSE;
    if (header->floats) {
        char scale[32];
        word(text, scale, sizeof scale);
        double unit = g_ascii_strtod(scale, NULL);
        header->little = unit < 0;
        header->unit = (float)fabs(unit);
        return unit != 0 && isfinite(unit) && ends(text);
    }
    return (header->bits || number(text, &header->most)) && ends(text);
}

static const Babl *
format_of(const Header *header)
{
    static const char *const formats[3][4] = {
        {"Y' u8", "Y'A u8", "R'G'B' u8", "R'G'B'A u8"},
        {"Y' u16", "Y'A u16", "R'G'B' u16", "R'G'B'A u16"},
        {"Y float", NULL, "RGB float", NULL}};
    return babl_format(
        formats[header->floats ? 2 : header->most > 255][header->channels - 1]);
}

/* --- values */

/* Values of 0 .. most as 0 .. 255 or 65535; larger ones count as `most`. */
static guint
full(guint value, guint most)
{
    guint whole = most > 255 ? 65535 : 255;
    return (guint)(((guint64)MIN(value, most) * whole + most / 2) / most);
}

static void
put(Block *block, gsize i, guint value, guint most)
{
    if (most > 255)
        ((guint16 *)(void *)block->at)[i] = (guint16)full(value, most);
    else
        block->at[i] = (guint8)full(value, most);
}

/* Bits in words need no white space between them. */
static gboolean
take_words(Text *text, const Header *header, gsize count, Block *block)
{
    for (gsize i = 0; i < count; i++) {
        int value;
        if (header->bits) {
            skip_white(text);
            value = text->at < text->size ? text->bytes[text->at++] - '0' : -1;
            if (value < 0 || value > 1)
                return FALSE;
            value = !value;
        } else if (!number(text, &value)) {
            return FALSE;
        }
        put(block, i, (guint)value, (guint)header->most);
    }
    return TRUE;
}

static void
take_bits(const guint8 *from, Block *block)
{
    gsize row = ((gsize)block->width + 7) / 8;
    for (int y = 0; y < block->height; y++)
        for (int x = 0; x < block->width; x++)
            block_row(block, y)[x] =
                from[(gsize)y * row + (gsize)x / 8] << x % 8 & 0x80 ? 0 : 255;
}

static void
take_bytes(const guint8 *from, guint most, gsize count, Block *block)
{
    for (gsize i = 0; i < count; i++)
        put(block, i, most > 255 ? (guint)from[2 * i] << 8 | from[2 * i + 1] : from[i],
            most);
}

static void
take_floats(const guint8 *from, const Header *header, Block *block)
{
    gsize count = (gsize)header->width * (gsize)header->channels;
    for (int y = 0; y < header->height; y++, from += count * 4) {
        float *row = (float *)(void *)block_row(block, header->height - 1 - y);
        for (gsize i = 0; i < count; i++) {
            guint32 bits;
            memcpy(&bits, from + 4 * i, 4);
            bits = header->little ? GUINT32_FROM_LE(bits) : GUINT32_FROM_BE(bits);
            memcpy(&row[i], &bits, 4);
            row[i] *= header->unit;
        }
    }
}

/* --- all of it */

/* Bytes of a row in the file; of words, which may be any number, the fewest. */
static gsize
row_bytes(const Header *header)
{
    gsize values = (gsize)header->width * (gsize)header->channels;
    if (header->bits && !header->words)
        return (values + 7) / 8;
    return values * (header->words ? 1 : header->floats ? 4 : header->most > 255 ? 2 : 1);
}

/* Behind "P6" there is white space or a comment, of PAM the end of the line: other files
 * may begin so, too. */
static gboolean
is_netpbm(const guint8 *bytes, gsize size)
{
    return size > 2 && (bytes[1] == '7' ? bytes[2] == '\n'
                                        : bytes[2] == '#' || g_ascii_isspace(bytes[2]));
}

WireKind
netpbm_load(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block)
{
    if (!is_netpbm(bytes, size))
        return WIRE_UNKNOWN;
    Text text = {bytes, size, 0};
    Header header;
    gboolean good = read_header(&text, &header) && header.width > 0 &&
                    header.height > 0 && header.channels > 0 && header.most > 0 &&
                    header.most <= 65535 && header.unit > 0;
    answer->width = header.width;
    answer->height = header.height;
    if (good && header.channels > 4)
        return WIRE_UNKNOWN;
    if (!good || (text.size - text.at) / row_bytes(&header) < (gsize)header.height)
        return WIRE_DAMAGED;
    const Babl *format = format_of(&header);
    if (!block_fits(header.width, header.height, format))
        return WIRE_LARGE;
    if (!block_new(block, header.width, header.height, format))
        return WIRE_MEMORY;
    gsize count = (gsize)header.width * (gsize)header.height * (gsize)header.channels;
    const guint8 *from = bytes + text.at;
    if (header.words)
        return take_words(&text, &header, count, block) ? WIRE_PICTURE : WIRE_DAMAGED;
    if (header.floats)
        take_floats(from, &header, block);
    else if (header.bits)
        take_bits(from, block);
    else
        take_bytes(from, (guint)header.most, count, block);
    return WIRE_PICTURE;
}
