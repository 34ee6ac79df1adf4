/* SPDX-License-Identifier: GPL-3.0-or-later */
/* param.c: tests of tables of parameters: values, checks, text and back, words. */
#include "base/param.h"
#include "base/procedure.h"
#include "check.h"
#include <locale.h>

static const ParamChoice methods[] = {
    {"deconvnet", "Deconvnet"},
    {"guided", "Guided"},
    {NULL, NULL},
};

static const Param params[] = {
    {"flip", PARAM_BOOL, "_Flip", "Yes or no", .value = 1},
    {"map", PARAM_INT, "Feature m_ap:", "Number", .min = -1, .max = 99, .value = -1},
    {"share", PARAM_DOUBLE, "_Share", "Part", .min = 0, .max = 1, .value = 0.25},
    {"note", PARAM_STRING, "_Note", "Any text", .text = "a note"},
    {"method", PARAM_CHOICE, "Me_thod", "How", .text = "guided", .choices = methods},
    {"layer", PARAM_PICK, "La_yer", "Which", .only_with = "flip", .only_nicks = "true"},
    {"labels", PARAM_PICKS, "La__bels", "Which", .only_with = "method",
     .only_nicks = "guided;other"},
    {"model", PARAM_FILE, "_Model", "A file", .text = NULL},
    {"data", PARAM_SAVE, "_Data", "A file", .text = NULL},
    {"folder", PARAM_FOLDER, "F_older", "A folder", .text = NULL},
    {"color", PARAM_COLOR, "_Colour", "A colour", .text = "#808080"},
    {"point", PARAM_POINT, "_Point", "A pixel", .min = -5, .max = 9, .value = -1},
    {"deep", PARAM_STRING, "D_eep", "x", .only_with = "labels", .only_nicks = "x"},
    {"count", PARAM_STRING, "_Count", "x", .only_with = "map", .only_nicks = "-1"},
};

static ParamValues *
defaults(void)
{
    return param_values_new(params, G_N_ELEMENTS(params));
}

/* --- values */

static void
values_begin_with_their_defaults(void)
{
    ParamValues *values = defaults();
    int x = 0, y = 0;
    param_point(values, "point", &x, &y);
    check(param_bool(values, "flip"), "flip is true");
    check_int(param_int(values, "map"), -1, "map");
    check(param_double(values, "share") == 0.25, "share is a quarter");
    check(g_str_equal(param_text(values, "note"), "a note"), "note");
    check(param_is(values, "method", "guided"), "method is guided");
    check(g_str_equal(param_text(values, "layer"), ""), "texts are never NULL");
    check_int(x, -1, "x");
    check_int(y, -1, "y");
    check(param_check(values, NULL), "defaults pass the check");
    param_values_free(values);
}

static void
values_are_kept_and_reset(void)
{
    ParamValues *values = defaults();
    int x, y;
    param_set_bool(values, "flip", 7);
    param_set_int(values, "map", 12);
    param_set_double(values, "share", 0.5);
    param_set_text(values, "note", param_text(values, "note")); /* itself */
    param_set_text(values, "layer", NULL);
    param_set_point(values, "point", 3, 4);
    ParamValues *copy = param_values_copy(values);
    param_values_reset(values);
    check_int(param_int(values, "map"), -1, "map, reset");
    param_values_free(values);

    param_point(copy, "point", &x, &y);
    check_int(param_bool(copy, "flip"), 1, "a bool is 0 or 1");
    check_int(param_int(copy, "map"), 12, "map of the copy");
    check(param_double(copy, "share") == 0.5, "share of the copy");
    check(g_str_equal(param_text(copy, "note"), "a note"), "note set to itself");
    check(g_str_equal(param_text(copy, "layer"), ""), "NULL becomes empty");
    check(x == 3 && y == 4, "point of the copy");
    param_values_free(copy);
}

static void
lists_are_split_and_trimmed(void)
{
    ParamValues *values = defaults();
    param_set_text(values, "labels", " tabby, cat ; ;dog;");
    char **list = param_list(values, "labels");
    check_int(g_strv_length(list), 2, "entries");
    check(g_str_equal(list[0], "tabby, cat"), "the first one");
    check(g_str_equal(list[1], "dog"), "the second one");
    g_strfreev(list);
    param_set_text(values, "labels", "");
    list = param_list(values, "labels");
    check_int(g_strv_length(list), 0, "entries of nothing");
    g_strfreev(list);
    param_values_free(values);
}

static void
parameters_count_only_with_what_they_hang_on(void)
{
    ParamValues *values = defaults();
    const Param *layer = &params[5], *labels = &params[6], *deep = &params[12];
    check(param_applies(values, &params[0]), "one that hangs on nothing counts");
    check(param_applies(values, layer), "flip is true");
    param_set_bool(values, "flip", FALSE);
    check(!param_applies(values, layer), "flip is false");
    check(param_applies(values, labels), "method is guided");
    param_set_text(values, "labels", "x");
    check(param_applies(values, deep), "labels count and are x");
    param_set_text(values, "method", "deconvnet");
    check(!param_applies(values, labels), "method is another one");
    check(!param_applies(values, deep), "labels do not count");
    check(param_applies(values, &params[13]), "map is -1");
    param_set_int(values, "map", 1);
    check(!param_applies(values, &params[13]), "map is 1");
    param_values_free(values);
}

/* --- checks */

/* Sets one thing, and wants a sentence with this part. */
static void
check_refused(ParamValues *values, const char *part)
{
    GError *error = NULL;
    if (check(!param_check(values, &error), part)) {
        check_text(error->message, part);
        check(g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT),
              "it is called bad input");
        g_clear_error(&error);
    }
    param_values_free(values);
}

