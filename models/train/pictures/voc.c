/* SPDX-License-Identifier: GPL-3.0-or-later */
/* voc.c: reads PASCAL VOC's annotations and lists of pictures. */

#include "pictures/voc.h"
#include "base/fail.h"
#include "base/load.h"
#include <string.h>

#define MOST_BYTES ((gsize)64 << 20)
#define MOST_CLASSES 65535

static char *
list_path(const char *root, const char *list)
{
    char *name = g_strconcat(list, ".txt", NULL);
    char *path = g_build_filename(root, "ImageSets", "Main", name, NULL);
    g_free(name);
    return path;
}

gboolean
voc_is(const char *root)
{
    char *images = g_build_filename(root, "JPEGImages", NULL);
    char *annotations = g_build_filename(root, "Annotations", NULL);
    gboolean is = g_file_test(images, G_FILE_TEST_IS_DIR) &&
                  g_file_test(annotations, G_FILE_TEST_IS_DIR);
    g_free(annotations);
    g_free(images);
    return is;
}

gboolean
voc_has(const char *root, const char *list)
{
    char *path = list_path(root, list);
    gboolean has = g_file_test(path, G_FILE_TEST_IS_REGULAR);
    g_free(path);
    return has;
}

/* --- one annotation --- */

/* The objects of a picture, as far as they are read. */
typedef struct {
    GPtrArray *names; /* of objects, may repeat */
    char *name;
    gboolean difficult;
} Annotation;

/* How deep the element lies is known to the parser: /annotation/object/name, not the
 * name of a part of it. */
static gboolean
is_inside(GMarkupParseContext *context, const char *element)
{
    const GSList *stack = g_markup_parse_context_get_element_stack(context);
    return g_slist_length((GSList *)stack) == 3 && strcmp(stack->data, element) == 0 &&
           strcmp(stack->next->data, "object") == 0;
}

static void
take_text(GMarkupParseContext *context,
          const char *text,
          gsize length,
          gpointer user,
          GError **error)
{
    Annotation *a = user;
    (void)error;
    if (is_inside(context, "name")) {
        g_free(a->name);
        a->name = g_strstrip(g_strndup(text, length));
    } else if (is_inside(context, "difficult")) {
        a->difficult = length > 0 && text[0] == '1';
    }
}

static void
end_element(GMarkupParseContext *context,
            const char *element,
            gpointer user,
            GError **error)
{
    Annotation *a = user;
    (void)context;
    (void)error;
    if (strcmp(element, "object") != 0)
        return;
    if (a->name && !a->difficult)
        g_ptr_array_add(a->names, g_steal_pointer(&a->name));
    g_clear_pointer(&a->name, g_free);
    a->difficult = FALSE;
}

