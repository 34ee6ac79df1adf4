/* SPDX-License-Identifier: GPL-3.0-or-later */
/* settle.c: runs all checkpoints on the same pictures and compares what their maps give. */

#include "actions/evolution/settle.h"
#include "base/fail.h"
#include "photo/feed.h"
#include "result/about.h"
#include <math.h>
#include <string.h>

extern const Procedure procedure_evolution;

/* Pictures of a folder, evenly spread over it, and places of a map along each axis. */
#define PICTURES 100
#define GRID 8

#define BATCH 4

/* --- one checkpoint --- */

/* What the maps of a checkpoint gave: of each layer map by map, picture by picture, place
 * by place. */
typedef struct {
    float *values[SETTLE_LAYERS];
    gsize maps[SETTLE_LAYERS], places[SETTLE_LAYERS];
    gsize pictures;  /* room */
    gboolean *there; /* which of them could be read */
} Answers;

typedef struct {
    const Settling *settling;
    Runner runner;
    DcnMaps maps[SETTLE_LAYERS];
    Answers *answers;
    float *map; /* room for the largest */
    gsize filled, picture[BATCH];
} Pass;

static void
answers_clear(Answers *answers)
{
    for (gsize k = 0; k < SETTLE_LAYERS; k++)
        g_free(answers->values[k]);
    g_free(answers->there);
    *answers = (Answers){0};
}

/* Number i of `wanted` ones that are evenly spread over `count`, without its ends. */
static gsize
spread(gsize i, gsize wanted, gsize count)
{
    return (2 * i + 1) * count / (2 * wanted);
}

static gboolean
answers_new(Answers *answers, const Pass *pass, gsize pictures, GError **error)
{
    *answers = (Answers){.pictures = pictures, .there = g_new0(gboolean, pictures)};
    for (gsize k = 0; k < pass->settling->n_layers; k++) {
        const DcnMaps *maps = &pass->maps[k];
        answers->maps[k] = maps->maps;
        answers->places[k] = MIN(maps->height, GRID) * MIN(maps->width, GRID);
        answers->values[k] =
            g_try_malloc_n(maps->maps, pictures * answers->places[k] * sizeof(float));
        if (!answers->values[k])
            return fail_run(error, _("There is not enough memory for the result."));
    }
    return TRUE;
}

static gboolean
pass_open(Pass *pass, Net *net, int threads, GError **error)
{
    const Settling *settling = pass->settling;
    RunnerPart part = {.batch = BATCH, .purpose = RUNNER_MANY, .threads = threads};
    gsize most = 0;
    for (gsize k = 0; k < settling->n_layers; k++)
        part.targets[k] = settling->layers[k].tensor;
    if (!runner_open(&pass->runner, net, &part, error))
        return FALSE;
    for (gsize k = 0; k < settling->n_layers; k++) {
        if (!net_maps(pass->runner.plan, pass->runner.tensor[k],
                      settling->layers[k].shown, &pass->maps[k], error))
            return FALSE;
        most = MAX(most, pass->maps[k].height * pass->maps[k].width);
    }
    pass->map = g_try_new(float, MAX(most, 1));
    return pass->map || fail_run(error, _("There is not enough memory for the result."));
}

static void
take_map(const DcnMaps *maps, const float *map, float *to)
{
    gsize rows = MIN(maps->height, GRID), columns = MIN(maps->width, GRID);
    for (gsize y = 0; y < rows; y++)
        for (gsize x = 0; x < columns; x++)
            *to++ = map[spread(y, rows, maps->height) * maps->width +
                        spread(x, columns, maps->width)];
}

static gboolean
pass_run(Pass *pass, GError **error)
{
    Answers *answers = pass->answers;
    if (pass->filled && !runner_run(&pass->runner, NULL, error))
        return FALSE;
    for (gsize i = 0; i < pass->filled; i++) {
        gsize picture = pass->picture[i];
        answers->there[picture] = TRUE;
        for (gsize k = 0; k < pass->settling->n_layers; k++) {
            const float *values = runner_values(&pass->runner, (int)k, i);
            gsize places = answers->places[k];
            for (gsize c = 0; c < answers->maps[k]; c++) {
                dcn_maps_read(&pass->maps[k], values, c, pass->map);
                take_map(&pass->maps[k], pass->map,
                         answers->values[k] + (c * answers->pictures + picture) * places);
            }
        }
    }
    pass->filled = 0;
    return TRUE;
}

