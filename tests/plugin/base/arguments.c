/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arguments.c: whatever a script gives for a text, a file or a folder, it gets an answer
 * of bearable length, and soon. */
#define _GNU_SOURCE /* mkfifo() */

#include "actions/top/store.h"
#include "base/load.h"
#include "base/text.h"
#include "check.h"
#include "net/labels.h"
#include "net/net.h"
#include "plugin/fixture/fixture.h"
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LONG_BYTES 100000
#define MOST_SECONDS 60 /* then a signal ends the test */

static char *model, *pictures; /* a net, and a folder of a picture */
static Photo photo;

/* --- one call */

static gboolean
is_path(const Param *param)
{
    return param->type == PARAM_FILE || param->type == PARAM_SAVE ||
           param->type == PARAM_FOLDER;
}

static gboolean
is_text(const Param *param)
{
    return is_path(param) || param->type == PARAM_STRING || param->type == PARAM_PICK ||
           param->type == PARAM_PICKS || param->type == PARAM_CHOICE ||
           param->type == PARAM_COLOR;
}

/* With this text for one argument; the model is a small one, unless it is that. NULL: it
 * was done. Otherwise the error, g_free(). */
static char *
call(const Procedure *procedure, const Param *param, const char *text)
{
    ParamValues *values = param_values_new(procedure->params, procedure->n_params);
    ResultValue *results = g_new0(ResultValue, procedure->n_results);
    for (gsize i = 0; i < procedure->n_params; i++)
        if (g_str_equal(procedure->params[i].name, "model"))
            param_set_text(values, "model", model);
        else if (param->type == PARAM_FOLDER &&
                 g_str_equal(procedure->params[i].name, "pictures"))
            param_set_text(values, "pictures", "folder");
        else if (param->type == PARAM_FOLDER && &procedure->params[i] != param &&
                 (g_str_equal(procedure->params[i].name, "folder") ||
                  g_str_equal(procedure->params[i].name, "images")))
            param_set_text(values, procedure->params[i].name, pictures);
    param_set_text(values, param->name, text);
    HostItem *drawables[1] = {photo.photo};
    Run run = {.image = photo.image,
               .drawables = drawables,
               .n_drawables = 1,
               .values = values,
               .results = results};
    GError *error = NULL;
    memory_host_reset();
    alarm(MOST_SECONDS);
    gboolean ok = procedure_call(procedure, &run, &error);
    alarm(0);
    char *message = ok ? NULL : g_strdup(error->message);
    for (gsize i = 0; i < procedure->n_results; i++)
        result_clear(&results[i]);
    g_clear_error(&error);
    g_free(results);
    param_values_free(values);
    return message;
}

/* --- long ones */

static void
check_length(const Procedure *procedure, const Param *param, const char *text)
{
    if (strlen(text) > TEXT_MOST || !g_utf8_validate(text, -1, NULL))
        check_fail("%s, %s: %zu bytes, \"%.40s...\"", procedure->name, param->name,
                   strlen(text), text);
}

static void
long_texts_do_not_come_back(void)
{
    GString *text = g_string_new(NULL);
    int refused = 0;
    while (text->len < LONG_BYTES)
        g_string_append(text, "aä漢𝄞");
    for (gsize p = 0; procedures[p]; p++)
        for (gsize i = 0; i < procedures[p]->n_params; i++) {
            const Param *param = &procedures[p]->params[i];
            char *message = is_text(param) ? call(procedures[p], param, text->str) : NULL;
            GPtrArray *messages = memory_host()->messages;
            for (guint k = 0; k < messages->len; k++)
                check_length(procedures[p], param, messages->pdata[k]);
            if (message)
                check_length(procedures[p], param, message);
            refused += message != NULL;
            g_free(message);
        }
    check(refused > 50, "most are refused");
    check_say("%d are refused", refused);
    g_string_free(text, TRUE);
}

static void
the_middle_is_left_out(void)
{
    char short_one[] = "as it is";
    check_same_text(text_shorten(short_one), "as it is");
    check(text_shorten(NULL) == NULL, "nothing is nothing");
    for (gsize shift = 0; shift < 8; shift++) {
        GString *text = g_string_new("");
        for (gsize i = 0; i < shift; i++)
            g_string_append_c(text, 'x');
        while (text->len < TEXT_MOST + 1)
            g_string_append(text, "𝄞");
        g_string_append(text, " end");
        text_shorten(text->str);
        check(g_utf8_validate(text->str, -1, NULL), "no character is cut");
        check(strlen(text->str) <= TEXT_MOST && strlen(text->str) > TEXT_MOST - 16,
              "it is as long as it may be");
        check(strstr(text->str, "𝄞…𝄞") && g_str_has_suffix(text->str, " end"),
              "both ends are there");
        g_string_free(text, TRUE);
    }
}

