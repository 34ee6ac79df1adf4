/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data.c: lists the pictures of a folder and the classes that its subfolders name. */

#include "pictures/data.h"
#include "base/fail.h"
#include <string.h>

/* This limit ends the walk in a folder that contains itself by a link. */
#define DEEPEST 16
#define MOST_CLASSES 65535

Item *
item_new(const char *path, const guint16 *shown, gsize n_shown)
{
    Item *item = g_new0(Item, 1);
    item->path = g_strdup(path);
    item->shown = g_new(guint16, n_shown + 1);
    memcpy(item->shown, shown, n_shown * sizeof *shown);
    item->n_shown = n_shown;
    return item;
}

void
item_free(Item *item)
{
    g_free(item->path);
    g_free(item->shown);
    g_free(item);
}

gboolean
data_is_picture(const char *name)
{
    static const char *const endings[] = {"jpg",  "jpeg", "png", "webp", "tif",
                                          "tiff", "exr",  "hdr", "ppm",  "pgm",
                                          "pnm",  "jp2",  "bmp", "gif",  NULL};
    const char *dot = strrchr(name, '.');
    for (int i = 0; dot && dot != name && endings[i]; i++)
        if (g_ascii_strcasecmp(dot + 1, endings[i]) == 0)
            return TRUE;
    return FALSE;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gint
compare_items(gconstpointer a, gconstpointer b)
{
    const Item *const *x = a, *const *y = b;
    return strcmp((*x)->path, (*y)->path);
}

/* Names in a folder, hidden ones left out, sorted. */
static GPtrArray *
list_folder(const char *path, GError **error)
{
    GDir *folder = g_dir_open(path, 0, error);
    if (!folder)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while ((name = g_dir_read_name(folder)))
        if (*name != '.')
            g_ptr_array_add(names, g_strdup(name));
    g_dir_close(folder);
    g_ptr_array_sort(names, compare_names);
    return names;
}

/* relative: to the root, "" for the root itself. */
static gboolean
add_folder(Data *data, const char *relative, guint16 class, int depth, GError **error)
{
    char *path = g_build_filename(data->root, relative, NULL);
    GPtrArray *names = depth > DEEPEST ? NULL : list_folder(path, error);
    gboolean ok = names || depth > DEEPEST;
    for (guint i = 0; ok && names && i < names->len; i++) {
        const char *name = names->pdata[i];
        char *inner = g_strconcat(relative, "/", name, NULL);
        char *full = g_build_filename(path, name, NULL);
        if (data_is_picture(name))
            g_ptr_array_add(data->items, item_new(inner, &class, 1));
        else if (g_file_test(full, G_FILE_TEST_IS_DIR))
            ok = add_folder(data, inner, class, depth + 1, error);
        g_free(full);
        g_free(inner);
    }
    if (names)
        g_ptr_array_unref(names);
    g_free(path);
    return ok;
}

/* The folders of the root are the classes. */
static gboolean
list_classes(Data *data, GError **error)
{
    GPtrArray *names = list_folder(data->root, error);
    if (!names)
        return FALSE;
    GPtrArray *classes = g_ptr_array_new();
    for (guint i = 0; i < names->len; i++) {
        char *path = g_build_filename(data->root, names->pdata[i], NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            g_ptr_array_add(classes, g_strdup(names->pdata[i]));
        g_free(path);
    }
    g_ptr_array_unref(names);
    data->n_classes = classes->len;
    g_ptr_array_add(classes, NULL);
    data->classes = (char **)g_ptr_array_free(classes, FALSE);
    for (gsize i = 0; i < data->n_classes; i++)
        if (!g_utf8_validate(data->classes[i], -1, NULL))
            return fail_input(error, _("A folder in “%s” has a name that is not UTF-8."),
                              data->root);
    return TRUE;
}

static gboolean
check_classes(const Data *data, const char *const *wanted, GError **error)
{
    if (data->n_classes == 0)
        return fail_input(
            error, _("“%s” has no folders of pictures, one for each class."), data->root);
    if (data->n_classes == 1)
        return fail_input(
            error, _("“%s” has one class only, “%s”: there is nothing to tell apart."),
            data->root, data->classes[0]);
    if (data->n_classes > MOST_CLASSES)
        return fail_input(error, _("“%s” has more than %d classes."), data->root,
                          MOST_CLASSES);
    for (gsize i = 0; wanted && (wanted[i] || i < data->n_classes); i++) {
        const char *here = i < data->n_classes ? data->classes[i] : NULL;
        if (!here || !wanted[i] || strcmp(here, wanted[i]) != 0)
            return fail_input(
                error,
                _("“%s” has other classes than were expected: class %d is “%s”, expected: “%s”."),
                data->root, (int)i, here ? here : _("missing"),
                wanted[i] ? wanted[i] : _("none"));
    }
    return TRUE;
}

gboolean
data_check(const Data *data, const GPtrArray *items, const char *what, GError **error)
{
    gsize *count = g_new0(gsize, data->n_classes);
    for (guint i = 0; i < items->len; i++) {
        const Item *item = items->pdata[i];
        for (gsize k = 0; k < item->n_shown; k++)
            count[item->shown[k]]++;
    }
    gboolean ok = TRUE;
    if (items->len == 0)
        ok =
            fail_input(error, _("There are no pictures in “%s” (%s)."), data->root, what);
    for (gsize i = 0; ok && i < data->n_classes; i++)
        if (count[i] == 0)
            ok = fail_input(error, _("The class “%s” has no pictures in “%s” (%s)."),
                            data->classes[i], data->root, what);
    g_free(count);
    return ok;
}

Data *
data_open(const char *root, const char *const *classes, GError **error)
{
    Data *data = g_new0(Data, 1);
    data->root = g_strdup(root);
    data->items = g_ptr_array_new_with_free_func((GDestroyNotify)item_free);
    gboolean ok = list_classes(data, error) && check_classes(data, classes, error);
    for (gsize i = 0; ok && i < data->n_classes; i++)
        ok = add_folder(data, data->classes[i], (guint16)i, 0, error);
    g_ptr_array_sort(data->items, compare_items);
    ok = ok && data_check(data, data->items, _("all"), error);
    if (ok)
        return data;
    data_free(data);
    return NULL;
}

void
data_free(Data *data)
{
    if (!data)
        return;
    g_ptr_array_unref(data->items);
    g_strfreev(data->classes);
    g_free(data->root);
    g_free(data);
}
