/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.c: libFuzzer target: arbitrary text as a model's card, as its metadata, and as
 * what other programs put beside it; then the guess of what these leave open.
 *
 * The bytes are records that end with a zero byte. The first byte of each, modulo the
 * number of places, says where its text is put: the card, a file, or a key. */
#include "edit.h"
#include "net/card.h"
#include "net/guess.h"
#include "net/names.h"
#include <glib/gstdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char *const files[] = {"net.ini", "preprocessor_config.json", "config.json",
                                    "labels.txt"};
static const char *const keys[] = {"names",
                                   "imgsz",
                                   "task",
                                   "mean",
                                   "std",
                                   "input_size",
                                   "id2label",
                                   "labels",
                                   "input.range",
                                   "input.mean",
                                   "input.gamma",
                                   "Image.BitmapPixelFormat",
                                   "Image.NominalPixelRange",
                                   "Image.ColorSpaceGamma"};

static char *folder, *net_bytes;
static gsize net_size;

static char *
path_of(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void
take_files_away(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = path_of(files[i]);
        g_unlink(path);
    }
}

static void
end(void)
{
    take_files_away();
    g_rmdir(folder);
    g_free(folder);
    g_free(net_bytes);
}

static void
begin(void)
{
    folder = g_dir_make_tmp("featurescope-fuzz-XXXXXX", NULL);
    g_assert_nonnull(folder);
    g_setenv("XDG_CONFIG_HOME", folder, TRUE);
    g_assert_true(g_file_get_contents(SOURCE_ROOT "/tests/fuzz/corpus/mixed.onnx",
                                      &net_bytes, &net_size, NULL));
    atexit(end);
}

static void
put(DcnModel *model, uint8_t place, const char *text, gsize length)
{
    DcnError error;
    place %= G_N_ELEMENTS(files) + G_N_ELEMENTS(keys);
    if (place < G_N_ELEMENTS(files)) {
        g_autofree char *path = path_of(files[place]);
        FILE *file = g_fopen(path, "wb");
        g_assert_nonnull(file);
        fwrite(text, 1, length, file);
        fclose(file);
    } else {
        dcn_model_set_metadata(model, keys[place - G_N_ELEMENTS(files)], text, &error);
    }
}

static void
read_all(DcnModel *model)
{
    DcnError core;
    DcnInputLayout layout;
    Card card;
    g_autofree char *path = path_of("net.onnx");
    if (!card_read(&card, path, model, folder, NULL))
        return;
    if (dcn_model_input_layout(model, &layout, &core))
        guess_feeding(&card, path, model, &layout, NULL);
    for (int c = 0; c < 3; c++)
        g_assert_true(card.how.std[c] > 0);
    g_free(card_feeding(&card, 3));
    card_clear(&card);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    DcnError error;
    if (!folder)
        begin();
    DcnModel *model = dcn_model_parse(net_bytes, net_size, &error);
    g_assert_nonnull(model);
    /* Each text is a copy of its own, ended by 0, so that a read behind it is seen. */
    for (size_t at = 0; at + 1 < size;) {
        const uint8_t *stop = memchr(bytes + at + 1, 0, size - at - 1);
        size_t length = (stop ? (size_t)(stop - bytes) : size) - at - 1;
        char *text = g_strndup((const char *)bytes + at + 1, length);
        Labels labels = {0};
        put(model, bytes[at], text, length);
        if (names_parse(&labels, text))
            names_tidy(&labels);
        labels_clear(&labels);
        g_free(text);
        at += length + 2;
    }
    read_all(model);
    take_files_away();
    dcn_model_free(model);
    return 0;
}
