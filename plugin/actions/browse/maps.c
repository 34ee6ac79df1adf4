/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maps.c: opens a layer: computes its maps' numbers, evidence and thumbnails. */

#include "actions/browse/private.h"
#include "base/fail.h"
#include "base/text.h"
#include "probe/crew.h"
#include "probe/removal.h"
#include <math.h>
#include <stdlib.h>

/* Projections that a processor makes before a choice may come in between. */
#define ROUND 1

typedef struct {
    Browse *browse;
    NetLayer layer;
    BrowseThumbs thumbs;
    BrowseSort sort;
    DcnMethod method;
    gboolean classifies;
    DcnClassifier classifier;
    gint64 class_index; /* of the evidence */
} Opening;

static void
opening_free(void *user)
{
    Opening *opening = user;
    net_layer_clear(&opening->layer);
    g_free(opening);
}

void
browse_maps_free(void *user)
{
    BrowseMaps *maps = user;
    if (!maps)
        return;
    for (gsize i = 0; i < maps->count; i++)
        if (maps->thumbs[i])
            cairo_surface_destroy(maps->thumbs[i]);
    g_free(maps->thumbs);
    g_free(maps->evidence);
    g_free(maps->here);
    g_free(maps->units);
    net_layer_clear(&maps->layer);
    g_free(maps);
}

/* --- order --- */

typedef struct {
    gsize map;
    double key; /* high ones first */
} Place;

static int
by_key(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    if (x->key != y->key)
        return x->key > y->key ? -1 : 1;
    return x->map < y->map ? -1 : 1;
}

gsize *
browse_order(const BrowseMaps *maps, BrowseSort sort)
{
    Place *places = g_new(Place, maps->count);
    gsize *order = g_new(gsize, maps->count);
    for (gsize i = 0; i < maps->count; i++) {
        double key = sort == BROWSE_INDEX ? 0 : (double)maps->units[i].value;
        if (sort == BROWSE_EVIDENCE && maps->evidence)
            key = maps->evidence[i];
        if (sort == BROWSE_HERE && maps->here)
            key = maps->here[i];
        places[i] = (Place){i, isnan(key) ? -INFINITY : key};
    }
    qsort(places, maps->count, sizeof *places, by_key);
    for (gsize i = 0; i < maps->count; i++)
        order[i] = places[i].map;
    g_free(places);
    return order;
}

gboolean
browse_silent(const BrowseMaps *maps, gsize map, BrowseSort sort)
{
    if (sort == BROWSE_HERE && maps->here)
        return maps->here[map] == 0;
    return maps->units[map].value == 0;
}

const char *
browse_label(const BrowseMaps *maps,
             gsize map,
             BrowseSort sort,
             char label[static BROWSE_LABEL])
{
    char number[TEXT_NUMBER];
    gboolean told =
        sort == BROWSE_EVIDENCE && maps->evidence && isfinite(maps->evidence[map]);
    if (told)
        g_snprintf(label, BROWSE_LABEL, "%zu %s", map,
                   text_change(number, maps->evidence[map]));
    else if (sort == BROWSE_HERE && maps->here)
        g_snprintf(label, BROWSE_LABEL, "%zu · %s", map,
                   text_number(number, maps->here[map]));
    else
        g_snprintf(label, BROWSE_LABEL, "%zu", map);
    return label;
}

/* --- the thread's part --- */

static gboolean
open_probe(Work *work, const Opening *opening, GError **error)
{
    Browse *browse = opening->browse;
    const char *open = browse->probe.layer.tensor;
    if (browse->ready && g_str_equal(open, opening->layer.tensor))
        return TRUE;
    browse->ready = FALSE;
    g_clear_pointer(&browse->evidence, g_free);
    probe_close(&browse->probe);
    DcnProgress progress = {browse_not_stopped, work};
    if (!probe_open(&browse->probe, browse->net, opening->layer.tensor, browse->threads,
                    error) ||
        !probe_run(&browse->probe, browse->seen.input, &progress, error))
        return FALSE;
    browse->field = field_size(&browse->probe);
    browse->ready = TRUE;
    return TRUE;
}

