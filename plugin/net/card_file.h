/* SPDX-License-Identifier: GPL-3.0-or-later */
/* card_file.h: where cards lie, and writing one.
 *
 * The card of FOLDER/NAME.onnx is FOLDER/NAME.ini. Where that folder cannot be written to,
 * it is NAME-HASH.ini in the user's folder of cards, HASH being the first 16 digits of the
 * model's SHA-256: it belongs to these bytes, wherever the file lies. The card beside the
 * model comes first; of what it says nothing about, the user's tells. */
#ifndef FEATURESCOPE_NET_CARD_FILE_H
#define FEATURESCOPE_NET_CARD_FILE_H

#include "dcn.h"
#include <glib.h>

/* The path beside the model, and in the user's folder; NULL: the model cannot be read.
 * g_free() */
char *card_file_beside(const char *model_path);
char *card_file_of_user(const char *model_path);

/* What the cards of a model say: one of them, or both in one; NULL: there is none. path:
 * of the card that says how pictures are prepared, else of any; g_free(). FALSE: a card
 * cannot be read. g_key_file_unref() */
gboolean card_file_open(GKeyFile **file,
                        char **path,
                        const char *model_path,
                        GError **error);

/* Says in the model's card how pictures are prepared for it, channels 1 or 3; everything
 * else in the card stays. path: where it was written, g_free(). A file is replaced as a
 * whole or not at all. */
gboolean card_file_write(const char *model_path,
                         const DcnPreprocessing *how,
                         int channels,
                         char **path,
                         GError **error);

#endif
