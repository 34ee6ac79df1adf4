/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beside.c: what a second engine shows beside the first. */

#include "actions/browse/beside.h"
#include "base/correlation.h"
#include "draw/paint.h"
#include <math.h>

/* A layer of another kind is taken if all of the same kind are farther away than it is by
 * this share of the net. */
#define OTHER_KIND 0.25

static gssize
find_layer(const DcnPlan *plan, const char *name)
{
    for (gsize i = 0; i < dcn_plan_layer_count(plan); i++)
        if (g_str_equal(dcn_plan_layer(plan, i)->name, name))
            return (gssize)i;
    return -1;
}

static double
share(const DcnPlan *plan, gsize index)
{
    return (double)(index + 1) / (double)dcn_plan_layer_count(plan);
}

const char *
beside_layer(const DcnPlan *first, const char *layer, const DcnPlan *other)
{
    gssize same = find_layer(other, layer), index = find_layer(first, layer), best = -1;
    if (same >= 0)
        return dcn_plan_layer(other, (gsize)same)->name;
    if (index < 0)
        return NULL;
    const DcnLayer *wanted = dcn_plan_layer(first, (gsize)index);
    double least = INFINITY;
    for (gsize i = 0; i < dcn_plan_layer_count(other); i++) {
        const DcnLayer *one = dcn_plan_layer(other, i);
        double far = fabs(share(other, i) - share(first, (gsize)index)) +
                     (g_str_equal(one->op, wanted->op) ? 0 : OTHER_KIND);
        if (one->spatial == wanted->spatial && far < least) {
            least = far;
            best = (gssize)i;
        }
    }
    return best < 0 ? NULL : dcn_plan_layer(other, (gsize)best)->name;
}

gboolean
beside_fits(const Browse *first, const Browse *other)
{
    const BrowseMaps *a = browse_maps(first), *b = browse_maps(other);
    const Net *net = browse_net(first), *net_b = browse_net(other);
    return a && b && a->count == b->count && a->height == b->height &&
           a->width == b->width && net->height == net_b->height &&
           net->width == net_b->width && g_str_equal(a->layer.shown, b->layer.shown);
}

BrowseChoice
beside_choice(const Browse *first, const BrowseView *view, const Browse *other)
{
    const Net *net = browse_net(first), *net_b = browse_net(other);
    BrowseChoice choice = view->choice;
    choice.rank = FALSE;
    choice.map = beside_fits(first, other) ? (int)view->target.unit.channel : -1;
    choice.x *= (double)net_b->width / net->width;
    choice.y *= (double)net_b->height / net->height;
    return choice;
}

gboolean
beside_is_there(const Browse *first, const Browse *other)
{
    const BrowseView *view = browse_view(first), *shown = browse_view(other);
    if (!view || !shown || !browse_maps(other) ||
        !g_str_equal(shown->layer.tensor, browse_maps(other)->layer.tensor))
        return FALSE;
    BrowseChoice wanted = beside_choice(first, view, other);
    return shown->choice.map == wanted.map && shown->choice.unit == wanted.unit &&
           shown->choice.method == wanted.method &&
           (wanted.unit != BROWSE_POINT ||
            (shown->choice.x == wanted.x && shown->choice.y == wanted.y));
}

float
beside_scale(const Browse *first, const Browse *other, double percentile)
{
    const BrowseView *view = browse_view(first), *shown = browse_view(other);
    const float *signals[] = {view->signal, shown->signal};
    if (!beside_fits(first, other))
        return browse_scale(first, view, percentile);
    return paint_scale(signals, 2, net_pixels(browse_net(first)) * 3, percentile);
}

/* --- what differs --- */

float *
beside_difference(const Browse *first, const Browse *other)
{
    gsize count = net_pixels(browse_net(first)) * 3;
    const float *a = browse_view(first)->signal, *b = browse_view(other)->signal;
    float *difference = g_new(float, count);
    for (gsize i = 0; i < count; i++)
        difference[i] = b[i] - a[i];
    return difference;
}

double
beside_correlation(const Browse *first, const Browse *other)
{
    return correlation_of(browse_view(first)->signal, browse_view(other)->signal,
                          net_pixels(browse_net(first)) * 3);
}

static gboolean
see_the_same(const Field *a, const Field *b)
{
    return a->top == b->top && a->left == b->left && a->height == b->height &&
           a->width == b->width;
}

cairo_surface_t *
beside_paint_difference(const Browse *first, const Browse *other, float scale)
{
    BrowseView view = *browse_view(other);
    view.signal = beside_difference(first, other);
    view.small = view.small && see_the_same(&view.seen, &browse_view(first)->seen);
    cairo_surface_t *surface = browse_paint(other, &view, scale);
    g_free(view.signal);
    return surface;
}