static gboolean
pass_put(Pass *pass, gsize picture, const float *input, GError **error)
{
    runner_put(&pass->runner, pass->filled, input);
    pass->picture[pass->filled++] = picture;
    return pass->filled < BATCH || pass_run(pass, error);
}

static gboolean
pass_folder(Pass *pass, Net *net, GPtrArray *skipped, GError **error)
{
    const Evolution *evolution = pass->settling->evolution;
    const Folder *images = &evolution->images;
    gsize count = pass->answers->pictures;
    gsize *files = g_new(gsize, count);
    char **paths = g_new0(char *, count + 1);
    for (gsize i = 0; i < count; i++) {
        files[i] = spread(i, count, images->count);
        paths[i] = folder_path(images, files[i]);
    }
    Feed *feed = feed_new(net, seen_fit(evolution->run->values), paths,
                          param_int(evolution->run->values, "threads"));
    FeedItem item;
    gboolean ok = TRUE;
    while (ok && feed_next(feed, &item, NULL)) {
        if (!item.error)
            ok = pass_put(pass, item.index, item.seen.input, error);
        else if (skipped)
            folder_skip(images, files[item.index], item.error, skipped);
        feed_item_clear(&item);
    }
    feed_free(feed);
    g_strfreev(paths);
    g_free(files);
    return ok && pass_run(pass, error);
}

static gboolean
pass_photo(Pass *pass, Net *net, GError **error)
{
    const Run *run = pass->settling->evolution->run;
    Seen seen;
    if (!seen_of_drawable(&seen, run, run->drawables[0], net, error))
        return FALSE;
    gboolean ok = pass_put(pass, 0, seen.input, error) && pass_run(pass, error);
    seen_clear(&seen);
    return ok;
}

/* skipped: files that cannot be read are named there; NULL: they were named before. */
static gboolean
ask(const Settling *settling,
    Net *net,
    Answers *answers,
    GPtrArray *skipped,
    GError **error)
{
    const Evolution *evolution = settling->evolution;
    gboolean folder = evolution_on_folder(evolution);
    gsize pictures = folder ? MIN(evolution->images.count, PICTURES) : 1;
    Pass pass = {.settling = settling, .answers = answers};
    gboolean ok =
        pass_open(&pass, net, param_int(evolution->run->values, "threads"), error) &&
        answers_new(answers, &pass, pictures, error) &&
        (folder ? pass_folder(&pass, net, skipped, error)
                : pass_photo(&pass, net, error));
    runner_close(&pass.runner);
    g_free(pass.map);
    return ok;
}

/* --- correlation --- */

/* Of two runs of one map, over the pictures that both have. NAN if the map is the same
 * everywhere after the last checkpoint, as a dead one is; 0 if it is so now. */
static double
correlation(const Answers *now, const Answers *last, gsize k, gsize map)
{
    gsize places = now->places[k], first = map * now->pictures * places;
    const float *x = now->values[k] + first, *y = last->values[k] + first;
    double n = 0, sum_x = 0, sum_y = 0, xx = 0, yy = 0, xy = 0;
    for (int round = 0; round < 2; round++) /* the means, then what differs from them */
        for (gsize i = 0; i < now->pictures * places; i++) {
            if (!now->there[i / places] || !last->there[i / places])
                continue;
            double a = (double)x[i], b = (double)y[i];
            if (round == 0) {
                n++;
                sum_x += a;
                sum_y += b;
                continue;
            }
            a -= sum_x / n;
            b -= sum_y / n;
            xx += a * a;
            yy += b * b;
            xy += a * b;
        }
    if (!(yy > 0))
        return NAN;
    return xx > 0 ? xy / sqrt(xx * yy) : 0;
}

/* The mean over the maps of each layer that answer after the last checkpoint. */
static void
compare(const Settling *settling, gsize epoch, const Answers *now, const Answers *last)
{
    for (gsize k = 0; k < settling->n_layers; k++) {
        double sum = 0, maps = 0;
        for (gsize c = 0; c < now->maps[k]; c++) {
            double r = correlation(now, last, k, c);
            sum += isfinite(r) ? r : 0;
            maps += isfinite(r) ? 1 : 0;
        }
        settling->correlations[epoch * settling->n_layers + k] =
            maps > 0 ? sum / maps : NAN;
    }
}