static BrowseMaps *
tell_maps(const Probe *probe)
{
    BrowseMaps *maps = g_new0(BrowseMaps, 1);
    maps->layer = (NetLayer){g_strdup(probe->layer.tensor), g_strdup(probe->layer.shown)};
    maps->count = probe->maps;
    maps->height = probe->height;
    maps->width = probe->width;
    maps->thumbs = g_new0(cairo_surface_t *, maps->count);
    maps->units = g_new(DcnUnit, maps->count);
    DcnUnit *sorted = g_new(DcnUnit, maps->count);
    gsize count = probe_rank(probe, maps->count, sorted);
    for (gsize i = 0; i < count; i++)
        maps->units[sorted[i].channel] = sorted[i];
    g_free(sorted);
    return maps;
}

static void
maps_arrived(void *user, void *news)
{
    Browse *browse = user;
    BrowseMaps **maps = news;
    browse_maps_free(browse->maps);
    browse->maps = g_steal_pointer(maps);
    browse->opening = FALSE;
    browse_tell(browse, BROWSE_MAPS);
    if (browse->wishing)
        browse_post_choice(browse);
}

/* News that the main loop may keep: a pointer to the maps, NULL once they are taken. */
static void
maps_unsent(void *news)
{
    BrowseMaps **maps = news;
    browse_maps_free(*maps);
    g_free(maps);
}

/* Each map's evidence for the class's score. Where it is unknown, for example behind the
 * scores, the maps' strength is used instead. */
static void
find_evidence(const Opening *opening)
{
    Browse *browse = opening->browse;
    gsize count = browse->probe.maps;
    gint64 class_index = opening->class_index;
    if (browse->evidence && browse->evidence_of == class_index)
        return;
    g_clear_pointer(&browse->evidence, g_free);
    if (!opening->classifies)
        return;
    browse->evidence_of = class_index;
    double *evidence = g_new(double, count);
    if (!removal_estimate(&browse->probe, browse->seen.input, &opening->classifier,
                          &class_index, evidence, NULL)) {
        g_free(evidence);
        return;
    }
    for (gsize i = 0; i < count; i++)
        evidence[i] = -evidence[i]; /* they are changes when the map goes */
    browse->evidence = evidence;
}

static void
evidence_arrived(void *user, void *news)
{
    Browse *browse = user;
    g_free(browse->maps->evidence);
    browse->maps->evidence =
        g_memdup2(news, browse->maps->count * sizeof *browse->maps->evidence);
    browse_tell(browse, BROWSE_ORDER);
}

typedef struct {
    gsize map;
    cairo_surface_t *surface;
} Thumb;

static void
thumb_free(void *news)
{
    Thumb *thumb = news;
    if (thumb->surface)
        cairo_surface_destroy(thumb->surface);
    g_free(thumb);
}

static void
thumb_arrived(void *user, void *news)
{
    Browse *browse = user;
    Thumb *thumb = news;
    cairo_surface_t **place = &browse->maps->thumbs[thumb->map];
    if (*place)
        cairo_surface_destroy(*place);
    else
        browse->maps->n_thumbs++;
    *place = g_steal_pointer(&thumb->surface);
    browse_tell(browse, BROWSE_THUMB);
}

/* --- thumbnails --- */

typedef struct {
    Work *work;
    const Opening *opening;
    const DcnUnit *units;
    const gsize *order;
    gsize first;                /* of the order, that is made next */
    cairo_surface_t **surfaces; /* of a round; NULL: stopped */
} Thumbs;

static cairo_surface_t *
project_thumb(const Thumbs *thumbs, Probe *probe, const DcnUnit *unit)
{
    const Opening *opening = thumbs->opening;
    Browse *browse = opening->browse;
    DcnProgress progress = {browse_not_stopped, thumbs->work};
    Target target = {.unit = *unit};
    cairo_surface_t *surface = NULL;
    float *signal = g_try_new(float, net_pixels(browse->net) * 3);
    if (signal && probe_project(probe, &target, opening->method, signal, &progress, NULL))
        surface = browse_thumb_signal(probe, browse->field, unit, signal);
    g_free(signal);
    return surface;
}

/* One of a round. */
static void
make_thumb(void *user, Probe *probe, gsize item)
{
    const Thumbs *thumbs = user;
    const DcnUnit *unit = &thumbs->units[thumbs->order[thumbs->first + item]];
    thumbs->surfaces[item] = thumbs->opening->thumbs == BROWSE_PROJECTIONS
                                 ? project_thumb(thumbs, probe, unit)
                                 : browse_thumb_map(probe_values(probe, unit->channel),
                                                    probe->height, probe->width);
}

