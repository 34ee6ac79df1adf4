/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nine.c: the nine pictures of a folder that excite a map most, in the browser.
 *
 * Their index is found once for a layer. Each picture is decoded beside (nine_read.h) and
 * run through a probe of its own, since the engine's holds what the photo gave. */

#include "actions/browse/nine_read.h"
#include "actions/browse/private.h"
#include "actions/top/store.h"
#include "base/fail.h"
#include "draw/surface.h"

/* Maps whose nine are kept. */
#define MOST_KEPT 24

/* Microseconds before others are let pass. */
#define WAIT 5000

/* Of the thread. */
struct NineIndex {
    char *tensor; /* of the layer that it was looked for */
    Fit fit;
    Folder folder;
    TopIndex index; /* without maps: there is none */
    char *remark;
    Probe probe; /* on the pictures; zero until it is needed */
    NineReading reading;
    NineReader *reader; /* the last one; or NULL */
};

void
browse_nine_index_free(NineIndex *index)
{
    if (!index)
        return;
    nine_read_end(index->reader);
    probe_close(&index->probe);
    top_index_clear(&index->index);
    folder_clear(&index->folder);
    g_free(index->remark);
    g_free(index->tensor);
    g_free(index);
}

typedef struct {
    Browse *browse;
    char *tensor; /* of the layer that was open */
    gsize map;
    Fit fit;
    DcnMethod method;
} Asking;

static void
asking_free(void *user)
{
    Asking *asking = user;
    g_free(asking->tensor);
    g_free(asking);
}

static void
nine_free(void *user)
{
    BrowseNine *nine = user;
    if (!nine)
        return;
    for (gsize i = 0; i < nine->count; i++) {
        BrowsePair *pair = &nine->pairs[i];
        if (pair->projection)
            cairo_surface_destroy(pair->projection);
        if (pair->picture)
            cairo_surface_destroy(pair->picture);
        g_free(pair->path);
        g_free(pair->name);
        g_free(pair->problem);
    }
    g_free(nine->tensor);
    g_free(nine->folder);
    g_free(nine->remark);
    g_free(nine);
}

/* --- the index --- */

/* Opens the index over a folder. FALSE: it does not fit any more, and a remark says why. */
static gboolean
open_index(NineIndex *index, TopRequest *request, const char *path, char **remark)
{
    GPtrArray *unreadable = g_ptr_array_new_with_free_func(g_free);
    char *key = NULL, *name = g_filename_display_basename(path);
    gboolean ok = folder_search(&index->folder, path, NULL, unreadable, NULL);
    *remark = NULL;
    if (!ok) {
        *remark = g_strdup_printf(_("The folder “%s” is not there any more."), name);
    } else {
        request->folder = &index->folder;
        key = top_store_key(request);
        char *file = top_store_path(request, 1, 1);
        ok =
            key && top_store_load(file, key, request, index->folder.count, &index->index);
        if (!ok)
            *remark = g_strdup_printf(
                _("What lies in “%s” has changed since its nine were found; find them again."),
                name);
        g_free(file);
    }
    if (!ok)
        folder_clear(&index->folder);
    g_ptr_array_unref(unreadable);
    g_free(name);
    g_free(key);
    return ok;
}

/* The one used last that fits. A newer one that does not is told of. */
static NineIndex *
find_index(const Browse *browse, const Asking *asking)
{
    const Probe *probe = &browse->probe;
    NineIndex *index = g_new0(NineIndex, 1);
    index->tensor = g_strdup(asking->tensor);
    index->fit = asking->fit;
    char *model = net_hash(browse->net);
    TopRequest request = {.net = browse->net,
                          .model = model,
                          .tensor = index->tensor,
                          .maps = probe->maps,
                          .height = probe->height,
                          .width = probe->width,
                          .fit = asking->fit};
    char **folders = top_store_folders(&request);
    for (char **path = folders; *path && !index->index.maps; path++) {
        char *remark;
        open_index(index, &request, *path, &remark);
        if (index->index.maps && !index->index.images) { /* stopped at once */
            top_index_clear(&index->index);
            folder_clear(&index->folder);
        }
        if (index->remark)
            g_free(remark);
        else
            index->remark = remark;
    }
    g_strfreev(folders);
    g_free(model);
    return index;
}

