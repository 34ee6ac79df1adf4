/* SPDX-License-Identifier: GPL-3.0-or-later */
/* card_file.c: where cards lie, and writing one. */

#include "net/card_file.h"
#include "base/fail.h"
#include "base/save.h"
#include "net/hash.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* Digits of the hash in a name. */
#define DIGITS 16

/* The keys of [input] that say how pictures are prepared. */
static const char *const keys[] = {"order", "range", "gamma", "mean", "std"};

/* --- paths --- */

/* "net.onnx" without its suffix. g_free(). */
static char *
stem(const char *path)
{
    char *name = g_path_get_basename(path);
    char *dot = strrchr(name, '.');
    if (dot && dot != name)
        *dot = '\0';
    return name;
}

char *
card_file_beside(const char *model_path)
{
    char *folder = g_path_get_dirname(model_path), *name = stem(model_path);
    char *file_name = g_strconcat(name, ".ini", NULL);
    char *path = g_build_filename(folder, file_name, NULL);
    g_free(file_name);
    g_free(name);
    g_free(folder);
    return path;
}

static char *
users_folder(void)
{
    return g_build_filename(g_get_user_config_dir(), "featurescope", "cards", NULL);
}

char *
card_file_of_user(const char *model_path)
{
    char *hash = hash_file(model_path);
    if (!hash)
        return NULL;
    char *folder = users_folder(), *name = stem(model_path);
    char *file_name = g_strdup_printf("%s-%.*s.ini", name, DIGITS, hash);
    char *path = g_build_filename(folder, file_name, NULL);
    g_free(file_name);
    g_free(name);
    g_free(folder);
    g_free(hash);
    return path;
}

/* The same, if the file is there. A large model is not summed up unless the user has a
 * card for one of its name. */
static char *
users_card(const char *model_path)
{
    char *folder = users_folder(), *name = stem(model_path), *path = NULL;
    gsize length = strlen(name);
    GDir *dir = g_dir_open(folder, 0, NULL);
    gboolean any = FALSE;
    for (const char *entry; dir && !any && (entry = g_dir_read_name(dir));)
        any = g_str_has_prefix(entry, name) && entry[length] == '-';
    if (any)
        path = card_file_of_user(model_path);
    if (path && !g_file_test(path, G_FILE_TEST_EXISTS))
        g_clear_pointer(&path, g_free);
    if (dir)
        g_dir_close(dir);
    g_free(name);
    g_free(folder);
    return path;
}

/* --- reading --- */

/* NULL with an error: there is a card, but it is none. */
static GKeyFile *
load(const char *path, GError **error)
{
    GError *why = NULL;
    GKeyFile *file = g_key_file_new();
    if (g_key_file_load_from_file(
            file, path, G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, &why))
        return file;
    g_key_file_unref(file);
    fail_input(error, _("The model's card “%s” cannot be read: %s"), path, why->message);
    g_error_free(why);
    return NULL;
}

static gboolean
says_preparation(GKeyFile *file)
{
    gboolean says = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        says = says || g_key_file_has_key(file, "input", keys[i], NULL);
    return says;
}

static void
copy_preparation(GKeyFile *to, GKeyFile *from)
{
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        char *value = g_key_file_get_value(from, "input", keys[i], NULL);
        if (value)
            g_key_file_set_value(to, "input", keys[i], value);
        g_free(value);
    }
}

/* The user's card tells what the one beside the model is silent about. */
static gboolean
add_users(GKeyFile **file, char **path, const char *model_path, GError **error)
{
    char *own = users_card(model_path);
    GKeyFile *from = own ? load(own, error) : NULL;
    gboolean ok = !own || from;
    if (from && *file)
        copy_preparation(*file, from);
    else if (from)
        *file = g_key_file_ref(from);
    if (from) {
        g_free(*path);
        *path = g_steal_pointer(&own);
        g_key_file_unref(from);
    }
    g_free(own);
    return ok;
}

gboolean
card_file_open(GKeyFile **file, char **path, const char *model_path, GError **error)
{
    *file = NULL;
    *path = card_file_beside(model_path);
    gboolean ok = TRUE;
    if (g_file_test(*path, G_FILE_TEST_EXISTS)) {
        *file = load(*path, error);
        ok = *file != NULL;
    }
    if (ok && !(*file && says_preparation(*file)))
        ok = add_users(file, path, model_path, error);
    if (!ok)
        g_clear_pointer(file, g_key_file_unref);
    if (!*file)
        g_clear_pointer(path, g_free);
    return ok;
}