/* A checkpoint of another architecture may lack no layer and still differ. */
static gboolean
check_shapes(const Settling *settling,
             gsize epoch,
             const Answers *now,
             const Answers *last,
             GError **error)
{
    const FolderFile *files = settling->evolution->checkpoints.files;
    for (gsize k = 0; k < settling->n_layers; k++)
        if (now->maps[k] != last->maps[k] || now->places[k] != last->places[k])
            return fail_input(
                error,
                _("The checkpoints are not of one architecture: “%s” of “%s” is not as large as that of “%s”."),
                settling->layers[k].shown, files[epoch].name,
                files[settling->evolution->checkpoints.count - 1].name);
    return TRUE;
}

/* --- all of them --- */

static Net *
open_checkpoint(const Evolution *evolution, gsize epoch, GError **error)
{
    char *path = folder_path(&evolution->checkpoints, epoch);
    GError *why = NULL;
    net_forget(); /* one checkpoint at a time */
    Net *net = net_open(path, &why);
    if (why)
        g_propagate_prefixed_error(error, why, _("Checkpoint “%s”: "),
                                   evolution->checkpoints.files[epoch].name);
    g_free(path);
    return net;
}

static void
tell_progress(gsize number, gsize count)
{
    char *text = g_strdup_printf(_("Checkpoint %zu of %zu"), number + 1, count);
    host_progress_text(text);
    host_progress((double)number / (double)count);
    g_free(text);
}

static gboolean
count_pictures(Settling *settling, const Answers *last, GError **error)
{
    for (gsize p = 0; p < last->pictures; p++)
        settling->pictures += last->there[p];
    return settling->pictures ||
           fail_input(error, _("No file of the folder “%s” is a picture."),
                      settling->evolution->images.path);
}

static void
tell_about(Settling *settling, const Net *net)
{
    const Evolution *evolution = settling->evolution;
    GKeyFile *text = about_new(&procedure_evolution, net, NULL, evolution->run->values);
    g_key_file_set_uint64(text, "result", "pictures", settling->pictures);
    g_key_file_set_string_list(text, "result", "checkpoints",
                               (const char *const *)evolution->epochs,
                               evolution->checkpoints.count);
    settling->about = about_finish(text);
    net_tell(net);
}

/* The last checkpoint settles the layers; it is compared with itself, too, which shows
 * layers that do not answer. */
static gboolean
measure_last(Settling *settling, Answers *last, GError **error)
{
    const Evolution *evolution = settling->evolution;
    gsize count = evolution->checkpoints.count;
    Net *net = open_checkpoint(evolution, count - 1, error);
    GPtrArray *skipped = g_ptr_array_new_with_free_func(g_free);
    gboolean ok = net &&
                  settling_layers(net, evolution->run->values, settling->layers,
                                  &settling->n_layers, error) &&
                  ask(settling, net, last, skipped, error) &&
                  count_pictures(settling, last, error);
    folder_tell_skipped(skipped);
    g_ptr_array_unref(skipped);
    if (!ok)
        return FALSE;
    settling->correlations = g_new0(double, count * settling->n_layers);
    compare(settling, count - 1, last, last);
    tell_about(settling, net);
    return TRUE;
}

gboolean
settling_measure(Settling *settling, const Evolution *evolution, GError **error)
{
    gsize count = evolution->checkpoints.count;
    Answers last = {0};
    *settling = (Settling){.evolution = evolution};
    tell_progress(0, count);
    gboolean ok = measure_last(settling, &last, error);
    for (gsize epoch = 0; ok && epoch + 1 < count; epoch++) {
        Answers now = {0};
        tell_progress(epoch + 1, count);
        Net *net = open_checkpoint(evolution, epoch, error);
        ok = net && ask(settling, net, &now, NULL, error) &&
             check_shapes(settling, epoch, &now, &last, error);
        if (ok)
            compare(settling, epoch, &now, &last);
        answers_clear(&now);
    }
    answers_clear(&last);
    return ok;
}

gsize
settling_when(const Settling *settling, gsize layer)
{
    gsize epoch = settling->evolution->checkpoints.count;
    while (epoch > 0 &&
           settling->correlations[(epoch - 1) * settling->n_layers + layer] >=
               SETTLE_ENOUGH)
        epoch--;
    return epoch;
}

void
settling_clear(Settling *settling)
{
    for (gsize k = 0; k < settling->n_layers; k++)
        net_layer_clear(&settling->layers[k]);
    g_free(settling->correlations);
    g_free(settling->about);
    *settling = (Settling){0};
}
