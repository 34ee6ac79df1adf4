/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kept.c: an occlusion that begins where the last one of the same net was. */

#include "actions/occlusion/kept.h"
#include "base/fail.h"
#include <string.h>

struct OcclusionKept {
    const Net *net;
    int threads;
    DcnContext *context;
    DcnOccluder *occluder;
    DcnOcclusionMaps maps; /* of the last run */
    char *key;             /* what they are of; NULL: they are not whole */
};

OcclusionKept *
occlusion_kept_new(void)
{
    return g_new0(OcclusionKept, 1);
}

static void
forget_maps(OcclusionKept *kept)
{
    dcn_occlusion_maps_free(&kept->maps);
    g_clear_pointer(&kept->key, g_free);
}

static void
forget(OcclusionKept *kept)
{
    forget_maps(kept);
    dcn_occluder_free(kept->occluder);
    dcn_context_free(kept->context);
    kept->occluder = NULL;
    kept->context = NULL;
}

void
occlusion_kept_free(OcclusionKept *kept)
{
    if (!kept)
        return;
    forget(kept);
    g_free(kept);
}

/* A text that changes with all that the maps depend on. */
static char *
key_of(const Net *net, const DcnOcclusion *options, const float *input)
{
    gsize bytes = net_input_count(net) * sizeof *input;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)input, (gssize)bytes);
    g_checksum_update(sum, (const guchar *)options->fill, (gssize)bytes);
    char *key = g_strdup_printf(
        "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %s",
        options->size, options->step, options->channel, g_checksum_get_string(sum),
        options->layer ? options->layer : "");
    g_checksum_free(sum);
    return key;
}

static gboolean
open_for(OcclusionKept *kept, const Net *net, int threads, DcnError *error)
{
    if (kept->occluder && kept->net == net && kept->threads == threads)
        return TRUE;
    forget(kept);
    kept->net = net;
    kept->threads = threads;
    kept->context = dcn_context_new(threads, error);
    if (kept->context)
        kept->occluder = dcn_occluder_new(net->model, kept->context, error);
    return kept->occluder != NULL;
}

gboolean
occlusion_kept_run(OcclusionKept *kept,
                   const Net *net,
                   int threads,
                   const DcnOcclusion *options,
                   const float *input,
                   const DcnOcclusionMaps **maps,
                   const DcnProgress *progress,
                   GError **error)
{
    DcnError core = {0};
    *maps = &kept->maps;
    if (!open_for(kept, net, threads, &core))
        return fail_core(error, &core);
    char *key = key_of(net, options, input);
    if (kept->key && g_str_equal(kept->key, key)) {
        g_free(key);
        return TRUE;
    }
    forget_maps(kept);
    if (!dcn_occluder_run(kept->occluder, options, input, &kept->maps, progress, &core)) {
        g_free(key);
        return fail_core(error, &core);
    }
    if (kept->maps.n_known == kept->maps.rows * kept->maps.columns)
        kept->key = g_steal_pointer(&key);
    g_free(key);
    return TRUE;
}
