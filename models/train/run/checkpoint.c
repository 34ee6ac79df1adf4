/* SPDX-License-Identifier: GPL-3.0-or-later */
/* checkpoint.c: names, writes and opens the models that a training leaves. */

#include "run/checkpoint.h"
#include "base/fail.h"
#include "edit.h"
#include <errno.h>
#include <glib/gstdio.h>

gboolean
files_name(Files *files, const char *out, GError **error)
{
    if (!g_str_has_suffix(out, ".onnx"))
        return fail_input(error, _("“%s” does not end in “.onnx”."), out);
    char *stem = g_strndup(out, strlen(out) - strlen(".onnx"));
    *files = (Files){
        .out = g_strdup(out),
        .unfolded = g_strconcat(stem, "-unfolded.onnx", NULL),
        .state = g_strconcat(stem, ".state", NULL),
        .csv = g_strconcat(stem, ".csv", NULL),
        .epochs = g_strconcat(stem, "-epochs", NULL),
    };
    g_free(stem);
    return TRUE;
}

void
files_clear(Files *files)
{
    g_free(files->out);
    g_free(files->unfolded);
    g_free(files->state);
    g_free(files->csv);
    g_free(files->epochs);
    *files = (Files){0};
}

DcnModel *
checkpoint_open(const Files *files,
                const Pupil *pupil,
                const Recipe *recipe,
                GError **error)
{
    DcnError core = {0};
    DcnModel *model = NULL;
    if (dcn_model_write(pupil->model, files->unfolded, &core))
        model = dcn_model_open(files->unfolded, &core);
    if (model && (!recipe->fold || dcn_model_fold_batchnorm(model, &core)))
        return model;
    dcn_model_free(model);
    fail_core(error, &core);
    return NULL;
}

gboolean
checkpoint_write(const Files *files,
                 const DcnModel *model,
                 const Recipe *recipe,
                 gsize epoch,
                 GError **error)
{
    DcnError core = {0};
    if (!dcn_model_write(model, files->out, &core))
        return fail_core(error, &core);
    if (recipe->checkpoints == 0 || epoch % (gsize)recipe->checkpoints != 0)
        return TRUE;
    if (g_mkdir_with_parents(files->epochs, 0777) != 0)
        return fail_run(error, _("“%s” cannot be made: %s"), files->epochs,
                        g_strerror(errno));
    char *name = g_strdup_printf("epoch-%03d.onnx", (int)epoch);
    char *path = g_build_filename(files->epochs, name, NULL);
    gboolean ok = dcn_model_write(model, path, &core) || fail_core(error, &core);
    g_free(path);
    g_free(name);
    return ok;
}
