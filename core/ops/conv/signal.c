/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signal.c: finds the ranges of maps and of places outside of which a signal is zero. */
#include "ops/conv/signal.h"
#include "base/vector.h"

#define WIDE 3 /* a range of more than 1 / WIDE of maps x places is wide */
#define PIECE ((size_t)64)

/* True if PIECE floats are all zero. */
DCN_VECTOR static bool
is_silent(const float *x)
{
    int some = 0;
    for (size_t i = 0; i < PIECE; i++)
        some |= x[i] != 0;
    return some == 0;
}

bool
dcn_signal_range(const float *dy,
                 size_t places,
                 size_t map_range[2],
                 size_t place_range[2])
{
    size_t maps[2] = {0, 0}, least = place_range[1], most = place_range[0];
    for (size_t m = map_range[0]; m < map_range[1]; m++) {
        const float *row = dy + m * places;
        size_t first = place_range[0], last = place_range[1];
        while (last - first >= PIECE && is_silent(row + first))
            first += PIECE;
        while (first < last && row[first] == 0)
            first++;
        if (first == last)
            continue;
        while (last - first >= PIECE && is_silent(row + last - PIECE))
            last -= PIECE;
        while (row[last - 1] == 0)
            last--;
        if (maps[1] == 0)
            maps[0] = m;
        maps[1] = m + 1;
        least = first < least ? first : least;
        most = last > most ? last : most;
    }
    map_range[0] = maps[0];
    map_range[1] = maps[1];
    place_range[0] = least;
    place_range[1] = most;
    return maps[1] > 0;
}

bool
dcn_signal_is_wide(const DcnConv2d *conv, const DcnImages *dy, size_t images)
{
    size_t places = dcn_conv_sizes(conv).out;
    for (size_t i = 0; i < images; i++) {
        size_t map_range[2] = {0, conv->maps}, range[2] = {0, places};
        if (dcn_signal_range(dcn_images_at(dy, i), places, map_range, range) &&
            (map_range[1] - map_range[0]) * (range[1] - range[0]) >
                conv->maps * places / WIDE)
            return true;
    }
    return false;
}
