/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ahead.c: the maps that an occlusion would make, as pictures for a dialog.
 *
 * A question has copies of all that its thread reads, so that the dialog may go on. */

#include "actions/occlusion/ahead.h"
#include "actions/occlusion/map_projection.h"
#include "actions/occlusion/show.h"
#include "base/worker.h"
#include "draw/surface.h"

/* Microseconds between two pictures of growing maps. */
#define PAUSE 60000

struct Ahead {
    void (*changed)(void *user);
    void *user;
    Worker *worker;
    char *key; /* what was seen; or NULL */
    Net *net;
    Seen seen;
    GPtrArray *maps;
    char *error;
    OcclusionKept *kept; /* of the thread */
};

typedef struct {
    Ahead *ahead; /* the thread looks into kept alone */
    Run run;
    ParamValues *values;
    Occlusion occlusion;
    Seen seen;
    DcnProgress progress;
    Work *work;
    GPtrArray *projections; /* of MapProjection */
    gint64 sent;            /* when */
} Question;

static void
free_map(void *user)
{
    AheadMap *map = user;
    g_free(map->name);
    g_free(map->title);
    g_free(map->remark);
    cairo_surface_destroy(map->picture);
    g_free(map);
}

static void
question_free(void *user)
{
    Question *question = user;
    occlusion_clear(&question->occlusion);
    param_values_free(question->values);
    seen_clear(&question->seen);
    g_ptr_array_unref(question->projections);
    g_free(question);
}

/* --- the thread's part: pictures --- */

static AheadMap *
picture_of_heat(const Question *question, const Heat *heat, gboolean whole)
{
    const Net *net = question->occlusion.net;
    RegionGrid grid = {.width = net->width, .height = net->height, .dx = 1, .dy = 1};
    float *rgba = g_new(float, 4 * net_pixels(net));
    heat_colors(heat, &grid, param_bool(question->values, "smooth"), rgba);
    AheadMap *map = g_new(AheadMap, 1);
    *map = (AheadMap){heat_name(heat),
                      g_strdup(heat->kind == HEAT_ACTIVITY ? _("Activity") : heat->what),
                      whole ? heat_remark(heat) : NULL,
                      surface_of_pixels(rgba, 4, net->width, net->height),
                      param_double(question->values, "opacity") / 100};
    g_free(rgba);
    return map;
}

static AheadMap *
picture_of_projection(const Question *question, const MapProjection *projection)
{
    const Net *net = question->occlusion.net;
    RegionGrid grid = {.width = net->width, .height = net->height, .dx = 1, .dy = 1};
    float *rgba = g_new(float, 4 * net_pixels(net));
    paint_signal(projection->signal, net->height, net->width, &grid,
                 map_projection_scale(net, projection), rgba);
    AheadMap *map = g_new(AheadMap, 1);
    *map = (AheadMap){g_strdup(projection->name), g_strdup(_("Projection")),
                      g_strdup(projection->silence),
                      surface_of_pixels(rgba, 4, net->width, net->height), 1};
    g_free(rgba);
    return map;
}

static void
add_heats(const Question *question,
          const GPtrArray *heats,
          gboolean activity,
          gboolean whole,
          GPtrArray *maps)
{
    for (guint i = 0; i < heats->len && maps->len < AHEAD_MOST; i++) {
        const Heat *heat = g_ptr_array_index(heats, i);
        if ((heat->kind == HEAT_ACTIVITY) == activity)
            g_ptr_array_add(maps, picture_of_heat(question, heat, whole));
    }
}

/* --- the thread's part: the work --- */

typedef struct {
    GPtrArray *maps;
    char *error;
} News;

static void
news_free(void *user)
{
    News *news = user;
    if (news->maps)
        g_ptr_array_unref(news->maps);
    g_free(news->error);
    g_free(news);
}

static void
arrived(void *user, void *data)
{
    Ahead *ahead = user;
    News *news = data;
    g_clear_pointer(&ahead->maps, g_ptr_array_unref);
    g_free(ahead->error);
    ahead->maps = g_steal_pointer(&news->maps);
    ahead->error = g_steal_pointer(&news->error);
    ahead->changed(ahead->user);
}

static void
send(const Question *question, GPtrArray *maps, const char *error)
{
    News *news = g_new(News, 1);
    *news = (News){maps, g_strdup(error)};
    work_send(question->work, arrived, question->ahead, news, news_free);
}

/* whole: no cells are to come, so that what the maps lack can be told. */
static void
send_maps(const Question *question, GPtrArray *heats, gboolean whole)
{
    GPtrArray *maps = g_ptr_array_new_with_free_func(free_map);
    occlusion_set_ranges(&question->run, heats);
    add_heats(question, heats, TRUE, whole, maps);
    for (guint i = 0; i < question->projections->len; i++)
        g_ptr_array_add(maps, picture_of_projection(
                                  question, g_ptr_array_index(question->projections, i)));
    add_heats(question, heats, FALSE, whole, maps);
    send(question, maps, NULL);
}

