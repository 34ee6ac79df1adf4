/* SPDX-License-Identifier: GPL-3.0-or-later */
/* animation.c: the square on its way over the photo.
 *
 *     +---------+   P(tabby) = 0.42
 *     |  photo  |   |      __
 *     |   []    |   |_ /\_/  o
 *     |         |   |__________
 *     +---------+   place of the square
 *
 * A layer called "... (100ms)" is shown that long by GIMP's playback, and by the GIF and
 * WebP files that it writes. */

#include "actions/occlusion/animation.h"
#include "base/fail.h"
#include "base/text.h"
#include "draw/chart.h"
#include "result/results.h"
#include <math.h>
#include <string.h>

#define TILE 240 /* pixels, the longer side of the photo */
#define LETTER 12.0
#define FIELD 260 /* pixels, width of the chart's field */

typedef struct {
    const Occlusion *occlusion;
    const Seen *seen;
    const Heat *heat;
    gsize *cells; /* of the map, a frame each */
    gsize count;
    double *x, *y;     /* of the curve */
    float *removed;    /* what the square shows, height x width x 3 */
    float *rgba;       /* a frame's photo */
    int width, height; /* of the photo in the frame */
    double low, high;  /* of the curve */
    const char *delay; /* "(100ms)" */
} Animation;

gboolean
animation_check(const Occlusion *occlusion, const Run *run, GError **error)
{
    if (!procedure_takes_one(run, error))
        return FALSE;
    if (!occlusion->probability && !occlusion->activity)
        return fail_input(
            error,
            _("An animation follows a number, the probability of a label or the activity of a feature map; there is none here."));
    return TRUE;
}

/* --- which places --- */

static gsize
places(gsize rows, gsize columns, gsize every)
{
    return ((rows + every - 1) / every) * ((columns + every - 1) / every);
}

static void
choose_cells(Animation *animation, gsize most)
{
    const Heat *heat = animation->heat;
    gsize every = 1;
    while (places(heat->rows, heat->columns, every) > most)
        every++;
    animation->cells = g_new(gsize, places(heat->rows, heat->columns, every));
    for (gsize i = 0; i < heat->rows; i += every)
        for (gsize j = 0; j < heat->columns; j += every)
            animation->cells[animation->count++] = i * heat->columns + j;
    animation->x = g_new(double, animation->count);
    animation->y = g_new(double, animation->count);
    for (gsize i = 0; i < animation->count; i++) {
        animation->x[i] = (double)(i + 1);
        animation->y[i] = (double)heat->values[animation->cells[i]];
    }
    chart_range(animation->y, animation->count, &animation->low, &animation->high);
    animation->high = fmax(animation->high, heat->base);
}

/* --- a frame --- */

/* The square as the core puts it: see DcnOcclusionMaps. */
static void
paint_photo(const Animation *animation, gsize cell)
{
    const Net *net = animation->occlusion->net;
    const Heat *heat = animation->heat;
    int size = animation->occlusion->size, step = animation->occlusion->step;
    int top = (int)(cell / heat->columns) * step + step / 2 - size / 2;
    int left = (int)(cell % heat->columns) * step + step / 2 - size / 2;
    for (int y = 0; y < net->height; y++)
        for (int x = 0; x < net->width; x++) {
            gsize at = (gsize)y * (gsize)net->width + (gsize)x;
            gboolean covered = y >= top && y < top + size && x >= left && x < left + size;
            const float *from = covered ? animation->removed : animation->seen->rgb;
            memcpy(animation->rgba + 4 * at, from + 3 * at, 3 * sizeof *from);
            animation->rgba[4 * at + 3] = 1;
        }
}

