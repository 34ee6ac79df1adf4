/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words_json.c: reads the JSON files of Hugging Face and timm beside a model. */

#include "base/load.h"
#include "net/words_private.h"
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

/* A list of a thousand names in JSON is some 30 kB. */
#define MOST_BYTES ((gsize)4 << 20)
#define DEEPEST 64

/* --- values --- */

static double
number_of(JsonNode *node, double fallback)
{
    if (!node || !JSON_NODE_HOLDS_VALUE(node))
        return fallback;
    GType type = json_node_get_value_type(node);
    return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double(node)
                                                         : fallback;
}

static Numbers
numbers_of_node(JsonNode *node)
{
    Numbers numbers = {0};
    JsonArray *array =
        node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    guint count = array ? json_array_get_length(array) : 0;
    if (count > G_N_ELEMENTS(numbers.values))
        return numbers;
    for (guint i = 0; i < count; i++) {
        JsonNode *element = json_array_get_element(array, i);
        double value = number_of(element, INFINITY);
        if (!(fabs(value) <= WORDS_LARGEST_NUMBER))
            return (Numbers){0};
        numbers.values[numbers.count++] = value;
    }
    return numbers;
}

static JsonNode *
member(JsonObject *object, const char *name)
{
    return object && json_object_has_member(object, name)
               ? json_object_get_member(object, name)
               : NULL;
}

static JsonObject *
object_of(JsonNode *node)
{
    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static gboolean
is_boolean(JsonNode *node, gboolean value)
{
    return node && JSON_NODE_HOLDS_VALUE(node) &&
           json_node_get_value_type(node) == G_TYPE_BOOLEAN &&
           json_node_get_boolean(node) == value;
}

/* {"height": 224, "width": 224}, {"shortest_edge": 224} or 224. */
static void
take_json_size(Words *words, JsonNode *node)
{
    JsonObject *object = object_of(node);
    double edge = number_of(object ? member(object, "shortest_edge") : node, 0);
    words_take_size(words, number_of(member(object, "height"), edge),
                    number_of(member(object, "width"), edge));
}

/* --- files --- */

/* preprocessor_config.json of Hugging Face's image processors. */
static void
read_processor(Words *words, JsonObject *root, const char *name)
{
    if (!is_boolean(member(root, "do_center_crop"), FALSE))
        take_json_size(words, member(root, "crop_size"));
    take_json_size(words, member(root, "size"));
    if (words->preparation)
        return;
    Numbers mean = numbers_of_node(member(root, "image_mean"));
    Numbers std = numbers_of_node(member(root, "image_std"));
    gboolean rescales = !is_boolean(member(root, "do_rescale"), FALSE);
    double factor = rescales ? number_of(member(root, "rescale_factor"), 1.0 / 255) : 1;
    /* MobileViT's programs know no mean and feed B G R. */
    gboolean bgr = is_boolean(member(root, "do_flip_channel_order"), TRUE);
    if (is_boolean(member(root, "do_normalize"), FALSE) || (bgr && !mean.count)) {
        mean = (Numbers){1, {0}};
        std = (Numbers){0};
    }
    if (!(factor > 0 && factor < WORDS_LARGEST_NUMBER) || !mean.count ||
        !words_take_statistics(words, &mean, &std, 255 * factor))
        return;
    words->how.bgr = bgr;
    if (rescales && is_boolean(member(root, "rescale_offset"), TRUE))
        for (int c = 0; c < 3; c++)
            words->how.mean[c] += 1; /* EfficientNet's: rescaled to -1 ... 1 */
    words_said_by(words, name);
}

static void
take_json_names(Words *words, JsonNode *node, const char *name)
{
    if (!node)
        return;
    char *text = json_to_string(node, FALSE);
    words_add_names(words, text, name);
    g_free(text);
}

/* config.json: names of Hugging Face's, all of timm's. */
static void
read_config(Words *words, JsonObject *root, const char *name)
{
    take_json_names(words, member(root, "id2label"), name);
    take_json_names(words, member(root, "label_names"), name);
    JsonObject *timm = object_of(member(root, "pretrained_cfg"));
    if (!timm)
        return;
    Numbers size = numbers_of_node(member(timm, "input_size"));
    if (size.count == 3)
        words_take_size(words, size.values[1], size.values[2]);
    Numbers mean = numbers_of_node(member(timm, "mean"));
    Numbers std = numbers_of_node(member(timm, "std"));
    if (!words->preparation && mean.count && words_take_statistics(words, &mean, &std, 1))
        words_said_by(words, name);
}

/* TRUE if the text is strict JSON (no comments, no other quotes) and not nested deeper
 * than the parser, which is recursive, can go. */
static gboolean
is_plain_json(const char *text, gsize length)
{
    int depth = 0;
    gboolean inside = FALSE; /* a string */
    for (gsize i = 0; i < length; i++) {
        if (inside && text[i] == '\\') {
            i++;
        } else if (text[i] == '"') {
            inside = !inside;
        } else if (inside) {
            continue;
        } else if (text[i] == '{' || text[i] == '[') {
            if (++depth > DEEPEST)
                return FALSE;
        } else if (text[i] == '}' || text[i] == ']') {
            depth--;
        } else if (!g_ascii_isalnum(text[i]) && !strchr(":,+-. \t\r\n", text[i])) {
            return FALSE;
        }
    }
    return !inside && depth == 0;
}

static JsonObject *
parse(JsonParser *parser, const char *text, gsize length)
{
    if (length == 0 || length > MOST_BYTES || memchr(text, '\0', length) ||
        !is_plain_json(text, length) ||
        !json_parser_load_from_data(parser, text, (gssize)length, NULL))
        return NULL;
    return object_of(json_parser_get_root(parser));
}

static void
read_json(Words *words,
          const char *folder,
          const char *name,
          void (*read)(Words *, JsonObject *, const char *))
{
    char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    gsize size;
    JsonParser *parser = json_parser_new();
    JsonObject *root = load_bytes(path, LOAD_MOST_TEXT, &text, &size, NULL)
                           ? parse(parser, text, size)
                           : NULL;
    if (root)
        read(words, root, name);
    g_object_unref(parser);
    g_free(text);
    g_free(path);
}

void
words_read_json(Words *words, const char *folder)
{
    read_json(words, folder, "preprocessor_config.json", read_processor);
    read_json(words, folder, "config.json", read_config);
}
