/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tables.c: walks over the tables of all procedures: what each line must have. */
#include "actions/classify/classify.h"
#include "check.h"
#include "net/net.h"
#include <locale.h>
#include <math.h>
#include <string.h>

static void
check_name(const char *name)
{
    gsize good = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (!*name || name[good])
        check_fail("\"%s\" has more than a-z, 0-9 and -", name);
}

static void
check_sentence(const char *name, const char *text)
{
    if (!text || strlen(text) < 3)
        check_fail("%s: no words", name);
    else if (text[strlen(text) - 1] == ' ' || strstr(text, "  "))
        check_fail("%s: stray spaces in \"%s\"", name, text);
}

static void
names_are_plain_and_no_two_are_the_same(void)
{
    for (gsize i = 0; procedures[i]; i++) {
        const Procedure *procedure = procedures[i];
        GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
        check_name(procedure->name);
        check(g_str_has_prefix(procedure->name, "plug-in-featurescope-"),
              procedure->name);
        /* What hosts put before our own. */
        g_hash_table_add(names, (char *)"run-mode");
        g_hash_table_add(names, (char *)"image");
        g_hash_table_add(names, (char *)"drawable");
        g_hash_table_add(names, (char *)"drawables");
        for (gsize k = 0; k < procedure->n_params; k++) {
            check_name(procedure->params[k].name);
            if (!g_hash_table_add(names, (char *)procedure->params[k].name))
                check_fail("%s: two are named %s", procedure->name,
                           procedure->params[k].name);
        }
        g_hash_table_unref(names);
        for (gsize k = 0; k < procedure->n_results; k++)
            check_name(procedure->results[k].name);
    }
}

static void
everything_has_words(void)
{
    for (gsize i = 0; procedures[i]; i++) {
        const Procedure *procedure = procedures[i];
        check_sentence(procedure->name, procedure->title);
        check_sentence(procedure->name, procedure->blurb);
        check_sentence(procedure->name, procedure->help);
        if (procedure->menu) {
            check_sentence(procedure->name, procedure->menu);
            check(g_str_has_suffix(procedure->menu, "..."),
                  "a menu entry that asks ends in ...");
        }
        check(procedure->run != NULL, "there is something to run");
        for (gsize k = 0; k < procedure->n_params; k++) {
            const Param *param = &procedure->params[k];
            check_sentence(param->name, param->label);
            check_sentence(param->name, param->blurb);
            for (gsize c = 0; param->choices && param->choices[c].nick; c++) {
                check_name(param->choices[c].nick);
                check_sentence(param->name, param->choices[c].label);
            }
        }
        for (gsize k = 0; k < procedure->n_results; k++)
            check_sentence(procedure->results[k].name, procedure->results[k].blurb);
    }
}

static void
defaults_pass_their_own_checks(void)
{
    for (gsize i = 0; procedures[i]; i++) {
        GError *error = NULL;
        ParamValues *values =
            param_values_new(procedures[i]->params, procedures[i]->n_params);
        if (!param_check(values, &error))
            check_fail("%s: %s", procedures[i]->name, error->message);
        g_clear_error(&error);
        param_values_free(values);
    }
}

/* What comes from a script may be any number. */
static void
no_argument_takes_what_is_no_number(void)
{
    static const double strange[] = {NAN, INFINITY, -INFINITY};
    for (gsize i = 0; procedures[i]; i++)
        for (gsize k = 0; k < procedures[i]->n_params; k++)
            for (gsize n = 0; n < G_N_ELEMENTS(strange); n++) {
                const Param *param = &procedures[i]->params[k];
                if (param->type != PARAM_DOUBLE)
                    continue;
                GError *error = NULL;
                ParamValues *values =
                    param_values_new(procedures[i]->params, procedures[i]->n_params);
                param_set_double(values, param->name, strange[n]);
                if (param_check(values, &error))
                    check_fail("%s: %s takes %g", procedures[i]->name, param->name,
                               strange[n]);
                else
                    check_text(error->message, param->name);
                g_clear_error(&error);
                param_values_free(values);
            }
}

static void
types_have_what_they_need(void)
{
    for (gsize i = 0; procedures[i]; i++)
        for (gsize k = 0; k < procedures[i]->n_params; k++) {
            const Param *param = &procedures[i]->params[k];
            if ((param->type == PARAM_CHOICE) != (param->choices != NULL))
                check_fail("%s: choices belong to a choice", param->name);
            if ((param->type == PARAM_PICK || param->type == PARAM_PICKS) !=
                (param->fill != NULL))
                check_fail("%s: fill belongs to a pick", param->name);
            if ((param->type == PARAM_INT || param->type == PARAM_DOUBLE ||
                 param->type == PARAM_POINT) &&
                !(param->min < param->max))
                check_fail("%s: no range", param->name);
            if ((param->type == PARAM_INT || param->type == PARAM_POINT) &&
                (param->min < G_MININT || param->max > G_MAXINT))
                check_fail("%s: the range is no int's", param->name);
            if (param->only_with && !param->only_nicks)
                check_fail("%s: only with what?", param->name);
        }
}

