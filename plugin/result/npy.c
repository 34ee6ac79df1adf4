/* SPDX-License-Identifier: GPL-3.0-or-later */
/* npy.c: raw numbers as NumPy's .npy files. */

#include "result/npy.h"
#include "base/fail.h"
#include "base/save.h"
#include <string.h>

/* The header's size is a multiple of this, so that the numbers are aligned. */
#define ALIGNMENT 64
#define PREAMBLE 10 /* magic, version, two bytes of length */

static GString *
header(NpyType type, int rank, const gsize *dim)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "{'descr': '%c%s', 'fortran_order': False, 'shape': (",
                           G_BYTE_ORDER == G_LITTLE_ENDIAN ? '<' : '>',
                           type == NPY_FLOAT32 ? "f4" : "u4");
    for (int i = 0; i < rank; i++)
        g_string_append_printf(text, "%zu, ", dim[i]);
    g_string_append(text, "), }");
    while ((PREAMBLE + text->len + 1) % ALIGNMENT)
        g_string_append_c(text, ' ');
    g_string_append_c(text, '\n');
    return text;
}

gboolean
npy_write(const char *path,
          NpyType type,
          int rank,
          const gsize *dim,
          const void *values,
          GError **error)
{
    gsize bytes = 4;
    for (int i = 0; i < rank; i++)
        if (!g_size_checked_mul(&bytes, bytes, dim[i]))
            return fail_run(error, _("Too many numbers for “%s”."), path);
    GString *text = header(type, rank, dim);
    GByteArray *file = g_byte_array_sized_new((guint)(PREAMBLE + text->len));
    const guint8 start[PREAMBLE] = {
        0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, text->len & 255, (guint8)(text->len >> 8)};
    g_byte_array_append(file, start, PREAMBLE);
    g_byte_array_append(file, (const guint8 *)text->str, (guint)text->len);
    gboolean fits = bytes <= G_MAXUINT - file->len;
    if (fits)
        g_byte_array_append(file, values, (guint)bytes);
    gboolean ok = fits ? save_bytes(path, file->data, file->len, error)
                       : fail_run(error, _("Too many numbers for “%s”."), path);
    g_byte_array_unref(file);
    g_string_free(text, TRUE);
    return ok;
}

char *
npy_path(const char *path, const char *suffix)
{
    gsize length = strlen(path);
    if (length > 4 && g_ascii_strcasecmp(path + length - 4, ".npy") == 0)
        length -= 4;
    GString *made = g_string_new_len(path, (gssize)length);
    if (*suffix)
        g_string_append_c(made, '-');
    for (const char *c = suffix; *c; c = g_utf8_next_char(c)) {
        gunichar letter = g_utf8_get_char(c);
        gboolean plain = g_unichar_isalnum(letter) || strchr(".-_+", (int)*c);
        g_string_append_unichar(made, plain ? letter : '_');
    }
    g_string_append(made, ".npy");
    return g_string_free(made, FALSE);
}