static ParamValues *
with_int(int value)
{
    ParamValues *values = defaults();
    param_set_int(values, "map", value);
    return values;
}

static ParamValues *
with_double(double value)
{
    ParamValues *values = defaults();
    param_set_double(values, "share", value);
    return values;
}

static ParamValues *
with_text(const char *name, const char *value)
{
    ParamValues *values = defaults();
    param_set_text(values, name, value);
    return values;
}

static void
numbers_out_of_range_are_refused(void)
{
    check_refused(with_int(100), "\"map\" is 100; it must be from -1 to 99");
    check_refused(with_int(-2), "\"map\" is -2; it must be from -1 to 99");
    check_refused(with_int(G_MININT), "\"map\" is -2147483648;");
    check_refused(with_double(1.5), "\"share\" is 1.5; it must be from 0 to 1");
    check_refused(with_double(NAN), "\"share\" is nan; it must be from 0 to 1");
    check_refused(with_double(-INFINITY), "\"share\" is -inf; it must be from 0 to 1");
    ParamValues *values = defaults();
    param_set_point(values, "point", 0, 10);
    check_refused(values, "\"point-y\" is 10; it must be from -5 to 9");
}

static void
unknown_nicks_and_colors_are_refused(void)
{
    check_refused(with_text("method", "Guided"),
                  "\"method\" is \"Guided\"; it must be one of: deconvnet, guided");
    check_refused(with_text("color", "red"), "it must be a colour like #8040ff");
    check_refused(with_text("color", "#80808g"), "\"color\" is \"#80808g\"");
    check_refused(with_text("color", "#808"), "\"color\" is \"#808\"");
    check_refused(with_text("note", "\xff"), "\"note\" is not UTF-8 text");
    ParamValues *values = with_text("model", "\xff.onnx");
    check(param_check(values, NULL), "file names may have any bytes");
    param_values_free(values);
}

/* --- text and back */

static void
values_survive_text_in_any_language(void)
{
    ParamValues *values = defaults(), *back = defaults();
    setlocale(LC_ALL, "de_DE.UTF-8"); /* "0,1" there, if it is installed */
    param_set_bool(values, "flip", FALSE);
    param_set_int(values, "map", 42);
    param_set_double(values, "share", 0.1);
    param_set_text(values, "note", " a\n\"b\" \\ [c]\tü; 猫");
    param_set_text(values, "labels", "x;y");
    param_set_text(values, "model", "/a b/c=d.onnx");
    param_set_point(values, "point", 3, -4);
    char *text = param_values_save(values);
    param_values_load(back, text);
    char *again = param_values_save(back);
    setlocale(LC_ALL, "C");
    check(g_str_equal(text, again), "the same text again");
    check(g_str_equal(param_text(back, "note"), " a\n\"b\" \\ [c]\tü; 猫"), "a text");
    check(param_double(back, "share") == 0.1, "a double");
    check_text(text, "share=0.1");
    g_free(text);
    g_free(again);
    param_values_free(values);
    param_values_free(back);
}

static void
what_is_unknown_or_forbidden_is_left_out(void)
{
    ParamValues *values = defaults();
    param_values_load(values, "[values]\nmap=1000\nshare=x\nmethod=none\ncolor=#123456\n"
                              "older=1\nflip=maybe\npoint-x=2\n");
    check_int(param_int(values, "map"), -1, "map");
    check(param_double(values, "share") == 0.25, "share");
    check(param_is(values, "method", "guided"), "method");
    check(param_bool(values, "flip"), "flip");
    check(g_str_equal(param_text(values, "color"), "#123456"), "what is good is taken");
    int x, y;
    param_point(values, "point", &x, &y);
    check_int(x, -1, "half a point is none");
    param_values_load(values, "no key file [");
    param_values_load(values, "");
    param_values_load(values, NULL);
    check(g_str_equal(param_text(values, "color"), "#123456"), "nothing changed");
    param_values_free(values);
}

/* --- words */

static void
tables_are_put_in_words(void)
{
    char *help = param_help(params, G_N_ELEMENTS(params));
    check_text(help, "- `flip` (Flip; yes or no, default yes): Yes or no\n");
    check_text(help,
               "- `map` (Feature map; integer from -1 to 99, default -1): Number\n");
    check_text(help, "- `share` (Share; number from 0 to 1, default 0.25): Part\n");
    check_text(help, "- `note` (Note; text, default a note): Any text\n");
    check_text(help,
               "- `method` (Method; one of deconvnet, guided; default guided): How\n");
    check_text(help, "- `labels` (La_bels; text, several separated by \";\"): Which\n");
    check_text(help, "- `model` (Model; file to read): A file\n");
    check_text(help,
               "- `color` (Colour; colour as #rrggbb, default #808080): A colour\n");
    check_text(
        help, "- `point-x`, `point-y` (Point; two integers from -5 to 9, default -1): A");
    g_free(help);
}

CHECK_MAIN(CHECK_TEST(values_begin_with_their_defaults),
           CHECK_TEST(values_are_kept_and_reset),
           CHECK_TEST(lists_are_split_and_trimmed),
           CHECK_TEST(parameters_count_only_with_what_they_hang_on),
           CHECK_TEST(numbers_out_of_range_are_refused),
           CHECK_TEST(unknown_nicks_and_colors_are_refused),
           CHECK_TEST(values_survive_text_in_any_language),
           CHECK_TEST(what_is_unknown_or_forbidden_is_left_out),
           CHECK_TEST(tables_are_put_in_words))