/* FALSE: it was stopped. */
static gboolean
send_round(const Thumbs *thumbs, gsize count)
{
    Browse *browse = thumbs->opening->browse;
    gboolean all = TRUE;
    for (gsize i = 0; i < count; i++) {
        all = all && thumbs->surfaces[i];
        if (!thumbs->surfaces[i])
            continue;
        Thumb *thumb = g_new(Thumb, 1);
        *thumb = (Thumb){thumbs->order[thumbs->first + i], thumbs->surfaces[i]};
        work_send(thumbs->work, thumb_arrived, browse, thumb, thumb_free);
    }
    return all;
}

/* In rounds, between which a choice may use the browser's own probe. */
static void
make_thumbs(Work *work, const Opening *opening, const DcnUnit *units, const gsize *order)
{
    Browse *browse = opening->browse;
    gsize count = browse->probe.maps;
    DcnProgress progress = {browse_not_stopped, work};
    Crew *crew = opening->thumbs == BROWSE_PROJECTIONS
                     ? crew_new(&browse->probe, browse->seen.input, &progress)
                     : NULL;
    gsize round = crew ? ROUND * crew_count(crew) : 1;
    Thumbs thumbs = {work, opening, units, order, 0, g_new(cairo_surface_t *, round)};
    gboolean ok = TRUE;
    while (ok && thumbs.first < count && work_goes_on(work)) {
        gsize made = MIN(round, count - thumbs.first);
        if (crew)
            crew_make(crew, made, make_thumb, &thumbs);
        else
            make_thumb(&thumbs, &browse->probe, 0);
        ok = send_round(&thumbs, made);
        thumbs.first += made;
    }
    g_free(thumbs.surfaces);
    crew_free(crew);
}

static void
run_open(Work *work, void *request)
{
    const Opening *opening = request;
    Browse *browse = opening->browse;
    GError *error = NULL;
    if (!open_probe(work, opening, &error)) {
        browse_fail(browse, work, error);
        return;
    }
    gsize count = browse->probe.maps;
    BrowseMaps *maps = tell_maps(&browse->probe);
    DcnUnit *units = g_memdup2(maps->units, count * sizeof *units);
    BrowseMaps **sent = g_new(BrowseMaps *, 1);
    *sent = maps;
    work_send(work, maps_arrived, browse, sent, maps_unsent);

    if (opening->sort == BROWSE_EVIDENCE && work_goes_on(work))
        find_evidence(opening);
    if (browse->evidence && browse->evidence_of == opening->class_index)
        work_send(work, evidence_arrived, browse,
                  g_memdup2(browse->evidence, count * sizeof(double)), g_free);
    if (opening->thumbs != BROWSE_NO_THUMBS) {
        const BrowseMaps told = {
            .count = count, .units = units, .evidence = browse->evidence};
        gsize *order = browse_order(&told, opening->sort);
        make_thumbs(work, opening, units, order);
        g_free(order);
    }
    g_free(units);
}

/* --- the main loop's part --- */

void
browse_evidence_for(Browse *browse, gint64 class_index)
{
    if (browse->maps && browse->evidence_class != class_index)
        g_clear_pointer(&browse->maps->evidence, g_free);
    browse->evidence_class = class_index;
}

void
browse_open(Browse *browse,
            const char *layer,
            BrowseThumbs thumbs,
            BrowseSort sort,
            DcnMethod method)
{
    GError *error = NULL;
    g_clear_pointer(&browse->error, g_free);
    Opening *opening = g_new(Opening, 1);
    *opening = (Opening){.browse = browse,
                         .thumbs = thumbs,
                         .sort = sort,
                         .method = method,
                         .class_index = browse->evidence_class};
    if (!net_layer(browse->net, layer, &opening->layer, &error)) {
        g_free(opening);
        browse_fail_now(browse, error);
        return;
    }
    opening->classifies = net_classifier(browse->net, &opening->classifier, NULL);
    browse->opening = TRUE;
    worker_stop(browse->worker, LANE_CHOICE);
    worker_stop(browse->worker, LANE_NINE);
    worker_post(browse->worker, LANE_OPEN, run_open, opening, opening_free);
}