static gboolean
cells_came(void *user, const DcnOcclusionMaps *maps)
{
    Question *question = user;
    gint64 now = g_get_monotonic_time();
    gboolean answered = !question->occlusion.classifier ||
                        (maps->probability && maps->best && maps->score);
    if (answered && now - question->sent >= PAUSE) {
        GPtrArray *heats = g_ptr_array_new_with_free_func(heat_free);
        occlusion_heats(&question->occlusion, &question->run, maps, &question->seen, NULL,
                        heats);
        send_maps(question, heats, FALSE);
        g_ptr_array_unref(heats);
        question->sent = g_get_monotonic_time();
    }
    return !work_goes_on(question->work);
}

static bool
goes_on(double done, void *user)
{
    const Question *question = user;
    (void)done;
    return work_goes_on(question->work);
}

static void
answer(Work *work, void *request)
{
    Question *question = request;
    Occlusion *occlusion = &question->occlusion;
    GError *error = NULL;
    question->work = work;
    question->progress = (DcnProgress){goes_on, question};
    occlusion->progress = &question->progress;
    occlusion->enough = cells_came;
    occlusion->user = question;
    occlusion->kept = question->ahead->kept;
    GPtrArray *heats = g_ptr_array_new_with_free_func(heat_free);
    gboolean ok = !occlusion->projection ||
                  map_projection_add(occlusion, &question->run, &question->seen, NULL,
                                     question->projections, &error);
    if (ok && (occlusion->activity || occlusion->probability || occlusion->class_map))
        ok = occlusion_run(occlusion, &question->run, &question->seen, NULL, heats,
                           &error);
    if (ok)
        send_maps(question, heats, TRUE);
    else
        send(question, NULL, error->message); /* which a stopped question cannot do */
    g_ptr_array_unref(heats);
    g_clear_error(&error);
}

/* --- the main loop's part --- */

static gboolean
look(Ahead *ahead, const Run *run, Net *net, GError **error)
{
    char *key = seen_key(run);
    if (ahead->key && ahead->net == net && g_str_equal(ahead->key, key)) {
        g_free(key);
        return TRUE;
    }
    seen_clear(&ahead->seen);
    g_clear_pointer(&ahead->key, g_free);
    if (!seen_of_drawable(&ahead->seen, run, run->drawables[0], net, error)) {
        g_free(key);
        return FALSE;
    }
    ahead->key = key;
    ahead->net = net;
    return TRUE;
}

gboolean
ahead_ask(Ahead *ahead, const Run *run, GError **error)
{
    Occlusion occlusion;
    worker_stop(ahead->worker, 0);
    g_clear_pointer(&ahead->maps, g_ptr_array_unref);
    g_clear_pointer(&ahead->error, g_free);
    Net *net = net_open(param_text(run->values, "model"), error);
    if (!net || !net_survey(net, error) || !look(ahead, run, net, error))
        return FALSE;
    Question *question = g_new0(Question, 1);
    question->ahead = ahead;
    question->values = param_values_copy(run->values);
    question->run = (Run){.values = question->values};
    question->projections = g_ptr_array_new_with_free_func(map_projection_free);
    if (!occlusion_prepare(&occlusion, &question->run, net, error)) {
        question_free(question);
        return FALSE;
    }
    gsize values = net_pixels(net) * 3;
    question->occlusion = occlusion;
    question->seen = (Seen){.region = ahead->seen.region};
    question->seen.rgb = g_memdup2(ahead->seen.rgb, values * sizeof(float));
    question->seen.input =
        g_memdup2(ahead->seen.input, net_input_count(net) * sizeof(float));
    worker_post(ahead->worker, 0, answer, question, question_free);
    return TRUE;
}

Ahead *
ahead_new(void (*changed)(void *user), void *user)
{
    Ahead *ahead = g_new0(Ahead, 1);
    ahead->changed = changed;
    ahead->user = user;
    ahead->worker = worker_new();
    ahead->kept = occlusion_kept_new();
    return ahead;
}

void
ahead_free(Ahead *ahead)
{
    if (!ahead)
        return;
    worker_free(ahead->worker);
    occlusion_kept_free(ahead->kept);
    if (ahead->maps)
        g_ptr_array_unref(ahead->maps);
    seen_clear(&ahead->seen);
    g_free(ahead->key);
    g_free(ahead->error);
    g_free(ahead);
}

/* --- what is there --- */

const GPtrArray *
ahead_maps(const Ahead *ahead)
{
    return ahead->maps;
}

const char *
ahead_error(const Ahead *ahead)
{
    return ahead->error;
}

gboolean
ahead_works(const Ahead *ahead)
{
    return worker_busy(ahead->worker, 0);
}

cairo_surface_t *
ahead_photo(const Ahead *ahead)
{
    return ahead->key ? surface_of_pixels(ahead->seen.rgb, 3, ahead->net->width,
                                          ahead->net->height)
                      : NULL;
}
