/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data.c: folders of pictures, and how they are split. */

#include "pictures/data.h"
#include "check.h"
#include "models/fixture/fixture.h"
#include "pictures/parts.h"
#include "pictures/voc.h"

static void
put(const char *folder, const char *name)
{
    fixture_file(folder, name, "x", 1);
}

static void
folders_are_classes_and_files_sorted(void)
{
    char *folder = fixture_folder();
    put(folder, "dog/b.jpg");
    put(folder, "dog/deep/er/a.PNG");
    put(folder, "cat/z.jpeg");
    put(folder, "cat/notes.txt");
    put(folder, "cat/.hidden.jpg");
    put(folder, "readme.jpg");
    GError *error = NULL;
    Data *data = data_open(folder, NULL, &error);
    if (check(data != NULL, error ? error->message : "")) {
        check_int((long long)data->n_classes, 2, "classes");
        check_text(data->classes[0], "cat");
        check_int(data->items->len, 3, "pictures");
        static const char *const paths[] = {"cat/z.jpeg", "dog/b.jpg",
                                            "dog/deep/er/a.PNG"};
        for (guint i = 0; i < 3 && i < data->items->len; i++) {
            const Item *item = data->items->pdata[i];
            check(g_str_equal(item->path, paths[i]), item->path);
            check_int(item->shown[0], i > 0, "class");
        }
    }
    data_free(data);
    fixture_remove(folder);
}

static void
refused(const char *folder, const char *const *classes, const char *sentence)
{
    GError *error = NULL;
    Data *data = data_open(folder, classes, &error);
    if (check(!data && error, sentence))
        check_text(error->message, sentence);
    g_clear_error(&error);
    data_free(data);
}

static void
bad_folders_are_told(void)
{
    char *folder = fixture_folder();
    refused(folder, NULL, "has no folders of pictures");
    put(folder, "cat/a.jpg");
    refused(folder, NULL, "has one class only, “cat”");
    put(folder, "dog/a.txt");
    refused(folder, NULL, "The class “dog” has no pictures");
    put(folder, "dog/a.jpg");
    refused(folder, (const char *const[]){"cat", "hen", NULL},
            "class 1 is “dog”, expected: “hen”");
    refused(folder, (const char *const[]){"cat", NULL},
            "class 1 is “dog”, expected: “none”");
    refused(folder, (const char *const[]){"cat", "dog", "hen", NULL},
            "class 2 is “missing”, expected: “hen”");
    fixture_remove(folder);
    refused("/nowhere/at/all", NULL, "/nowhere/at/all");
}

/* 3 classes of n pictures that are only names. */
static Data *
names(guint n)
{
    Data *data = g_new0(Data, 1);
    data->n_classes = 3;
    data->classes = g_strsplit("a b c", " ", -1);
    data->items = g_ptr_array_new_with_free_func((GDestroyNotify)item_free);
    for (guint16 class = 0; class < 3; class ++)
        for (guint i = 0; i < n; i++) {
            char *path = g_strdup_printf("%c/%04u.jpg", 'a' + class, i);
            g_ptr_array_add(data->items, item_new(path, &class, 1));
            g_free(path);
        }
    return data;
}

static gboolean
has(const GPtrArray *items, const Item *item)
{
    return g_ptr_array_find((GPtrArray *)items, item, NULL);
}

static void
each_picture_is_in_one_part(void)
{
    Data *data = names(1000);
    Parts parts;
    parts_split(&parts, data,
                &(PartsOptions){.held_out = 0.2, .choose = TRUE, .seed = 1});
    check_int(parts.train->len + parts.choose->len + parts.held_out->len, 3000, "all");
    /* Three standard deviations of a binomial distribution. */
    check(ABS((int)parts.held_out->len - 600) < 66, "a fifth is held out");
    check(ABS((int)parts.choose->len - 240) < 45, "a tenth of the rest chooses");
    for (guint i = 0; i < data->items->len; i++) {
        const Item *item = data->items->pdata[i];
        check_int(has(parts.train, item) + has(parts.choose, item) +
                      has(parts.held_out, item),
                  1, item->path);
    }
    parts_clear(&parts);
    data_free(data);
}