static void
draw_curve(const Animation *animation, Sheet *sheet, gsize frame, int left)
{
    const double base[2] = {animation->heat->base, animation->heat->base};
    const double ends[2] = {1, (double)animation->count};
    const double *x = animation->x, *y = animation->y;
    char number[TEXT_NUMBER];
    char *title = g_strdup_printf("%s = %s", animation->heat->what,
                                  animation->heat->kind == HEAT_PROBABILITY
                                      ? text_probability(number, y[frame])
                                      : text_number(number, y[frame]));
    const ChartCurve curves[] = {
        {.x = ends, .y = base, .count = 2, .faint = TRUE},
        {.x = x, .y = y, .count = animation->count, .faint = TRUE},
        {.x = x, .y = y, .count = frame + 1, .plain = TRUE},
        {.x = x + frame, .y = y + frame, .count = 1},
    };
    Chart chart = {.title = title,
                   .unit = _("place of the square"),
                   .low_x = 1,
                   .high_x = fmax(2, (double)animation->count),
                   .low_y = animation->low,
                   .high_y = animation->high};
    int above = (int)ceil(CHART_ABOVE * LETTER), below = (int)ceil(CHART_BELOW * LETTER);
    GeglRectangle place = {left + (int)(CHART_LEFT * LETTER), (int)LETTER + above, FIELD,
                           sheet->height - 2 * (int)LETTER - above - below};
    chart_draw(sheet, &place, &chart, curves, G_N_ELEMENTS(curves));
    g_free(title);
}

static HostLayer *
draw_frame(const Animation *animation, gsize frame, GError **error)
{
    const Net *net = animation->occlusion->net;
    int margin = (int)LETTER, left = margin + animation->width + margin;
    int width = left + (int)(CHART_LEFT * LETTER) + FIELD + 2 * margin;
    int height = MAX(animation->height, TILE / 2) + 2 * margin;
    GeglRectangle photo = {margin, margin, animation->width, animation->height};
    char *name = g_strdup_printf(_("Frame %zu"), frame + 1);
    char *full = g_strdup_printf("%s (%s)", name, animation->delay);
    Sheet sheet;
    gboolean ok = TRUE;
    if (sheet_open(&sheet, LETTER, width, height, 1)) {
        paint_photo(animation, animation->cells[frame]);
        ok = sheet_picture(&sheet, &photo, animation->rgba, net->width, net->height,
                           FALSE, error);
        draw_curve(animation, &sheet, frame, left);
    }
    HostLayer *layer = sheet_finish(&sheet, full, 0, 0, ok ? error : NULL);
    if (!ok)
        g_clear_pointer(&layer, host_layer_free);
    g_free(full);
    g_free(name);
    return layer;
}

/* --- all of them --- */

gboolean
animation_make(const Occlusion *occlusion,
               const Run *run,
               const Seen *seen,
               const Heat *heat,
               GPtrArray *layers,
               GError **error)
{
    const Net *net = occlusion->net;
    int longer = MAX(net->width, net->height);
    g_autofree char *delay = g_strdup_printf("%dms", param_int(run->values, "delay"));
    Animation animation = {.occlusion = occlusion,
                           .seen = seen,
                           .heat = heat,
                           .width = MAX(1, TILE * net->width / longer),
                           .height = MAX(1, TILE * net->height / longer),
                           .delay = delay};
    animation.removed = g_try_new(float, 3 * net_pixels(net));
    animation.rgba = g_try_new(float, 4 * net_pixels(net));
    gboolean ok = (animation.removed && animation.rgba &&
                   occlusion_fill(occlusion, run, seen, animation.removed)) ||
                  fail_run(error, _("There is not enough memory for the result."));
    if (ok)
        choose_cells(&animation, (gsize)param_int(run->values, "frames"));
    for (gsize frame = animation.count; ok && frame-- > 0;) {
        HostLayer *layer = draw_frame(&animation, frame, error);
        ok = layer != NULL;
        if (layer)
            g_ptr_array_add(layers, layer);
    }
    g_free(animation.removed);
    g_free(animation.rgba);
    g_free(animation.cells);
    g_free(animation.x);
    g_free(animation.y);
    return ok;
}

gboolean
animation_finish(const Occlusion *occlusion,
                 const Run *run,
                 const Region *seen,
                 GPtrArray *layers,
                 GError **error)
{
    LayersGroup group = {NULL, layers};
    const HostLayer *first = g_ptr_array_index(layers, 0);
    for (guint i = 0; i < layers->len; i++) {
        HostLayer *layer = g_ptr_array_index(layers, i);
        layer->parasite = about_finish(
            about_new(&procedure_occlusion, occlusion->net, seen, run->values));
    }
    return layers_finish_new(run, &group, 1, first->width, first->height,
                             _("Occlusion · animation"), error);
}