/* --- what is no file */

static char *fifo, *socket_path, *folder;

static void
make_odd_ones(void)
{
    fifo = fixture_path("odd-fifo");
    socket_path = fixture_path("odd-s");
    folder = fixture_path("odd-folder");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, socket_path, sizeof address.sun_path);
    g_assert(bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address,
                  sizeof address) == 0);
    g_assert(mkfifo(fifo, 0600) == 0 && mkdir(folder, 0700) == 0);
}

/* Some are refused for other reasons, whatever the argument is; and of numbers the name
 * that is given is the beginning of names only. */
static void
check_odd(const Procedure *procedure, const Param *param, const char *path)
{
    char *message = call(procedure, param, path), *name = g_path_get_basename(path);
    gboolean named = message && strstr(message, name);
    named = named || g_str_has_suffix(procedure->name, "-whole"); /* a result tells */
    char *usual = named ? NULL : call(procedure, param, param->text ? param->text : "");
    gboolean same = usual && message && g_str_equal(usual, message);
    if (!same && !named && !(param->type == PARAM_SAVE && !message))
        check_fail("%s, %s of %s: %s", procedure->name, param->name, path,
                   message ? message : "done");
    g_free(name);
    g_free(message);
    g_free(usual);
}

static void
an_odd_file_is_refused_and_stays(void)
{
    const char *const odd[] = {fifo, socket_path, "/dev/zero"};
    for (gsize p = 0; procedures[p]; p++)
        for (gsize i = 0; i < procedures[p]->n_params; i++)
            for (gsize o = 0; is_path(&procedures[p]->params[i]) && o < 3; o++) {
                const Param *param = &procedures[p]->params[i];
                struct stat before, now;
                g_assert(stat(odd[o], &before) == 0);
                check_odd(procedures[p], param, odd[o]);
                check(stat(odd[o], &now) == 0 && now.st_mode == before.st_mode,
                      "it is what it was");
            }
}

/* By functions that read what stands in a card, beside a model, or in a cache. */
static void
files_that_are_read_by_name_may_be_odd(void)
{
    const char *const odd[] = {fifo,        socket_path, "/dev/zero",
                               "/dev/full", folder,      "/nowhere/at-all"};
    for (gsize o = 0; o < G_N_ELEMENTS(odd); o++) {
        GError *error = NULL;
        Labels labels;
        TopRequest request = {0};
        TopIndex index;
        GKeyFile *keys = g_key_file_new();
        alarm(MOST_SECONDS);
        check(!labels_read(&labels, odd[o], &error) && error, "no list of names");
        g_clear_error(&error);
        check(!load_keys(keys, odd[o], G_KEY_FILE_NONE, &error) && error, "no keys");
        g_clear_error(&error);
        check(!top_store_load(odd[o], "", &request, 1, &index), "no index");
        alarm(0);
        g_clear_error(&error);
        g_key_file_unref(keys);
    }
    fixture_write("empty", "");
    char *empty = fixture_path("empty"), *text;
    gsize size;
    check(load_bytes(empty, 0, &text, &size, NULL), "an empty file is read");
    check_same_text(text, "");
    g_free(text);
    g_free(empty);
}

static void
an_odd_card_is_named(void)
{
    char *card = fixture_path("red.ini");
    const Param *param = &procedure_classify.params[0];
    g_assert(unlink(card) == 0 && mkfifo(card, 0600) == 0);
    net_forget();
    char *message = call(&procedure_classify, param, model);
    check_text(message ? message : "",
               "red.ini” cannot be read: it is not a regular file");
    g_assert(unlink(card) == 0);
    g_free(message);
    g_free(card);
}

static const CheckTest tests[] = {
    CHECK_TEST(long_texts_do_not_come_back),
    CHECK_TEST(the_middle_is_left_out),
    CHECK_TEST(an_odd_file_is_refused_and_stays),
    CHECK_TEST(files_that_are_read_by_name_may_be_odd),
    CHECK_TEST(an_odd_card_is_named),
};

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    make_odd_ones();
    model = fixture_red_net();
    fixture_picture("shots/gray.png", 1, 1, (float[]){0.5F, 0.5F, 0.5F});
    pictures = fixture_path("shots");
    photo = fixture_noise(16, 16);
    int status = check_run(tests, G_N_ELEMENTS(tests));
    fixture_free(&photo);
    g_free(pictures);
    g_free(model);
    fixture_end();
    return status;
}
