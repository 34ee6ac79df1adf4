/* SPDX-License-Identifier: GPL-3.0-or-later */
/* checkpoint.c: projects the strongest units of one checkpoint's maps. */

#include "actions/evolution/evolution.h"
#include "actions/top/choose.h"
#include "base/fail.h"
#include "result/about.h"
#include <stdlib.h>

gboolean
evolution_on_folder(const Evolution *evolution)
{
    return evolution->images.count > 0;
}

static gboolean
check_shapes(const Evolution *evolution, const Probe *probe, gsize epoch, GError **error)
{
    const Net *net = probe->net;
    const Folder *all = &evolution->checkpoints;
    if (net->height != evolution->net_height || net->width != evolution->net_width ||
        net->channels != evolution->net_channels)
        return fail_input(
            error,
            _("The checkpoints are not of one architecture: “%s” takes pictures of %d × %d pixels in %d channels, “%s” %d × %d in %d."),
            all->files[epoch].name, net->width, net->height, net->channels,
            all->files[all->count - 1].name, evolution->net_width, evolution->net_height,
            evolution->net_channels);
    if (probe->maps != evolution->n_maps || probe->height != evolution->height ||
        probe->width != evolution->width)
        return fail_input(
            error,
            _("The checkpoints are not of one architecture: “%s” of “%s” is %zu × %zu × %zu, of “%s” %zu × %zu × %zu."),
            evolution->shown, all->files[epoch].name, probe->maps, probe->height,
            probe->width, all->files[all->count - 1].name, evolution->n_maps,
            evolution->height, evolution->width);
    return TRUE;
}

static gboolean
open_checkpoint(const Evolution *evolution, gsize epoch, Probe *probe, GError **error)
{
    const char *layer =
        evolution->layer ? evolution->layer : param_text(evolution->run->values, "layer");
    char *path = folder_path(&evolution->checkpoints, epoch);
    GError *why = NULL;
    net_forget(); /* one checkpoint at a time */
    Net *net = net_open(path, &why);
    gboolean ok = net && probe_open(probe, net, layer,
                                    param_int(evolution->run->values, "threads"), &why);
    if (!ok) {
        /* The core's sentence about a missing layer does not say which file lacks it.
         * */
        g_propagate_prefixed_error(error, why, _("Checkpoint “%s”: "),
                                   evolution->checkpoints.files[epoch].name);
    } else if (evolution->layer && !check_shapes(evolution, probe, epoch, error)) {
        probe_close(probe);
        ok = FALSE;
    }
    g_free(path);
    return ok;
}

/* The strongest unit of each map of the layer: of the open picture, on which the probe
 * then has run, or of the folder. */
static TopUnit *
find_units(
    const Evolution *evolution, Probe *probe, double from, double to, GError **error)
{
    const ParamValues *values = evolution->run->values;
    TopUnit *units = g_new0(TopUnit, probe->maps);
    if (!evolution_on_folder(evolution)) {
        Seen seen;
        if (!seen_of_drawable(&seen, evolution->run, evolution->run->drawables[0],
                              probe->net, error)) {
            g_free(units);
            return NULL;
        }
        gboolean ok = probe_run(probe, seen.input, NULL, error);
        seen_clear(&seen);
        for (gsize c = 0; ok && c < probe->maps; c++)
            units[c].unit = probe_unit(probe, c);
        if (!ok)
            g_clear_pointer(&units, g_free);
        return units;
    }
    TopIndex index;
    char *missing;
    TopRequest request = {
        .net = (Net *)probe->net,
        .tensor = probe->layer.tensor,
        .maps = probe->maps,
        .height = probe->height,
        .width = probe->width,
        .folder = &evolution->images,
        .fit = seen_fit(values),
        .threads = param_int(values, "threads"),
        .part = 1,
        .parts = 1,
        .from = from,
        .to = to,
    };
    gboolean ok = top_index_get(&request, &index, &missing, error);
    if (ok && !index.images)
        ok = fail_input(error, _("No file of the folder “%s” is a picture."),
                        evolution->images.path);
    for (gsize c = 0; ok && c < probe->maps; c++)
        units[c] = index.units[c * TOP_BEST];
    top_index_clear(&index);
    if (!ok)
        g_clear_pointer(&units, g_free);
    return units;
}

typedef struct {
    gsize map;
    float value;
} Strength;