/* g_error()s, and so ends, if a name in only_with or depends is not in the table. */
static void
parameters_hang_on_others_of_their_table(void)
{
    for (gsize i = 0; procedures[i]; i++) {
        ParamValues *values =
            param_values_new(procedures[i]->params, procedures[i]->n_params);
        for (gsize k = 0; k < procedures[i]->n_params; k++) {
            const Param *param = &procedures[i]->params[k];
            param_applies(values, param);
            char **on = g_strsplit(param->depends ? param->depends : "", ";", -1);
            for (char **name = on; *name; name++)
                check(param_text(values, *name) != NULL, param->name);
            g_strfreev(on);
        }
        param_values_free(values);
    }
}

static const char *const languages[] = {"en", "de", "zh_CN"};
static const char *const resets[] = {"_Reset", "Zu_rücksetzen", "重置(_R)"};

/* Has _() translate into a language from now on; reset: what it makes of "_Reset". (Only
 * another folder makes gettext forget what it has found.) */
static void
speak(const char *language, const char *reset)
{
    g_setenv("LANGUAGE", language, TRUE);
    setlocale(LC_ALL, "C.UTF-8");
    bindtextdomain(GETTEXT_PACKAGE, "/");
    bindtextdomain(GETTEXT_PACKAGE, LOCALE_FOLDER);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    check_same_text(_("_Reset"), reset);
}

static char
mnemonic_of(const char *label)
{
    const char *underscore = strchr(label, '_');
    return underscore ? g_ascii_toupper(underscore[1]) : 0;
}

/* Two may share a letter if they are never shown together. */
static gboolean
exclude_each_other(const Param *a, const Param *b)
{
    if (!a->only_with || !b->only_with || !g_str_equal(a->only_with, b->only_with))
        return FALSE;
    char **nicks = g_strsplit(a->only_nicks, ";", -1);
    char **others = g_strsplit(b->only_nicks, ";", -1);
    gboolean common = FALSE;
    for (gsize i = 0; nicks[i]; i++)
        common |= g_strv_contains((const char *const *)others, nicks[i]);
    g_strfreev(nicks);
    g_strfreev(others);
    return !common;
}

/* buttons: of the window, all shown at once, ended by NULL; one more is Help, which is the
 * host's and has an H in all languages that we have. left_out: parameters without a widget
 * there. */
static void
check_mnemonics(const Procedure *procedure,
                const char *const *buttons,
                const char *const *left_out,
                const char *language)
{
    char taken[32] = "H";
    for (gsize k = 0; buttons[k]; k++) {
        char letter[] = {mnemonic_of(_(buttons[k])), 0};
        if (letter[0] && strchr(taken, letter[0]))
            check_fail("%s, %s: another button has the letter of \"%s\"", procedure->name,
                       language, _(buttons[k]));
        g_strlcat(taken, letter, sizeof taken);
    }
    for (gsize k = 0; k < procedure->n_params; k++) {
        const Param *param = &procedure->params[k];
        const char *label = _(param->label);
        char letter = mnemonic_of(label);
        if (g_strv_contains(left_out, param->name))
            continue;
        if (letter && !g_ascii_isalnum(letter))
            check_fail("%s, %s: \"%s\" has a letter that few keyboards have",
                       procedure->name, language, label);
        if (letter && strchr(taken, letter))
            check_fail("%s, %s: %s takes a button's %c", procedure->name, language,
                       param->name, letter);
        for (gsize j = 0; letter && j < k; j++)
            if (!g_strv_contains(left_out, procedure->params[j].name) &&
                mnemonic_of(_(procedure->params[j].label)) == letter &&
                !exclude_each_other(&procedure->params[j], param))
                check_fail("%s, %s: %s and %s have the same %c", procedure->name,
                           language, procedure->params[j].name, param->name, letter);
    }
}

/* Of dialogs, those of GIMP 2.10; GIMP 3 has Save and Load too, which cycle with ours. The
 * browser's button about the strongest nine changes its words. */
static void
check_letters(const Procedure *procedure, const char *language)
{
    static const char *const none[] = {NULL};
    static const char *const dialog[] = {"_Reset", "_Cancel", "_OK", NULL};
    static const char *const nine[] = {"F_ind the Strongest Nine...", "Stop F_inding",
                                       "F_ind More...", "Other P_ictures..."};
    static const char *const browse_without[] = {"layer", "threads", "against", "other",
                                                 NULL};
    static const char *const whatif[] = {"Add as _Layer", "_Close", "Ma_ke Figure", NULL};
    static const char *const whatif_without[] = {"picture", "data", "threads", "target",
                                                 NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(nine) && procedure->window == WINDOW_BROWSE; i++) {
        const char *const browse[] = {"_Add as Layer", "_Close",       "Hide sile_nt",
                                      "_Occlude",      "_Stop",        "_Remove",
                                      "A_dd Heat Map", nine[i],        "Compare _with",
                                      "_View Again",   "Ma_ke Figure", NULL};
        check_mnemonics(procedure, browse, browse_without, language);
    }
    if (procedure->window == WINDOW_WHATIF)
        check_mnemonics(procedure, whatif, whatif_without, language);
    else if (procedure->window != WINDOW_BROWSE)
        check_mnemonics(procedure, dialog, none, language);
}

