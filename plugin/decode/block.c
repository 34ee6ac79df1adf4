/* SPDX-License-Identifier: GPL-3.0-or-later */
/* block.c: pixels in memory that another process can be given. */
#define _GNU_SOURCE /* memfd_create() */

#include "decode/block.h"
#include "pixels/wire.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static gsize
row_bytes(int width, const Babl *format)
{
    return (gsize)width * (gsize)babl_format_get_bytes_per_pixel(format);
}

gboolean
block_fits(int width, int height, const Babl *format)
{
    const gsize most = (gsize)WIRE_MOST_MB * 1000000;
    return width > 0 && height > 0 && row_bytes(width, format) <= most / (gsize)height;
}

gboolean
block_new(Block *block, int width, int height, const Babl *format)
{
    *block = (Block){0};
    if (!block_fits(width, height, format))
        return FALSE;
    gsize size = row_bytes(width, format) * (gsize)height;
    int memory = memfd_create("featurescope", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    void *at = MAP_FAILED;
    if (memory >= 0 && ftruncate(memory, (off_t)size) == 0 &&
        fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK) == 0)
        at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (at != MAP_FAILED)
        *block = (Block){width, height, format, at, size, memory};
    else if (memory >= 0)
        close(memory);
    return at != MAP_FAILED;
}

void
block_clear(Block *block)
{
    if (block->at) {
        munmap(block->at, block->size);
        close(block->memory);
    }
    *block = (Block){0};
}

GeglBuffer *
block_buffer(const Block *block)
{
    GeglRectangle extent = {0, 0, block->width, block->height};
    return gegl_buffer_linear_new_from_data(block->at, block->format, &extent,
                                            GEGL_AUTO_ROWSTRIDE, NULL, NULL);
}

guint8 *
block_row(const Block *block, int y)
{
    return block->at + (gsize)y * row_bytes(block->width, block->format);
}

void
block_replace(Block *block, Block *by)
{
    block_clear(block);
    *block = *by;
    *by = (Block){0};
}

gboolean
block_convert(Block *block, const Babl *format)
{
    Block made;
    if (format == block->format)
        return TRUE;
    if (!block_new(&made, block->width, block->height, format))
        return FALSE;
    const Babl *fish = babl_fish(block->format, format);
    for (int y = 0; y < block->height; y++)
        babl_process(fish, block_row(block, y), block_row(&made, y), block->width);
    block_replace(block, &made);
    return TRUE;
}
