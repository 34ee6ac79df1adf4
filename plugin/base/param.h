/* SPDX-License-Identifier: GPL-3.0-or-later */
/* param.h: the one declared table of parameters of a procedure.
 *
 * From the table come, on both hosts: the PDB arguments with ranges and defaults, the
 * dialog, the last values, the help text, and docs/procedures.md. Nothing is declared
 * twice. Published parameters keep their order; new ones go last. */
#ifndef FEATURESCOPE_BASE_PARAM_H
#define FEATURESCOPE_BASE_PARAM_H

#include <glib.h>

typedef enum {
    PARAM_BOOL,
    PARAM_INT,    /* min, max, value */
    PARAM_DOUBLE, /* min, max, value */
    PARAM_STRING, /* text */
    PARAM_CHOICE, /* one of choices; text is the default's nick. A plain string in the PDB
                     of 2.10 */
    PARAM_PICK,  /* a string for which fill() offers a list at run time: layers, labels of
                    the chosen model */
    PARAM_PICKS, /* the same, several, separated by ";" */
    PARAM_FILE,  /* a file to read */
    PARAM_SAVE,  /* a file to write */
    PARAM_FOLDER,
    PARAM_COLOR, /* text: default as "#rrggbb"; a string in the PDB, encoded R'G'B' */
    PARAM_POINT, /* two integers, NAME-x and NAME-y, in image pixels; min, max, value of
                    each */
} ParamType;

typedef struct {
    const char *nick;  /* what scripts say; never translated */
    const char *label; /* N_() */
} ParamChoice;

typedef struct ParamValues ParamValues;

/* One entry of a pick list. */
typedef struct {
    char *value; /* what becomes the parameter */
    char *label; /* what a person reads */
} ParamPick;
void param_pick_free(ParamPick *pick);

typedef struct Param Param;
struct Param {
    const char *name; /* of the PDB argument: lower case and dashes */
    ParamType type;
    const char *label; /* N_(), with mnemonic */
    const char *blurb; /* N_(): one sentence: unit, what 0, -1 or empty mean */
    double min, max, value;
    const char *text; /* default of texts, choices, colours; NULL: empty */
    /* N_(): what a dialog says for the empty text: "built in"; of a whole number, for the
     * smallest: "automatic". hint(): of the empty text with these values, where that can be
     * known: "conv5 (default)"; NULL: `empty`. g_free() */
    const char *empty;
    char *(*hint)(const ParamValues *values);
    const ParamChoice *choices; /* ended by {NULL} */

    /* PICK: the list for the values so far (usually: for the model). A GPtrArray of
     * ParamPick, or NULL with error. Called by dialogs again whenever a parameter that
     * `depends` names changes, one text or several ("model;layer"). */
    GPtrArray *(*fill)(const ParamValues *values, GError **error);
    const char *depends;

    /* FALSE with a sentence: no run can take the value with those of the other parameters.
     * Dialogs ask after each change, and do not run then. required: it cannot be empty. */
    gboolean (*valid)(const ParamValues *values, GError **error);
    gboolean required;

    /* What a person should know of the value, as a line below it; NULL: nothing. A run in
     * the same process does not say it again. g_free() */
    char *(*remark)(const ParamValues *values);

    /* FILE: files of this kind ("*.onnx") are offered first. shared: what was chosen last
     * for a parameter of this name, in whatever action, is where a dialog begins; see
     * recent.h. */
    const char *pattern;
    gboolean shared;

    /* Dialog: shown only while the choice named `only_with` has one of these nicks
     * ("a;b"); a bool has the nicks "true" and "false", a whole number itself ("-1"). A
     * parameter is hidden too while the one that it hangs on is. */
    const char *only_with, *only_nicks;
    gboolean advanced; /* goes below an expander */
};

/* The values of one call, in the order of its table. Owns its texts. */
ParamValues *param_values_new(const Param *params, gsize n_params); /* all defaults */
void param_values_free(ParamValues *values);
ParamValues *param_values_copy(const ParamValues *values);
const Param *param_values_table(const ParamValues *values, gsize *n_params);
gboolean param_values_have(const ParamValues *values, const char *name);

/* By name; a name that is not in the table is a programming error (g_error). Texts are
 * never NULL. */
gboolean param_bool(const ParamValues *values, const char *name);
int param_int(const ParamValues *values, const char *name);
double param_double(const ParamValues *values, const char *name);
const char *param_text(const ParamValues *values,
                       const char *name); /* any of the textual types */
gboolean param_is(const ParamValues *values, const char *name, const char *nick);
void param_point(const ParamValues *values, const char *name, int *x, int *y);
char **param_list(const ParamValues *values,
                  const char *name); /* PICKS split at ";", trimmed; g_strfreev() */

void param_set_bool(ParamValues *values, const char *name, gboolean value);
void param_set_int(ParamValues *values, const char *name, int value);
void param_set_double(ParamValues *values, const char *name, double value);
void param_set_text(ParamValues *values,
                    const char *name,
                    const char *value); /* NULL becomes "" */
void param_set_point(ParamValues *values, const char *name, int x, int y);

/* Reads "#rrggbb" as R'G'B' of 0 to 1. FALSE if the text is anything else. */
gboolean param_color(const char *text, float rgb[3]);

/* TRUE if the parameter counts: its `only_with` holds for these values. */
gboolean param_applies(const ParamValues *values, const Param *param);

/* Checks every value against its table: ranges, nicks, colours, with a translated
 * sentence that names the parameter, the value and what is allowed. Both hosts call it
 * before a procedure runs, since neither can be trusted to. */
gboolean param_check(const ParamValues *values, GError **error);

/* As text and back ("name=value" lines by GKeyFile), for last values on 2.10, parasites
 * and tests. Loading leaves out what it does not know and what the table forbids. */
char *param_values_save(const ParamValues *values);
void param_values_load(ParamValues *values, const char *text);

/* Sets every value to its default. */
void param_values_reset(ParamValues *values);

/* The label as words: without mnemonic and final colon, translated. g_free() */
char *param_label(const Param *param);

/* Type, range and default in words, translated: "integer from -1 to 4095, default -1".
 * g_free() */
char *param_range(const Param *param);

/* Help text of a whole table, a Markdown list that reads as plain text too. g_free() */
char *param_help(const Param *params, gsize n_params);

#endif
