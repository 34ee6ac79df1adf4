/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder.c: the files of a folder and those below it. */

#define _POSIX_C_SOURCE 200809L /* lstat(), nanoseconds */
#include "photo/folder.h"
#include "base/fail.h"
#include "base/text.h"
#include "host.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEEPEST 64    /* folders inside each other */
#define MOST_NAMED 10 /* files that were passed over, in one remark */

typedef struct {
    const char *root, *suffix;
    GArray *files;
    GPtrArray *unreadable; /* sentences */
    gboolean flat;         /* not below */
    gsize strange;         /* names that are not UTF-8, if it is flat */
} Search;

static gboolean
has_suffix(const char *name, const char *suffix)
{
    gsize length = strlen(name), tail = suffix ? strlen(suffix) : 0;
    return tail == 0 ||
           (length >= tail && g_ascii_strcasecmp(name + length - tail, suffix) == 0);
}

/* What lies beside pictures and is plainly none: nobody wants to be told. */
static gboolean
is_document(const char *name)
{
    static const char *const beginnings[] = {"readme", "license", "licence", "copying",
                                             "makefile"};
    static const char *const suffixes[] = {
        ".txt", ".md",  ".rst",  ".csv", ".tsv", ".json", ".xml",  ".yaml",
        ".yml", ".ini", ".log",  ".py",  ".sh",  ".html", ".onnx", ".npy",
        ".npz", ".zip", ".docx", ".db",  ".gz",  ".bib",  ".tex",
    };
    gboolean is = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(beginnings) && !is; i++)
        is = g_ascii_strncasecmp(name, beginnings[i], strlen(beginnings[i])) == 0 &&
             !strchr(name, '.');
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes) && !is; i++)
        is = has_suffix(name, suffixes[i]);
    return is;
}

static char *
join(const char *folder, const char *name)
{
    return *folder ? g_strconcat(folder, "/", name, NULL) : g_strdup(name);
}

static void search(Search *search, const char *below, int depth);

static void
search_entry(Search *all, const char *below, const char *entry, int depth)
{
    struct stat link, file;
    char *name = join(below, entry), *path = g_build_filename(all->root, name, NULL);
    if (lstat(path, &link) == 0 && S_ISDIR(link.st_mode)) {
        if (!all->flat)
            search(all, name, depth + 1);
    } else if (all->flat && !g_utf8_validate(entry, -1, NULL)) {
        all->strange++;
    } else if (stat(path, &file) == 0 && S_ISREG(file.st_mode) &&
               has_suffix(entry, all->suffix) && (all->suffix || !is_document(entry))) {
        FolderFile found = {g_strdup(name), (guint64)file.st_size,
                            (gint64)file.st_mtim.tv_sec * 1000000000 +
                                file.st_mtim.tv_nsec};
        g_array_append_val(all->files, found);
    }
    g_free(path);
    g_free(name);
}

static void
search(Search *all, const char *below, int depth)
{
    char *path = g_build_filename(all->root, below, NULL);
    GError *why = NULL;
    GDir *dir = depth < DEEPEST ? g_dir_open(path, 0, &why) : NULL;
    const char *entry;
    while (dir && (entry = g_dir_read_name(dir)))
        if (*entry != '.')
            search_entry(all, below, entry, depth);
    if (dir)
        g_dir_close(dir);
    else
        g_ptr_array_add(all->unreadable,
                        why ? g_strdup(why->message) : g_strdup(_("too deep")));
    g_clear_error(&why);
    g_free(path);
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(((const FolderFile *)a)->name, ((const FolderFile *)b)->name);
}

static void
clear_file(void *file)
{
    g_free(((FolderFile *)file)->name);
}

static gboolean
read_by(Search *all, Folder *folder, const char *path, GError **error)
{
    const char *suffix = all->suffix;
    *folder = (Folder){0};
    if (!*path)
        return fail_input(error, _("No folder is given."));
    char *full = g_canonicalize_filename(path, NULL);
    GError *why = NULL;
    GDir *dir = g_dir_open(full, 0, &why);
    if (!dir) {
        fail_input(error, _("The folder cannot be read: %s."), why->message);
        g_error_free(why);
        g_free(full);
        return FALSE;
    }
    g_dir_close(dir);
    all->root = full;
    all->files = g_array_new(FALSE, FALSE, sizeof(FolderFile));
    search(all, "", 0);
    g_array_sort(all->files, by_name);
    if (!all->files->len) {
        g_array_unref(all->files);
        if (suffix)
            fail_input(error, _("The folder “%s” holds no file that ends in “%s”."), full,
                       suffix);
        else
            fail_input(error, _("The folder “%s” holds no files."), full);
        g_free(full);
        return FALSE;
    }
    *folder = (Folder){full, NULL, all->files->len};
    folder->files = (FolderFile *)(void *)g_array_free(all->files, FALSE);
    return TRUE;
}