static void
a_picture_keeps_its_place_when_others_go(void)
{
    Data *many = names(100), *few = names(50);
    Parts a, b, other;
    PartsOptions options = {.held_out = 0.2, .seed = 5};
    parts_split(&a, many, &options);
    parts_split(&b, few, &options);
    options.seed = 6;
    parts_split(&other, many, &options);
    guint found = 0, same = 0;
    for (guint i = 0; i < b.held_out->len; i++)
        for (guint k = 0; k < a.held_out->len; k++)
            found += g_str_equal(((Item *)b.held_out->pdata[i])->path,
                                 ((Item *)a.held_out->pdata[k])->path);
    for (guint i = 0; i < a.held_out->len; i++)
        same += has(other.held_out, a.held_out->pdata[i]);
    check_int(found, b.held_out->len, "held out of fewer, and of many");
    check(same < a.held_out->len / 2, "another seed, another split");
    parts_clear(&a);
    parts_clear(&b);
    parts_clear(&other);
    data_free(many);
    data_free(few);
}

static void
so_many_of_each_class(void)
{
    Data *data = names(40);
    Parts parts;
    parts_split(&parts, data,
                &(PartsOptions){.train_a_class = 15, .test_a_class = 20, .seed = 1});
    check_int(parts.train->len, 45, "to learn from");
    check_int(parts.held_out->len, 60, "held out");
    guint of_class[3] = {0};
    for (guint i = 0; i < parts.train->len; i++)
        of_class[((Item *)parts.train->pdata[i])->shown[0]]++;
    check_int(of_class[0], 15, "of the first");
    check_int(of_class[2], 15, "of the last");
    parts_clear(&parts);
    data_free(data);
}

/* --- PASCAL VOC --- */

#define OBJECT(name, difficult)                                                          \
    "<object><name>" name "</name><part><name>head</name></part><difficult>" difficult   \
    "</difficult></object>"

static void
annotate(const char *folder, const char *name, const char *objects)
{
    char *file = g_strdup_printf("Annotations/%s.xml", name);
    char *text = g_strdup_printf("<annotation><filename>%s.jpg</filename>%s</annotation>",
                                 name, objects);
    char *picture = g_strdup_printf("JPEGImages/%s.jpg", name);
    fixture_file(folder, file, text, strlen(text));
    put(folder, picture);
    g_free(picture);
    g_free(text);
    g_free(file);
}

static void
voc_pictures_show_several_things(void)
{
    char *folder = fixture_folder();
    annotate(folder, "1", OBJECT("dog", "0") OBJECT("cat", "0") OBJECT("dog", "0"));
    annotate(folder, "2", OBJECT("cat", "1") OBJECT("hen", "0"));
    annotate(folder, "3", "");
    fixture_file(folder, "ImageSets/Main/train.txt", "2\n1  1\n", 7);
    check(voc_is(folder), "the layout is known");
    check(voc_has(folder, "train") && !voc_has(folder, "val"), "its lists");
    GError *error = NULL;
    Data *data = voc_open(folder, "train", NULL, &error);
    if (check(data != NULL, error ? error->message : "")) {
        check_int((long long)data->n_classes, 3, "classes, none of them a head");
        check_int(data->items->len, 2, "pictures of the list");
        const Item *first = data->items->pdata[0], *second = data->items->pdata[1];
        check(g_str_equal(first->path, "JPEGImages/1.jpg"), first->path);
        check_int((long long)first->n_shown, 2, "a cat and a dog");
        check_int((long long)second->n_shown, 1, "no difficult cat");
        check_int(second->shown[0], 2, "a hen");
    }
    data_free(data);
    check(!voc_open(folder, "train", (const char *const[]){"cat", "dog", NULL}, &error),
          "hens are unknown");
    check_text(error->message, "shows “hen”, which is none of the classes");
    g_clear_error(&error);
    fixture_file(folder, "Annotations/3.xml", "<annotation><object>", 20);
    check(!voc_open(folder, NULL, NULL, &error), "a damaged annotation");
    check_text(error->message, "3.xml");
    g_clear_error(&error);
    fixture_remove(folder);
}

CHECK_MAIN(CHECK_TEST(folders_are_classes_and_files_sorted),
           CHECK_TEST(bad_folders_are_told),
           CHECK_TEST(each_picture_is_in_one_part),
           CHECK_TEST(a_picture_keeps_its_place_when_others_go),
           CHECK_TEST(so_many_of_each_class),
           CHECK_TEST(voc_pictures_show_several_things))