/* --- writing --- */

/* Numbers as a card has them: a point in every language, one for all if they are alike. */
static void
set_numbers(GKeyFile *file, const char *key, const float *values, int count)
{
    GString *text = g_string_new(NULL);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    gboolean alike = count == 3 && values[0] == values[1] && values[1] == values[2];
    for (int i = 0; i < (alike ? 1 : count); i++) {
        g_ascii_formatd(number, sizeof number, "%.7g", (double)values[i] + 0.0);
        g_string_append_printf(text, "%s%s", i ? ";" : "", number);
    }
    g_key_file_set_value(file, "input", key, text->str);
    g_string_free(text, TRUE);
}

/* A mean that is one number for all is written as what black and white become. */
static void
say(GKeyFile *file, const DcnPreprocessing *how, int channels)
{
    const float *m = how->mean, zeroes[3] = {0};
    int count = channels == 1 ? 1 : 3;
    gboolean alike = count == 1 || (m[0] == m[1] && m[1] == m[2]);
    float ends[2] = {alike ? -m[0] : 0, alike ? how->range - m[0] : how->range};
    if (channels == 3)
        g_key_file_set_value(file, "input", "order", how->bgr ? "BGR" : "RGB");
    set_numbers(file, "range", ends, 2);
    set_numbers(file, "mean", alike ? zeroes : m, count);
    set_numbers(file, "std", how->std, count);
    if (how->linear)
        g_key_file_set_value(file, "input", "gamma", "linear");
    else
        g_key_file_remove_key(file, "input", "gamma", NULL);
}

/* why: of the writing alone; *error is set if the card there cannot be read. */
static gboolean
write_at(const char *path,
         const char *model_path,
         const DcnPreprocessing *how,
         int channels,
         GError **why,
         GError **error)
{
    gboolean there = g_file_test(path, G_FILE_TEST_EXISTS);
    GKeyFile *file = there ? load(path, error) : g_key_file_new();
    if (!file)
        return FALSE;
    say(file, how, channels);
    if (!there) {
        char *name = g_path_get_basename(model_path);
        char *comment = g_strdup_printf(
            " How Featurescope prepares pictures for %s, as was chosen in a check.",
            name);
        g_key_file_set_comment(file, NULL, NULL, comment, NULL);
        g_free(comment);
        g_free(name);
    }
    gboolean ok = save_keys(path, file, why);
    g_key_file_unref(file);
    return ok;
}

/* Beside the model nothing can be written. */
static gboolean
write_users(const char *model_path,
            const DcnPreprocessing *how,
            int channels,
            const char *beside,
            const char *why,
            char **path,
            GError **error)
{
    GKeyFile *there =
        g_file_test(beside, G_FILE_TEST_EXISTS) ? load(beside, error) : NULL;
    gboolean said = there && says_preparation(there);
    if (there)
        g_key_file_unref(there);
    if (said)
        return fail_run(
            error,
            _("The card “%s” says how pictures are prepared, and cannot be changed: %s"),
            beside, why);
    GError *failed = NULL;
    char *folder = users_folder(), *own = card_file_of_user(model_path);
    gboolean ok = own && g_mkdir_with_parents(folder, 0700) == 0 &&
                  write_at(own, model_path, how, channels, &failed, error);
    if (ok)
        *path = g_steal_pointer(&own);
    else if (!error || !*error)
        fail_run(error, _("No card can be written: %s"),
                 failed ? failed->message : g_strerror(errno));
    g_clear_error(&failed);
    g_free(own);
    g_free(folder);
    return ok;
}

gboolean
card_file_write(const char *model_path,
                const DcnPreprocessing *how,
                int channels,
                char **path,
                GError **error)
{
    GError *why = NULL, *unread = NULL;
    char *beside = card_file_beside(model_path);
    *path = NULL;
    gboolean ok = write_at(beside, model_path, how, channels, &why, &unread);
    if (ok)
        *path = g_strdup(beside);
    else if (why)
        ok = write_users(model_path, how, channels, beside, why->message, path, error);
    else
        g_propagate_error(error, unread);
    g_clear_error(&why);
    g_free(beside);
    return ok;
}