/* --- what arrives --- */

const BrowseNine *
browse_nine(const Browse *browse)
{
    const BrowseNine *nine =
        browse->nine_shown ? g_queue_peek_head((GQueue *)&browse->nines) : NULL;
    gboolean open =
        nine && browse->maps && g_str_equal(nine->tensor, browse->maps->layer.tensor);
    return open ? nine : NULL;
}

void
browse_nine_clear(Browse *browse)
{
    g_queue_clear_full(&browse->nines, nine_free);
    browse->nine_shown = FALSE;
}

static gboolean
is_whole(const BrowseNine *nine)
{
    for (gsize i = 0; i < nine->count; i++)
        if (!nine->pairs[i].projection)
            return FALSE;
    return nine->count > 0;
}

/* One that was not finished makes room. */
static void
keep_nine(Browse *browse, BrowseNine *nine)
{
    BrowseNine *last = g_queue_peek_head(&browse->nines);
    if (last && !is_whole(last))
        nine_free(g_queue_pop_head(&browse->nines));
    g_queue_push_head(&browse->nines, nine);
    if (g_queue_get_length(&browse->nines) > MOST_KEPT)
        nine_free(g_queue_pop_tail(&browse->nines));
    browse->nine_shown = TRUE;
    browse_tell(browse, BROWSE_NINE);
}

static void
nine_arrived(void *user, void *news)
{
    BrowseNine **nine = news;
    keep_nine(user, g_steal_pointer(nine));
}

static void
nine_unsent(void *news)
{
    BrowseNine **nine = news;
    nine_free(*nine);
    g_free(nine);
}

typedef struct {
    gsize number;
    BrowsePair pair; /* without path, name and value */
} Came;

static void
came_free(void *news)
{
    Came *came = news;
    if (came->pair.projection)
        cairo_surface_destroy(came->pair.projection);
    if (came->pair.picture)
        cairo_surface_destroy(came->pair.picture);
    g_free(came->pair.problem);
    g_free(came);
}

static void
pair_arrived(void *user, void *news)
{
    Browse *browse = user;
    Came *came = news;
    BrowseNine *nine = g_queue_peek_head(&browse->nines);
    if (!nine || !browse->nine_shown || came->number >= nine->count)
        return;
    BrowsePair *pair = &nine->pairs[came->number];
    pair->width = came->pair.width;
    pair->height = came->pair.height;
    pair->patch = came->pair.patch;
    pair->projection = g_steal_pointer(&came->pair.projection);
    pair->picture = g_steal_pointer(&came->pair.picture);
    pair->problem = g_steal_pointer(&came->pair.problem);
    browse_tell(browse, BROWSE_NINE);
}

/* --- the thread's part --- */

static BrowseNine *
tell_nine(const NineIndex *index, const Asking *asking)
{
    BrowseNine *nine = g_new0(BrowseNine, 1);
    nine->tensor = g_strdup(asking->tensor);
    nine->map = asking->map;
    nine->fit = asking->fit;
    nine->method = asking->method;
    nine->remark = g_strdup(index->remark);
    if (!index->index.maps || asking->map >= index->index.maps)
        return nine;
    nine->folder = g_strdup(index->folder.path);
    nine->images = index->index.images;
    nine->files = index->folder.count;
    nine->left = index->folder.count - index->index.done;
    nine->count = index->index.counts[asking->map];
    for (gsize i = 0; i < nine->count; i++) {
        const TopUnit *unit = &index->index.units[asking->map * TOP_BEST + i];
        nine->pairs[i].path = folder_path(&index->folder, unit->file);
        nine->pairs[i].name =
            g_filename_display_name(index->folder.files[unit->file].name);
        nine->pairs[i].value = (double)unit->unit.value;
    }
    return nine;
}

static void
send_pair(Work *work, Browse *browse, gsize number, NinePicture *picture)
{
    const UnitTile *tile = &picture->tile;
    Came *came = g_new0(Came, 1);
    came->number = number;
    came->pair = (BrowsePair){
        .width = picture->width, .height = picture->height, .patch = picture->patch};
    if (tile->patch)
        came->pair.picture = surface_of_pixels(tile->patch, 4, tile->width, tile->height);
    if (tile->projection)
        came->pair.projection =
            surface_of_pixels(tile->projection, 4, tile->width, tile->height);
    if (picture->error)
        came->pair.problem = g_strdup(picture->error->message);
    work_send(work, pair_arrived, browse, came, came_free);
}

