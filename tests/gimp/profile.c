/* SPDX-License-Identifier: GPL-3.0-or-later */
/* profile.c: writes the colour profile that the tests of GIMP give to an image.
 *
 *     profile FILE.icc
 *
 * A space of three primaries and one power, the smallest profile that is not sRGB. The
 * numbers are those of "Adobe RGB (1998) Color Image Encoding", 2005: its primaries,
 * adapted to the white of D50 as ICC.1:2001 wants, and the exponent 2 + 51/256. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SIZE = 1024 };
static uint8_t bytes[SIZE];

static void
put16(size_t at, unsigned value)
{
    bytes[at] = (uint8_t)(value >> 8);
    bytes[at + 1] = (uint8_t)value;
}

static void
put32(size_t at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

static void
put_text(size_t at, const char *text)
{
    memcpy(bytes + at, text, strlen(text));
}

/* A number of 16 bits and as many behind the point. */
static void
put_fixed(size_t at, double value)
{
    put32(at, (uint32_t)(int32_t)lround(value * 65536));
}

/* Tags so far: the table at 128 and the place where the next one's data go. */
static size_t n_tags, end;

static size_t
add_tag(const char *name, size_t size)
{
    size_t entry = 132 + 12 * n_tags++, at = end;
    put_text(entry, name);
    put32(entry + 4, (uint32_t)at);
    put32(entry + 8, (uint32_t)size);
    end += (size + 3) / 4 * 4;
    return at;
}

static void
add_xyz(const char *name, double x, double y, double z)
{
    size_t at = add_tag(name, 20);
    put_text(at, "XYZ ");
    put_fixed(at + 8, x);
    put_fixed(at + 12, y);
    put_fixed(at + 16, z);
}

static void
add_power(const char *name)
{
    size_t at = add_tag(name, 14);
    put_text(at, "curv");
    put32(at + 8, 1);
    put16(at + 12, (2 << 8) + 51);
}

static void
make_profile(void)
{
    static const char title[] = "Featurescope test", rights[] = "No rights reserved";

    end = 132 + 12 * 9;
    size_t at = add_tag("desc", 90 + sizeof title);
    put_text(at, "desc");
    put32(at + 8, sizeof title);
    put_text(at + 12, title);
    at = add_tag("cprt", 8 + sizeof rights);
    put_text(at, "text");
    put_text(at + 8, rights);
    add_xyz("wtpt", 0.9642, 1, 0.8249);
    add_xyz("rXYZ", 0.60974, 0.31111, 0.01947);
    add_xyz("gXYZ", 0.20528, 0.62567, 0.06087);
    add_xyz("bXYZ", 0.14919, 0.06322, 0.74457);
    add_power("rTRC");
    add_power("gTRC");
    add_power("bTRC");
    put32(128, (uint32_t)n_tags);

    put32(0, (uint32_t)end);
    put32(8, 0x02100000); /* version 2.1 */
    put_text(12, "mntrRGB XYZ ");
    put16(24, 2026); /* made on the first of January */
    put16(26, 1);
    put16(28, 1);
    put_text(36, "acsp");
    put_fixed(68, 0.9642);
    put_fixed(72, 1);
    put_fixed(76, 0.8249);
}

int
main(int argc, char **argv)
{
    if (argc != 2)
        return fputs("usage: profile FILE.icc\n", stderr), 2;
    make_profile();
    FILE *file = fopen(argv[1], "wb");
    int written = file && fwrite(bytes, 1, end, file) == end;
    if (!file || fclose(file) != 0 || !written)
        return perror(argv[1]), 1;
    return 0;
}