static void
mnemonics_do_not_collide(void)
{
    for (gsize n = 0; n < G_N_ELEMENTS(languages); n++) {
        speak(languages[n], resets[n]);
        for (gsize i = 0; procedures[i]; i++)
            check_letters(procedures[i], languages[n]);
    }
    speak("en", "_Reset");
}

static void
plurals_are_translated_too(void)
{
    Net net = {.card = {.name = (char *)"NET"}};
    speak("de", "Zu_rücksetzen");
    char *one = classify_words(&net, 1), *two = classify_words(&net, 2);
    check_same_text(one, "„NET“ kennt 1 Art.");
    check_text(two, "„NET“ kennt 2 Arten");
    g_free(two);
    g_free(one);
    speak("en", "_Reset");
}

static void
help_tells_every_argument_and_result(void)
{
    for (gsize i = 0; procedures[i]; i++) {
        char *help = procedure_help(procedures[i]);
        for (gsize k = 0; k < procedures[i]->n_params; k++)
            check_text(help, procedures[i]->params[k].name);
        for (gsize k = 0; k < procedures[i]->n_results; k++)
            check_text(help, procedures[i]->results[k].name);
        g_free(help);
    }
}

/* GIMP's search for actions looks at names and tips. */
static void
a_search_finds_every_action(void)
{
    static const char *const words[] = {"Featurescope", "neural",   "AI",
                                        "explain",      "saliency", "network"};
    for (gsize i = 0; procedures[i]; i++) {
        char *tip = procedure_tip(procedures[i]);
        check(g_str_has_prefix(tip, procedures[i]->blurb), procedures[i]->name);
        for (gsize k = 0; k < G_N_ELEMENTS(words); k++)
            check_text(tip, words[k]);
        g_free(tip);
    }
}

/* GIMP takes words by their beginnings, and an action that was used lately before all that
 * were not, even if its tip has the words only. So no tip has all the words of another
 * action's entry, also if the last of several is not typed to its end. */
#define TYPED 3 /* letters of it */

static gboolean
finds(char **typed, char **words)
{
    gboolean all = TRUE;
    for (gsize i = 0; typed[i] && all; i++) {
        all = FALSE;
        for (gsize k = 0; words[k] && !all; k++)
            all = g_str_has_prefix(words[k], typed[i]);
    }
    return all;
}

static void
check_search(const Procedure *wanted, const Procedure *other, const char *language)
{
    char *label = g_strdup(_(wanted->menu)), *tip = procedure_tip(other);
    char *bracket = strstr(label, "(_"); /* a Chinese entry's letter */
    if (bracket)
        bracket[0] = '\0';
    char **pieces = g_strsplit(label, "_", -1), *plain = g_strjoinv("", pieces);
    char **typed = g_str_tokenize_and_fold(plain, language, NULL);
    char **words = g_str_tokenize_and_fold(tip, language, NULL);
    gsize count = g_strv_length(typed);
    if (count > 1 && g_utf8_strlen(typed[count - 1], -1) > TYPED)
        *g_utf8_offset_to_pointer(typed[count - 1], TYPED) = '\0';
    if (finds(typed, words))
        check_fail("%s: \"%s\" also finds \"%s\"", language, plain, tip);
    g_strfreev(words);
    g_strfreev(typed);
    g_strfreev(pieces);
    g_free(plain);
    g_free(tip);
    g_free(label);
}

static void
a_search_for_an_entry_finds_that_alone(void)
{
    for (gsize n = 0; n < G_N_ELEMENTS(languages); n++) {
        speak(languages[n], resets[n]);
        for (gsize i = 0; procedures[i]; i++)
            for (gsize k = 0; procedures[k]; k++)
                if (i != k && procedures[i]->menu && procedures[k]->menu)
                    check_search(procedures[i], procedures[k], languages[n]);
    }
    speak("en", "_Reset");
}

CHECK_MAIN(CHECK_TEST(names_are_plain_and_no_two_are_the_same),
           CHECK_TEST(everything_has_words),
           CHECK_TEST(defaults_pass_their_own_checks),
           CHECK_TEST(no_argument_takes_what_is_no_number),
           CHECK_TEST(types_have_what_they_need),
           CHECK_TEST(parameters_hang_on_others_of_their_table),
           CHECK_TEST(mnemonics_do_not_collide),
           CHECK_TEST(plurals_are_translated_too),
           CHECK_TEST(help_tells_every_argument_and_result),
           CHECK_TEST(a_search_finds_every_action),
           CHECK_TEST(a_search_for_an_entry_finds_that_alone))
