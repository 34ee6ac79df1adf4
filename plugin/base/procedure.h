/* SPDX-License-Identifier: GPL-3.0-or-later */
/* procedure.h: what a procedure is: a table of parameters, a table of results, and run().
 *
 * To add one: a file with its Procedure, a line in procedures.c, a line in meson.build,
 * its test. */
#ifndef FEATURESCOPE_BASE_PROCEDURE_H
#define FEATURESCOPE_BASE_PROCEDURE_H

#include "base/param.h"
#include "host.h"

typedef enum {
    RESULT_INT,
    RESULT_DOUBLE,
    RESULT_STRING,
    RESULT_STRINGS,
    RESULT_DOUBLES,
    RESULT_ITEMS,
    RESULT_IMAGE
} ResultType;

typedef struct {
    const char *name;
    ResultType type;
    const char *blurb; /* N_() */
} Result;

/* What a run gives back; the array has one entry for each Result, in order. Zero:
 * nothing. */
typedef struct {
    int i;
    double d;
    char *text;
    char **texts;
    GArray *numbers; /* of double */
    HostItem **items;
    gsize n_items;
    HostImage *image;
} ResultValue;
void result_clear(ResultValue *value);

/* One call. */
typedef struct {
    gboolean interactive;
    HostImage *image;
    HostItem **drawables; /* one or more; hosts refuse none before run() */
    gsize n_drawables;
    const ParamValues *values; /* checked by param_check() */
    ResultValue *results;
} Run;

/* Errors of bad input have this domain: the host says CALLING_ERROR. All others:
 * EXECUTION_ERROR. */
typedef enum {
    PROCEDURE_ERROR_INPUT,
    PROCEDURE_ERROR_FAILED,
    PROCEDURE_ERROR_CANCELLED
} ProcedureError;
#define PROCEDURE_ERROR (procedure_error_quark())
GQuark procedure_error_quark(void);

/* A window of its own in the place of a dialog and a run; gtk/windows/windows.c has
 * them. */
typedef enum {
    WINDOW_NONE,
    WINDOW_BROWSE,
    WINDOW_CHECK,
    WINDOW_CLASSIFY,
    WINDOW_WHATIF
} ProcedureWindow;

/* A picture beside the dialog's rows; gtk/preview.c makes it. */
typedef enum { PREVIEW_NONE, PREVIEW_PROJECTION, PREVIEW_OCCLUSION } ProcedurePreview;

/* What an action looks at: nothing of the open photo; the layer, or the selection's box;
 * or all of the layer, in which the selection marks a part. */
typedef enum { LOOK_NOT, LOOK_SEEN, LOOK_PART } ProcedureLook;

typedef struct Procedure Procedure;
struct Procedure {
    const char *name; /* "plug-in-featurescope-project" */

    /* N_("Feature _Projection..."), and the menu that it stands in, NULL: PROCEDURE_MENU;
     * menu NULL: for scripts only. */
    const char *menu, *path;
    const char *title; /* N_(): of the dialog and the undo step */
    const char *blurb; /* N_(): one sentence */
    const char *help;  /* N_(): a paragraph */
    const char *icon;  /* name of an SVG in icons/, without suffix */
    const Param *params;
    gsize n_params;
    const Result *results;
    gsize n_results;
    gboolean (*run)(const Run *run, GError **error);

    /* Fails if it cannot take what is selected, as the values are: several layers, say.
     * Asked before run(), by the dialog, whose OK is pale then, and before a window. NULL:
     * it takes all. */
    gboolean (*takes)(const Run *run, GError **error);

    /* Shown after an interactive run instead of nothing: a text of many lines, which can
     * be copied and saved. NULL: none. */
    const char *(*text)(const ResultValue *results);

    ProcedureWindow window;
    ProcedurePreview preview;

    /* What the dialog shows of the open photo, as the values are; NULL: nothing ever. */
    ProcedureLook (*looks_at)(const ParamValues *values);

    /* It needs no image: hosts give it none, and let it run when none is open. */
    gboolean anywhere;
};

/* Menus. Hosts sort entries by their words, so what is used first stands above, and what
 * needs a collection of pictures, or tells of a network, in menus of their own. */
#define PROCEDURE_MENU "<Image>/Filters/Featurescope"
#define PROCEDURE_COLLECTION N_("<Image>/Filters/Featurescope/Collection")
#define PROCEDURE_NETWORK N_("<Image>/Filters/Featurescope/Network")

extern const Procedure *const procedures[]; /* ended by NULL */

/* Whether it takes what is selected. */
gboolean procedure_takes(const Procedure *procedure, const Run *run, GError **error);

/* A takes() of what works on one drawable. */
gboolean procedure_takes_one(const Run *run, GError **error);

/* Checks the values, then runs. results must be zeroed and stay so on failure. An error
 * always has a sentence. What hosts and tests call; nobody calls procedure->run(). */
gboolean procedure_call(const Procedure *procedure, const Run *run, GError **error);

/* The same of one layer in a process of its own, as if a script had called the procedure;
 * each host has it. Of the results, texts, numbers and the image come back. */
gboolean procedure_call_apart(const Procedure *procedure, const Run *run, GError **error);

/* The tip of its menu entry: the blurb, and words by which a search for actions finds it.
 * g_free() */
char *procedure_tip(const Procedure *procedure);

/* The whole help in Markdown: what it does, its arguments, its results. g_free() */
char *procedure_help(const Procedure *procedure);

/* With gettext: _() and N_(). */
#include <glib/gi18n-lib.h>

#endif