gboolean
folder_search(Folder *folder,
              const char *path,
              const char *suffix,
              GPtrArray *unreadable,
              GError **error)
{
    Search all = {.suffix = suffix, .unreadable = unreadable};
    return read_by(&all, folder, path, error);
}

static gboolean
read_aloud(Search *all, Folder *folder, const char *path, GError **error)
{
    all->unreadable = g_ptr_array_new_with_free_func(g_free);
    gboolean ok = read_by(all, folder, path, error);
    folder_tell_skipped(all->unreadable);
    g_ptr_array_unref(all->unreadable);
    return ok;
}

gboolean
folder_read(Folder *folder, const char *path, const char *suffix, GError **error)
{
    Search all = {.suffix = suffix};
    return read_aloud(&all, folder, path, error);
}

gboolean
folder_read_flat(Folder *folder, const char *path, gsize *strange, GError **error)
{
    Search all = {.flat = TRUE};
    gboolean ok = read_aloud(&all, folder, path, error);
    *strange = all.strange;
    return ok;
}

void
folder_clear(Folder *folder)
{
    for (gsize i = 0; i < folder->count; i++)
        clear_file(&folder->files[i]);
    g_free(folder->files);
    g_free(folder->path);
    *folder = (Folder){0};
}

char *
folder_path(const Folder *folder, gsize index)
{
    return g_build_filename(folder->path, folder->files[index].name, NULL);
}

char *
folder_shown(const Folder *folder, gsize index)
{
    return text_valid(g_strdup(folder->files[index].name));
}

/* --- natural order --- */

int
folder_compare_naturally(const char *a, const char *b)
{
    const char *x = a, *y = b;
    while (*x && *y) {
        if (!g_ascii_isdigit(*x) || !g_ascii_isdigit(*y)) {
            if (*x != *y)
                return (guchar)*x < (guchar)*y ? -1 : 1;
            x++;
            y++;
            continue;
        }
        x += strspn(x, "0");
        y += strspn(y, "0");
        gsize digits = strspn(x, "0123456789"), others = strspn(y, "0123456789");
        if (digits != others)
            return digits < others ? -1 : 1;
        int order = strncmp(x, y, digits);
        if (order)
            return order;
        x += digits;
        y += digits;
    }
    if (*x || *y)
        return *x ? 1 : -1;
    return strcmp(a, b); /* "7" and "07" */
}

static int
naturally(const void *a, const void *b)
{
    return folder_compare_naturally(((const FolderFile *)a)->name,
                                    ((const FolderFile *)b)->name);
}

void
folder_sort_naturally(Folder *folder)
{
    qsort(folder->files, folder->count, sizeof *folder->files, naturally);
}

/* --- what was passed over: sentences are text, whatever names are --- */

void
folder_skip(const Folder *folder, gsize file, const GError *why, GPtrArray *skipped)
{
    char *name = folder_shown(folder, file);
    g_ptr_array_add(skipped, strstr(why->message, name)
                                 ? g_strdup(why->message)
                                 : g_strdup_printf("%s: %s", name, why->message));
    g_free(name);
}

void
folder_tell_skipped(const GPtrArray *skipped)
{
    if (!skipped->len)
        return;
    GString *text = g_string_new(NULL);
    /* TRANSLATORS: files of a folder that are no pictures; their names follow. */
    g_string_append_printf(text, _("Skipped (%u):"), skipped->len);
    for (guint i = 0; i < MIN(skipped->len, MOST_NAMED); i++)
        g_string_append_printf(text, "\n%s", (const char *)g_ptr_array_index(skipped, i));
    if (skipped->len > MOST_NAMED)
        g_string_append_printf(text, _("\n… and %u more."), skipped->len - MOST_NAMED);
    host_message(text->str);
    g_string_free(text, TRUE);
}
