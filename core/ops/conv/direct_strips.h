/* SPDX-License-Identifier: GPL-3.0-or-later */
/* direct_strips.h: the channels of a group as direct_kernel.h reads them, strip by strip.
 * Inside direct*.c only.
 *
 * Each channel is copied once, padded, in phases as depthwise.c has them, but with rows as
 * close as the padding allows: phase (a, b) holds its rows a, a + stride ... and of these
 * the columns b, b + stride ... What a tap sees at all places is one phase, moved by a
 * fixed offset. Places are counted with rows of the output as far apart as those of a
 * phase: what falls between two rows is computed and thrown away.
 *
 * An example: rows of 7 places, a kernel of 3, one place of padding on either side. The
 * zero behind a row is also that before the next one, so rows are 8 floats apart, and 7
 * rows of the output are 55 places: four vectors of 16.
 *
 * A strip is some rows of one image, or some images. */
#ifndef DCN_OPS_CONV_DIRECT_STRIPS_H
#define DCN_OPS_CONV_DIRECT_STRIPS_H

#include "ops/conv/direct_kernel.h"
#include "ops/conv/way.h"

typedef struct {
    DcnWindow window;
    DcnConvSizes s;
    size_t phases_y, phases_x; /* that any tap sees */
    size_t pitch;              /* floats from one row of a phase to the next */
    size_t rows;               /* of the output, of a strip */
    size_t parts;              /* strips of an image; 1 if a strip is several images */
    size_t images;             /* of a strip */
    size_t image;              /* floats of a phase of one image */
    size_t channel;            /* floats of all phases of all images */
    size_t vectors;            /* of an image */
} DcnStrips;

/* A strip in scratch memory. */
typedef struct {
    size_t first, images, row, rows; /* image, images, row of the output, rows */
    size_t vectors;                  /* of all images */
    float *phases;
    uint32_t *starts; /* of the vectors */
} DcnStrip;

/* True if a convolution has two axes, and its strips can be so small that they fit a
 * core's cache. The functions below take no others. */
bool dcn_strips_fit(const DcnConv2d *conv);

/* images: of a run; 0: any number. */
DcnStrips dcn_strips(const DcnConv2d *conv, size_t images);

/* Strips of so many images. */
size_t dcn_strips_count(const DcnStrips *strips, size_t images);

/* Tasks of each strip, so that each thread finds work. */
size_t dcn_strips_parts(const DcnStrips *strips, const DcnConvRun *run);

/* Places of the vectors of a strip: floats of the sums of a map. */
static inline size_t
dcn_strips_places(const DcnStrips *strips)
{
    return strips->images * strips->vectors * DCN_PLACES;
}

/* Bytes of scratch memory that a strip takes, and its beginning there: phases are zero,
 * nothing is filled. */
size_t dcn_strips_bytes(const DcnStrips *strips);
DcnStrip dcn_strip_start(const DcnStrips *strips,
                         size_t index,
                         size_t images,
                         void *memory);

/* Copies a channel into the phases of channel `to` of the group. False and nothing copied
 * if it is zero in all that is seen of it. */
bool dcn_strip_fill(const DcnStrips *strips,
                    const DcnStrip *strip,
                    const DcnImages *x,
                    size_t channel,
                    size_t to);

/* The floats from a place to what a tap, (y, x) places of the input behind the first one,
 * sees of a channel of the group. */
uint32_t dcn_strips_offset(const DcnStrips *strips, size_t channel, size_t y, size_t x);

/* Maps of the block that begins with a map, of n. */
static inline size_t
dcn_direct_block(size_t n, size_t map)
{
    return n - map < DCN_ROWS ? n - map : DCN_ROWS;
}

/* Floats of a form of n maps with so many weights each, in blocks. */
static inline size_t
dcn_direct_floats(size_t n, size_t weights)
{
    size_t whole = n / DCN_ROWS * DCN_ROWS;
    return weights * (whole + (whole < n ? dcn_direct_step(n - whole) : 0));
}

#endif
