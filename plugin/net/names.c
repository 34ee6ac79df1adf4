/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.c: lists of class names as programs write them. */

#include "net/names.h"
#include <string.h>

/* No net has more classes; a key beyond is a mistake. */
#define MOST_NAMES 1000000

/* Keys may leave gaps, up to this many names for each that is given: this limits the
 * length of a list that a short text can make. */
#define MOST_GAPS 16

static const char *
skip_blank(const char *at)
{
    while (g_ascii_isspace(*at))
        at++;
    return at;
}

static gboolean
add_unicode(GString *out, const char **at, int digits)
{
    gunichar code = 0;
    for (int i = 0; i < digits; i++) {
        int digit = g_ascii_xdigit_value((*at)[i]);
        if (digit < 0)
            return FALSE;
        code = code * 16 + (gunichar)digit;
    }
    if (!g_unichar_validate(code))
        code = 0xFFFD; /* halves of a pair: the replacement character */
    g_string_append_unichar(out, code);
    *at += digits;
    return TRUE;
}

/* A string in single or double quotes, with the escapes that both languages share. NULL:
 * it is none. g_free(). */
static char *
quoted(const char **text)
{
    const char *at = *text;
    char quote = *at;
    if (quote != '"' && quote != '\'')
        return NULL;
    GString *out = g_string_new(NULL);
    for (at++; *at && *at != quote;) {
        if (*at != '\\') {
            g_string_append_c(out, *at++);
            continue;
        }
        at++;
        char mark = *at ? *at++ : '\0';
        if (mark == 'u' || mark == 'x') {
            if (!add_unicode(out, &at, mark == 'u' ? 4 : 2))
                break;
        } else if (mark == 'n' || mark == 't') {
            g_string_append_c(out, ' ');
        } else if (mark) {
            g_string_append_c(out, mark);
        }
    }
    if (*at != quote || !g_utf8_validate(out->str, (gssize)out->len, NULL)) {
        g_string_free(out, TRUE);
        return NULL;
    }
    *text = at + 1;
    return g_string_free(out, FALSE);
}

/* A key of a dictionary: a number, bare or quoted. -1: it is none. */
static gint64
key(const char **text)
{
    char *word = quoted(text);
    const char *digits = word ? word : *text;
    char *end = NULL;
    gint64 number = g_ascii_isdigit(*digits) ? g_ascii_strtoll(digits, &end, 10) : -1;
    if (number >= 0 && word && *end)
        number = -1;
    if (number >= 0 && !word)
        *text = end;
    g_free(word);
    return number < MOST_NAMES ? number : -1;
}

static void
put(GPtrArray *names, gsize index, char *name)
{
    if (index >= names->len)
        g_ptr_array_set_size(names, (int)index + 1);
    g_free(names->pdata[index]);
    names->pdata[index] = name;
}

gboolean
names_parse(Labels *labels, const char *text)
{
    const char *at = skip_blank(text);
    gboolean dictionary = *at == '{';
    if (!dictionary && *at != '[')
        return FALSE;
    char closing = dictionary ? '}' : ']';
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    gboolean ok = TRUE;
    gsize given = 0;
    at = skip_blank(at + 1);
    while (ok && *at && *at != closing) {
        gint64 index = dictionary ? key(&at) : (gint64)names->len;
        at = skip_blank(at);
        if (dictionary)
            ok = index >= 0 && *at == ':';
        if (ok && dictionary)
            at = skip_blank(at + 1);
        char *name = ok ? quoted(&at) : NULL;
        ok = name != NULL;
        given += ok;
        if (ok)
            put(names, (gsize)index, name);
        at = skip_blank(at);
        if (ok && *at == ',')
            at = skip_blank(at + 1);
        else
            ok = ok && *at == closing;
    }
    ok = ok && *at == closing && !*skip_blank(at + 1) && names->len > 0 &&
         names->len / MOST_GAPS <= given;
    if (ok) {
        for (guint i = 0; i < names->len; i++)
            if (!names->pdata[i])
                names->pdata[i] = g_strdup("");
        labels->count = names->len;
        g_ptr_array_add(names, NULL);
        g_ptr_array_set_free_func(names, NULL);
        labels->names = (char **)g_ptr_array_free(names, FALSE);
    } else {
        g_ptr_array_unref(names);
    }
    return ok;
}

/* The length of "n01440764 ", 0 if the name does not begin so. */
static gsize
wordnet_number(const char *name)
{
    gsize digits = name[0] == 'n' ? strspn(name + 1, "0123456789") : 0;
    return digits == 8 && g_ascii_isspace(name[9]) ? 10 : 0;
}

/* The length of "12 " before the name of class 12. */
static gsize
class_number(const char *name, gsize index)
{
    char *end;
    if (!g_ascii_isdigit(*name) || (gsize)g_ascii_strtoull(name, &end, 10) != index)
        return 0;
    gsize length = (gsize)(end - name);
    length += name[length] == ':' || name[length] == ',';
    return g_ascii_isspace(name[length]) || length > (gsize)(end - name) ? length : 0;
}

void
names_tidy(Labels *labels)
{
    gboolean wordnet = labels->count > 0, numbered = labels->count > 0;
    for (gsize i = 0; i < labels->count; i++) {
        wordnet = wordnet && wordnet_number(labels->names[i]);
        numbered = numbered && class_number(labels->names[i], i);
    }
    for (gsize i = 0; i < labels->count && (wordnet || numbered); i++) {
        char *name = labels->names[i];
        gsize skip = wordnet ? wordnet_number(name) : class_number(name, i);
        labels->names[i] = g_strdup(g_strchug(name + skip));
        g_free(name);
    }
}