/* Waits for the last reader, which may be in the midst of a large file. */
static gboolean
end_reader(NineIndex *index, Work *work)
{
    if (!index->reader)
        return TRUE;
    nine_read_stop(index->reader);
    while (!nine_read_over(index->reader)) {
        if (!work_goes_on(work))
            return FALSE;
        g_usleep(WAIT);
    }
    g_clear_pointer(&index->reader, nine_read_end);
    return TRUE;
}

static void
start_reader(NineIndex *index, const Asking *asking)
{
    gsize count = index->index.counts[asking->map];
    index->reading = (NineReading){.probe = &index->probe,
                                   .size = field_size(&index->probe),
                                   .side = BROWSE_TILE,
                                   .fit = asking->fit,
                                   .count = count};
    for (gsize i = 0; i < count; i++) {
        const TopUnit *unit = &index->index.units[asking->map * TOP_BEST + i];
        index->reading.pictures[i].tile.what = *unit;
        index->reading.pictures[i].path = folder_path(&index->folder, unit->file);
    }
    index->reader = nine_read_start(&index->reading);
}

static gboolean
project_picture(NineIndex *index, Work *work, NinePicture *picture, DcnMethod method)
{
    DcnProgress progress = {browse_goes_on, work};
    if (picture->error)
        return TRUE;
    gboolean ok =
        probe_run(&index->probe, picture->seen.input, &progress, &picture->error) &&
        unit_tile_project(&index->probe, method, index->reading.size, BROWSE_TILE,
                          &picture->tile, &progress, &picture->error);
    return ok || !work_stopped(work);
}

static void
run_nine(Work *work, void *request)
{
    const Asking *asking = request;
    Browse *browse = asking->browse;
    GError *error = NULL;
    if (!browse->ready || !g_str_equal(browse->probe.layer.tensor, asking->tensor))
        return; /* another layer is being opened */
    NineIndex *index = browse->nine;
    if (!index || !g_str_equal(index->tensor, asking->tensor) ||
        index->fit != asking->fit) {
        browse_nine_index_free(index);
        index = browse->nine = find_index(browse, asking);
    }
    BrowseNine **sent = g_new(BrowseNine *, 1);
    *sent = tell_nine(index, asking);
    gboolean any = (*sent)->count > 0;
    work_send(work, nine_arrived, browse, sent, nine_unsent);
    if (!any || !end_reader(index, work))
        return;
    if (!index->probe.net && !probe_open(&index->probe, browse->net, asking->tensor,
                                         browse->threads, &error)) {
        browse_fail(browse, work, error);
        return;
    }
    start_reader(index, asking);
    for (gsize i = 0; i < index->reading.count; i++) {
        NinePicture *picture = &index->reading.pictures[i];
        if (!nine_read_wait(index->reader, i, work) ||
            !project_picture(index, work, picture, asking->method))
            break;
        send_pair(work, browse, i, picture);
    }
    nine_read_stop(index->reader);
}

/* --- the main loop's part --- */

/* Brings one that is kept to the front. */
static gboolean
find_kept(Browse *browse, const Asking *asking)
{
    for (GList *at = browse->nines.head; at; at = at->next) {
        BrowseNine *nine = at->data;
        if (nine->map != asking->map || nine->fit != asking->fit ||
            nine->method != asking->method || !is_whole(nine) ||
            !g_str_equal(nine->tensor, asking->tensor))
            continue;
        g_queue_delete_link(&browse->nines, at);
        keep_nine(browse, nine);
        return TRUE;
    }
    return FALSE;
}

void
browse_ask_nine(Browse *browse, gsize map, Fit fit, DcnMethod method)
{
    if (!browse->maps || browse->opening)
        return;
    Asking *asking = g_new(Asking, 1);
    *asking = (Asking){browse, g_strdup(browse->maps->layer.tensor), map, fit, method};
    worker_stop(browse->worker, LANE_NINE);
    if (find_kept(browse, asking))
        asking_free(asking);
    else
        worker_post(browse->worker, LANE_NINE, run_nine, asking, asking_free);
}
