/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whole.c: the procedure that says whether an image file is whole, and gives it its name.
 *
 * An editor's loaders open a JPEG that was cut off, with the missing part gray, and tell
 * a script nothing of it; its writers say nothing of a full disk when they close a file;
 * and Scheme cannot rename one. So a script that goes through a folder asks here: it
 * passes over the same files as the actions that read folders do, and its results get
 * their names when they are whole. */
#include "base/fail.h"
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

/* The sentence, "" if nothing is wrong, NULL with an error. g_free() */
static char *
damage_of(const char *file, GError **error)
{
    gboolean unknown = FALSE;
    GError *why = NULL;
    HostPixels *pixels = host_file_decode(file, &unknown, &why);
    char *damage = NULL;
    if (pixels)
        host_pixels_close(pixels);
    if (why && !g_error_matches(why, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT))
        g_propagate_error(error, g_steal_pointer(&why));
    else
        damage = g_strdup(why && !unknown ? why->message : "");
    g_clear_error(&why);
    return damage;
}

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