/* Names of what the picture shows; NULL with an error. */
static GPtrArray *
read_annotation(const char *path, GError **error)
{
    static const GMarkupParser parser = {.text = take_text, .end_element = end_element};
    char *text;
    gsize size;
    if (!load_bytes(path, MOST_BYTES, &text, &size, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    Annotation a = {.names = g_ptr_array_new_with_free_func(g_free)};
    GMarkupParseContext *context =
        g_markup_parse_context_new(&parser, G_MARKUP_DEFAULT_FLAGS, &a, NULL);
    gboolean ok = g_markup_parse_context_parse(context, text, (gssize)size, error) &&
                  g_markup_parse_context_end_parse(context, error);
    g_markup_parse_context_free(context);
    g_free(text);
    g_free(a.name);
    if (ok)
        return a.names;
    g_ptr_array_unref(a.names);
    g_prefix_error(error, "%s: ", path);
    return NULL;
}

/* --- the list --- */

/* Names of pictures without ".jpg", in the order of the file; NULL with an error. */
static GPtrArray *
read_list(const char *path, GError **error)
{
    char *text;
    gsize size;
    if (!load_bytes(path, LOAD_MOST_TEXT, &text, &size, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        char **words = g_strsplit_set(g_strstrip(*line), " \t", 2);
        if (words[0] && *words[0])
            g_ptr_array_add(names, g_strdup(words[0]));
        g_strfreev(words);
    }
    g_strfreev(lines);
    g_free(text);
    return names;
}

static GPtrArray *
list_annotations(const char *root, GError **error)
{
    char *path = g_build_filename(root, "Annotations", NULL);
    GDir *folder = g_dir_open(path, 0, error);
    g_free(path);
    if (!folder)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while ((name = g_dir_read_name(folder)))
        if (g_str_has_suffix(name, ".xml"))
            g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(".xml")));
    g_dir_close(folder);
    return names;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* --- all of it --- */

/* shown: by picture, the names of what it shows. */
static void
name_classes(Data *data, GPtrArray **shown, gsize count, const char *const *classes)
{
    if (classes) {
        data->classes = g_strdupv((char **)(gpointer)classes);
        data->n_classes = g_strv_length(data->classes);
        return;
    }
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *names = g_ptr_array_new();
    for (gsize i = 0; i < count; i++)
        for (guint k = 0; k < shown[i]->len; k++)
            if (g_hash_table_add(seen, shown[i]->pdata[k]))
                g_ptr_array_add(names, g_strdup(shown[i]->pdata[k]));
    g_ptr_array_sort(names, compare_names);
    data->n_classes = names->len;
    g_ptr_array_add(names, NULL);
    data->classes = (char **)g_ptr_array_free(names, FALSE);
    g_hash_table_unref(seen);
}

static gboolean
add_item(Data *data, const char *name, const GPtrArray *shown, GError **error)
{
    guint16 *classes = g_new(guint16, shown->len + 1);
    gsize n = 0;
    gboolean ok = TRUE;
    for (guint k = 0; ok && k < shown->len; k++) {
        gsize class = 0, i = 0;
        while (class < data->n_classes &&
               strcmp(data->classes[class], shown->pdata[k]) != 0)
            class ++;
        if (class == data->n_classes)
            ok = fail_input(error, _("“%s” shows “%s”, which is none of the classes."),
                            name, (const char *)shown->pdata[k]);
        while (i < n && classes[i] != class)
            i++;
        if (ok && i == n)
            classes[n++] = (guint16) class;
    }
    char *path = g_strconcat("JPEGImages/", name, ".jpg", NULL);
    if (ok)
        g_ptr_array_add(data->items, item_new(path, classes, n));
    g_free(path);
    g_free(classes);
    return ok;
}

static gboolean
fill(Data *data, GPtrArray *names, const char *const *classes, GError **error)
{
    GPtrArray **shown = g_new0(GPtrArray *, names->len + 1);
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < names->len; i++) {
        char *file = g_strconcat(names->pdata[i], ".xml", NULL);
        char *path = g_build_filename(data->root, "Annotations", file, NULL);
        shown[i] = read_annotation(path, error);
        ok = shown[i] != NULL;
        g_free(path);
        g_free(file);
    }
    if (ok) {
        name_classes(data, shown, names->len, classes);
        if (data->n_classes < 2 || data->n_classes > MOST_CLASSES)
            ok = fail_input(
                error,
                _("The pictures of “%s” show %d classes: from 2 to %d are needed."),
                data->root, (int)data->n_classes, MOST_CLASSES);
    }
    for (guint i = 0; ok && i < names->len; i++)
        ok = add_item(data, names->pdata[i], shown[i], error);
    for (guint i = 0; i < names->len && shown[i]; i++)
        g_ptr_array_unref(shown[i]);
    g_free(shown);
    return ok;
}

Data *
voc_open(const char *root, const char *list, const char *const *classes, GError **error)
{
    char *path = list ? list_path(root, list) : NULL;
    GPtrArray *names = list ? read_list(path, error) : list_annotations(root, error);
    g_free(path);
    if (!names)
        return NULL;
    g_ptr_array_sort(names, compare_names);
    Data *data = g_new0(Data, 1);
    data->root = g_strdup(root);
    data->several = TRUE;
    data->items = g_ptr_array_new_with_free_func((GDestroyNotify)item_free);
    gboolean ok = fill(data, names, classes, error) &&
                  data_check(data, data->items, list ? list : _("all"), error);
    g_ptr_array_unref(names);
    if (ok)
        return data;
    data_free(data);
    return NULL;
}
