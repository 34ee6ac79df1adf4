/* SPDX-License-Identifier: GPL-3.0-or-later */
/* param_line.c: tests of values as a line that a person types. */
#include "base/param_line.h"
#include "check.h"
#include <glib.h>

static const ParamChoice methods[] = {{"plain", "x"}, {"guided", "x"}, {NULL, NULL}};

static const Param params[] = {
    {"map", PARAM_INT, "_Map", "Number", .min = -1, .max = 99, .value = -1},
    {"flip", PARAM_BOOL, "_Flip", "Yes or no", .value = 1},
    {"share", PARAM_DOUBLE, "_Share", "Part", .min = 0, .max = 1, .value = 0.25},
    {"method", PARAM_CHOICE, "Me_thod", "How", .text = "plain", .choices = methods},
    {"point", PARAM_POINT, "_Point", "A pixel", .min = -5, .max = 9, .value = 0},
    {"note", PARAM_STRING, "_Note", "Any text", .text = NULL},
};

static void
check_read(const char *line, const char *wanted)
{
    ParamValues *values = param_values_new(params, G_N_ELEMENTS(params));
    GError *error = NULL;
    int x, y;
    if (!param_line_read(values, line, &error))
        check_fail("%s: %s", line, error->message);
    param_point(values, "point", &x, &y);
    char *got =
        g_strdup_printf("%d %d %g %s %d,%d <%s>", param_int(values, "map"),
                        param_bool(values, "flip"), param_double(values, "share"),
                        param_text(values, "method"), x, y, param_text(values, "note"));
    check_same_text(got, wanted);
    g_free(got);
    g_clear_error(&error);
    param_values_free(values);
}

static void
check_refused(const char *line, const char *part)
{
    ParamValues *values = param_values_new(params, G_N_ELEMENTS(params));
    GError *error = NULL;
    if (param_line_read(values, line, &error))
        check_fail("taken: %s", line);
    else
        check_text(error->message, part);
    g_clear_error(&error);
    param_values_free(values);
}

static void
names_and_values_come_in_turn(void)
{
    check_read("", "-1 1 0.25 plain 0,0 <>");
    check_read("  \t\n", "-1 1 0.25 plain 0,0 <>");
    check_read("map 3", "3 1 0.25 plain 0,0 <>");
    check_read(" share .5\n method guided map 7 ", "7 1 0.5 guided 0,0 <>");
    check_read("point-y 4 point-x -2", "-1 1 0.25 plain -2,4 <>");
    check_read("map 1 map 2", "2 1 0.25 plain 0,0 <>");
}

static void
quotes_hold_blanks(void)
{
    check_read("note \"tabby; tiger cat\" map 2",
               "2 1 0.25 plain 0,0 <tabby; tiger cat>");
    check_read("note \"a \\\"b\\\" \\\\ \\n\"", "-1 1 0.25 plain 0,0 <a \"b\" \\ \\n>");
    check_read("note \"\" map 2", "2 1 0.25 plain 0,0 <>");
    check_read("note #808080", "-1 1 0.25 plain 0,0 <#808080>");
    check_read("note \"open", "-1 1 0.25 plain 0,0 <open>");
}

static void
truth_is_said_as_scripts_say_it(void)
{
    check_read("flip 0", "-1 0 0.25 plain 0,0 <>");
    check_read("flip FALSE", "-1 0 0.25 plain 0,0 <>");
    check_read("flip #f", "-1 0 0.25 plain 0,0 <>");
    check_read("flip 0 flip TRUE", "-1 1 0.25 plain 0,0 <>");
    check_read("flip 0 flip #t", "-1 1 0.25 plain 0,0 <>");
    check_read("flip 0 flip 1", "-1 1 0.25 plain 0,0 <>");
}

static void
what_cannot_be_is_refused(void)
{
    check_refused("map", "“map”");
    check_refused("map three", "three");
    check_refused("map 1.5", "1.5");
    check_refused("map 100", "99");
    check_refused("map \"\"", "“map”");
    check_refused("share nan", "share");
    check_refused("flip maybe", "maybe");
    check_refused("method deep", "guided");
    check_refused("point-x 10", "9");
    check_refused("point 3", "“point”");
    check_refused("mapp 3", "These are known: map, flip, share");
    check_refused("map 3 4", "“4”");
    check_refused("note \xff", "note");
}

CHECK_MAIN(CHECK_TEST(names_and_values_come_in_turn),
           CHECK_TEST(quotes_hold_blanks),
           CHECK_TEST(truth_is_said_as_scripts_say_it),
           CHECK_TEST(what_cannot_be_is_refused))
