/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field.c: the part of a picture that a unit can see, as a tile. */

#include "probe/field.h"
#include "base/fail.h"
#include "draw/paint.h"
#include <math.h>
#include <string.h>

typedef struct {
    double begin, end;
} Span;

/* Axis 1 is the height, 2 the width; see nearest_on_axis() in choose.c. */
static void
reach_back(const Probe *probe, gsize y, gsize x, Span *rows, Span *columns)
{
    const Net *net = probe->net;
    const DcnPlan *plan = probe->runner.plan;
    int tensor = probe->runner.tensor[0];
    DcnBox unit = dcn_plan_unit_box(plan, tensor, &(DcnUnit){.y = y, .x = x}), box;
    int input = dcn_plan_input(plan, 0), axis = net->layout.nhwc ? 0 : 1;
    *rows = (Span){0, net->height};
    *columns = (Span){0, net->width};
    if (!dcn_plan_reach_back(plan, tensor, &unit, input, &box))
        return;
    *rows = (Span){(double)box.begin[axis], (double)box.end[axis]};
    *columns = (Span){(double)box.begin[axis + 1], (double)box.end[axis + 1]};
}

FieldSize
field_size(const Probe *probe)
{
    FieldSize size = {1, 1};
    Span rows, columns;
    for (gsize y = 0; y < probe->height; y++) {
        reach_back(probe, y, 0, &rows, &columns);
        size.height = fmax(size.height, rows.end - rows.begin);
    }
    for (gsize x = 0; x < probe->width; x++) {
        reach_back(probe, 0, x, &rows, &columns);
        size.width = fmax(size.width, columns.end - columns.begin);
    }
    return size;
}

/* Where the seen part begins in a whole field: at its end if the picture's beginning cut
 * it off. */
static double
offset_in(Span seen, double whole)
{
    double missing = fmax(0, whole - (seen.end - seen.begin));
    return seen.begin <= 0 ? missing : 0;
}

Field
field_of(const Probe *probe, FieldSize size, const DcnUnit *unit, int side)
{
    Span rows, columns;
    reach_back(probe, unit->y, unit->x, &rows, &columns);
    double scale = side / fmax(size.height, size.width);
    Field field = {.top = rows.begin,
                   .left = columns.begin,
                   .height = rows.end - rows.begin,
                   .width = columns.end - columns.begin};
    field.tile_height = MAX(1, (int)(size.height * scale + 0.5));
    field.tile_width = MAX(1, (int)(size.width * scale + 0.5));
    int top = (int)(offset_in(rows, size.height) * scale + 0.5);
    int left = (int)(offset_in(columns, size.width) * scale + 0.5);
    top = MIN(top, field.tile_height - 1);
    left = MIN(left, field.tile_width - 1);
    int height = CLAMP((int)(field.height * scale + 0.5), 1, field.tile_height - top);
    int width = CLAMP((int)(field.width * scale + 0.5), 1, field.tile_width - left);
    field.in_tile = (GeglRectangle){left, top, width, height};
    return field;
}

static void
fill_gray(const Field *field, float *rgba)
{
    for (gsize i = 0; i < (gsize)field->tile_height * (gsize)field->tile_width; i++) {
        rgba[4 * i] = rgba[4 * i + 1] = rgba[4 * i + 2] = 0.5f;
        rgba[4 * i + 3] = 1;
    }
}

static float *
tile_row(const Field *field, float *rgba, int y)
{
    const GeglRectangle *in = &field->in_tile;
    return rgba + 4 * ((gsize)(in->y + y) * (gsize)field->tile_width + (gsize)in->x);
}

/* The part of the signal that is seen, alone: nothing from outside is blended in. */
static float *
cut(const Probe *probe, const Field *field, const float *signal)
{
    gsize width = (gsize)field->width, height = (gsize)field->height;
    float *part = g_new(float, width *height * 3);
    for (gsize y = 0; y < height; y++) {
        gsize row = (gsize)field->top + y;
        const float *from =
            signal + (row * (gsize)probe->net->width + (gsize)field->left) * 3;
        memcpy(part + y * width * 3, from, width * 3 * sizeof *part);
    }
    return part;
}

void
field_paint(const Probe *probe, const Field *field, const float *signal, float *rgba)
{
    const Net *net = probe->net;
    const GeglRectangle *in = &field->in_tile;
    float scale = paint_scale(&signal, 1, net_pixels(net) * 3, PAINT_PERCENTILE);
    float *part = cut(probe, field, signal);
    RegionGrid grid = {.width = in->width,
                       .height = 1,
                       .dx = field->width / in->width,
                       .dy = field->height / in->height};
    fill_gray(field, rgba);
    for (int y = 0; y < in->height; y++) {
        grid.y = y * grid.dy;
        paint_signal(part, (int)field->height, (int)field->width, &grid, scale,
                     tile_row(field, rgba, y));
    }
    g_free(part);
}

/* The photo's pixels under a span of the network's, at least one. */
static void
to_photo(double begin,
         double size,
         int seen_at,
         int seen_size,
         int net_size,
         int *at,
         int *count)
{
    double scale = (double)seen_size / net_size;
    *at = seen_at + (int)floor(begin * scale + 0.5);
    *count = MAX(1, seen_at + (int)floor((begin + size) * scale + 0.5) - *at);
}

gboolean
field_patch(const Field *field,
            const Region *region,
            HostPixels *pixels,
            const GeglRectangle *item,
            float *rgba,
            GError **error)
{
    const GeglRectangle *seen = &region->seen, *in = &field->in_tile;
    const float gray[3] = {0.5f, 0.5f, 0.5f};
    Region patch = {.width = in->width, .height = in->height};
    to_photo(field->left, field->width, seen->x, seen->width, region->width,
             &patch.seen.x, &patch.seen.width);
    to_photo(field->top, field->height, seen->y, seen->height, region->height,
             &patch.seen.y, &patch.seen.height);
    fill_gray(field, rgba);
    /* Bars that were added to the photo stay gray. */
    if (!gegl_rectangle_intersect(&patch.photo, &patch.seen, &region->photo))
        return TRUE;
    float *rgb = g_try_new(float, 3 * (gsize)in->width * (gsize)in->height);
    if (!rgb)
        return fail_run(error, _("There is not enough memory for a patch."));
    gboolean ok = region_read(&patch, pixels, item->x, item->y, gray, rgb, error);
    for (int y = 0; ok && y < in->height; y++) {
        float *row = tile_row(field, rgba, y);
        for (int x = 0; x < in->width; x++)
            for (int c = 0; c < 3; c++)
                row[4 * x + c] =
                    rgb[3 * ((gsize)y * (gsize)in->width + (gsize)x) + (gsize)c];
    }
    g_free(rgb);
    return ok;
}

Region
field_region(const Probe *probe, const DcnUnit *unit, const Region *region)
{
    Span rows, columns;
    Region part = *region;
    GeglRectangle field;
    const GeglRectangle *seen = &region->seen;
    reach_back(probe, unit->y, unit->x, &rows, &columns);
    to_photo(columns.begin, columns.end - columns.begin, seen->x, seen->width,
             region->width, &field.x, &field.width);
    to_photo(rows.begin, rows.end - rows.begin, seen->y, seen->height, region->height,
             &field.y, &field.height);
    if (!gegl_rectangle_intersect(&part.photo, &field, &region->photo))
        part.photo = region->photo; /* it sees nothing but bars */
    return part;
}
