/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whole.c: the procedure that says whether an image file is whole, and gives it its name.
 *
 * A script is told nothing of a JPEG that was cut off, nor of a full disk (damage.h), and
 * Scheme cannot rename a file. So one that goes through a folder in its own way asks here:
 * it skips the same files as the actions that read folders do, and its results get their
 * names when they are whole. */
#include "base/fail.h"
#include "photo/damage.h"
#include <errno.h>
#include <glib/gstdio.h>

static const Param params[] = {
    {"file", PARAM_FILE, N_("_File"), N_("File to look at"), .text = ""},
    {"becomes", PARAM_SAVE, N_("_Becomes"),
     N_("Name that it gets if nothing is wrong with it; empty: it keeps its own"),
     .text = ""},
};

static const Result results[] = {
    {"damage", RESULT_STRING, N_("What is wrong, a sentence; empty: nothing")},
};
enum { RESULT_DAMAGE };

static gboolean
run_whole(const Run *run, GError **error)
{
    const char *file = param_text(run->values, "file");
    const char *becomes = param_text(run->values, "becomes");
    char *damage = damage_of(file, error);
    gboolean ok = damage != NULL;
    if (ok && !*damage && *becomes && g_rename(file, becomes) != 0)
        ok = fail_run(error, _("“%s” cannot be written: %s"), becomes, g_strerror(errno));
    if (ok)
        run->results[RESULT_DAMAGE].text = g_steal_pointer(&damage);
    g_free(damage);
    return ok;
}

const Procedure procedure_whole = {
    .name = "plug-in-featurescope-whole",
    .title = N_("Whole File"),
    .blurb = N_("Says whether an image file is whole"),
    .help =
        N_("Decodes an image file in a process of its own, as actions do that read a "
           "folder, and says what is wrong with it: that it was cut off, cannot be "
           "read or is too large. Of formats that only the editor's own loaders know "
           "nothing is said. If nothing is wrong, it is renamed, should a name be "
           "given: a script's results stand under their names only when they are "
           "whole. The image stays as it is. For scripts; it has no entry in a menu."),
    .icon = "featurescope-model",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .run = run_whole,
};