static int
stronger(const void *a, const void *b)
{
    const Strength *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? 1 : -1;
    return x->map > y->map ? 1 : -1;
}

static GArray *
choose(const Evolution *evolution, const TopUnit *units, GError **error)
{
    const ParamValues *values = evolution->run->values;
    if (*param_text(values, "maps"))
        return top_parse_maps(param_text(values, "maps"), evolution->n_maps,
                              evolution->shown, error);
    GArray *maps = g_array_new(FALSE, FALSE, sizeof(gsize));
    Strength *all = g_new(Strength, evolution->n_maps);
    for (gsize c = 0; c < evolution->n_maps; c++)
        all[c] = (Strength){c, units[c].unit.value};
    qsort(all, evolution->n_maps, sizeof *all, stronger);
    for (gsize i = 0; i < MIN((gsize)param_int(values, "count"), evolution->n_maps); i++)
        g_array_append_val(maps, all[i].map);
    g_free(all);
    return maps;
}

static gboolean
make_tiles(Evolution *evolution,
           Probe *probe,
           const TopUnit *units,
           gsize epoch,
           Busy *busy,
           GError **error)
{
    const ParamValues *values = evolution->run->values;
    gsize count = evolution->maps->len;
    UnitTile *tiles = evolution->tiles + epoch * count;
    FieldSize size = field_size(probe);
    gboolean ok = TRUE;
    for (gsize i = 0; i < count; i++)
        tiles[i].what = units[g_array_index(evolution->maps, gsize, i)];
    if (evolution_on_folder(evolution))
        return unit_tiles_make(probe, &evolution->images, seen_fit(values),
                               probe_method(values), evolution->side, tiles, count, busy,
                               error);
    for (gsize i = 0; ok && i < count; i++)
        ok = unit_tile_project(probe, probe_method(values), size, evolution->side,
                               &tiles[i], NULL, error);
    return ok;
}

/* Layer and maps are chosen on the last checkpoint, since it has learned most. */
static gboolean
settle(Evolution *evolution, const Probe *probe, const TopUnit *units, GError **error)
{
    const Net *net = probe->net;
    evolution->layer = g_strdup(probe->layer.tensor);
    evolution->shown = g_strdup(probe->layer.shown);
    evolution->n_maps = probe->maps;
    evolution->height = probe->height;
    evolution->width = probe->width;
    evolution->net_height = net->height;
    evolution->net_width = net->width;
    evolution->net_channels = net->channels;
    evolution->maps = choose(evolution, units, error);
    if (!evolution->maps)
        return FALSE;
    if (evolution->maps->len > EVOLUTION_MOST_MAPS)
        return fail_input(error, _("%u maps are listed; a sheet holds %d."),
                          evolution->maps->len, EVOLUTION_MOST_MAPS);
    evolution->tiles =
        g_new0(UnitTile, evolution->checkpoints.count * evolution->maps->len);
    GKeyFile *text = about_new(&procedure_evolution, net, NULL, evolution->run->values);
    g_key_file_set_string(text, "result", "layer", evolution->shown);
    g_key_file_set_string_list(text, "result", "checkpoints",
                               (const char *const *)evolution->epochs,
                               evolution->checkpoints.count);
    evolution->about = about_finish(text);
    net_tell(net);
    probe_tell_methods(probe);
    return TRUE;
}

gboolean
evolution_checkpoint(Evolution *evolution, gsize epoch, gsize number, GError **error)
{
    gsize count = evolution->checkpoints.count;
    double from = 0.95 * (double)number / (double)count;
    double to = 0.95 * (double)(number + 1) / (double)count;
    double middle = from + 0.8 * (to - from);
    Busy busy = {.text = _("Projecting: unit"), .from = middle, .to = to};
    Probe probe;
    char *text = g_strdup_printf(_("Checkpoint %zu of %zu"), number + 1, count);
    host_progress_text(text);
    host_progress(from);
    g_free(text);
    if (!open_checkpoint(evolution, epoch, &probe, error))
        return FALSE;
    TopUnit *units = find_units(evolution, &probe, from, middle, error);
    gboolean ok = units != NULL;
    if (ok && !evolution->layer)
        ok = settle(evolution, &probe, units, error);
    ok = ok && make_tiles(evolution, &probe, units, epoch, &busy, error);
    g_free(units);
    probe_close(&probe);
    return ok;
}
