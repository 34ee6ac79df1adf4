/* SPDX-License-Identifier: GPL-3.0-or-later */
/* region.c: which part of a photo a network sees. */

#include "photo/region.h"
#include "base/fail.h"
#include <math.h>

static int
at_least_1(double size)
{
    return (int)fmax(1, floor(size + 0.5));
}

/* The largest rectangle of the network's proportions inside the photo. */
static GeglRectangle
crop(const GeglRectangle *photo, int width, int height)
{
    GeglRectangle seen = *photo;
    if ((double)photo->width * height >= (double)photo->height * width)
        seen.width =
            MIN(photo->width, at_least_1((double)photo->height * width / height));
    else
        seen.height =
            MIN(photo->height, at_least_1((double)photo->width * height / width));
    seen.x += (photo->width - seen.width) / 2;
    seen.y += (photo->height - seen.height) / 2;
    return seen;
}

/* The smallest rectangle of the network's proportions around the photo. */
static GeglRectangle
pad(const GeglRectangle *photo, int width, int height)
{
    GeglRectangle seen = *photo;
    if ((double)photo->width * height >= (double)photo->height * width)
        seen.height =
            MAX(photo->height, at_least_1((double)photo->width * height / width));
    else
        seen.width =
            MAX(photo->width, at_least_1((double)photo->height * width / height));
    seen.x -= (seen.width - photo->width) / 2;
    seen.y -= (seen.height - photo->height) / 2;
    return seen;
}

gboolean
region_find(Region *region,
            const GeglRectangle *item,
            const GeglRectangle *selection,
            Fit fit,
            int width,
            int height,
            GError **error)
{
    GeglRectangle photo = *item;
    if (item->width < 1 || item->height < 1)
        return fail_input(error, _("The layer is empty: it has no pixels to look at."));
    if (selection && !gegl_rectangle_intersect(&photo, item, selection))
        return fail_input(
            error,
            _("The selection (%d × %d pixels at %d, %d) lies outside the layer (%d × %d pixels at %d, %d): nothing is left to look at."),
            selection->width, selection->height, selection->x, selection->y, item->width,
            item->height, item->x, item->y);
    GeglRectangle seen = photo;
    if (fit == FIT_CROP)
        seen = photo = crop(&photo, width, height);
    else if (fit == FIT_PAD)
        seen = pad(&photo, width, height);
    *region = (Region){seen, photo, width, height};
    return TRUE;
}

RegionGrid
region_grid(const Region *region)
{
    const GeglRectangle *seen = &region->seen, *photo = &region->photo;
    RegionGrid grid = {region->width, region->height, 0, 0, 1, 1};
    if (photo->width < seen->width) {
        double pixels = (double)photo->width * region->width / seen->width;
        grid.x = (double)(photo->x - seen->x) * region->width / seen->width;
        grid.width = at_least_1(ceil(pixels));
        grid.dx = pixels / grid.width;
    }
    if (photo->height < seen->height) {
        double pixels = (double)photo->height * region->height / seen->height;
        grid.y = (double)(photo->y - seen->y) * region->height / seen->height;
        grid.height = at_least_1(ceil(pixels));
        grid.dy = pixels / grid.height;
    }
    return grid;
}

gboolean
region_point(const Region *region, double x, double y, double *net_x, double *net_y)
{
    const GeglRectangle *seen = &region->seen;
    *net_x = (x - seen->x) * region->width / seen->width;
    *net_y = (y - seen->y) * region->height / seen->height;
    return *net_x >= 0 && *net_y >= 0 && *net_x < region->width &&
           *net_y < region->height;
}
