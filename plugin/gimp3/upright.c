/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/upright.c: turning an image as its EXIF orientation says. Where nobody is there to
 * be asked, GIMP 3 leaves it as the camera stored it; GIMP 2.10 turns it.
 *
 * GIMP keeps metadata in libgexiv2's own type, and that library has another name in each
 * Debian; so the orientation is read in the text that libgimp makes of them. */
#include "gimp3/gimp3.h"
#include <string.h>

#define TAG "<tag name=\"Exif.Image.Orientation\">"

/* Where the number is in that text, from 1 to 8; NULL: there is none. */
static char *
find_number(char *text)
{
    char *tag = text ? strstr(text, TAG) : NULL;
    char *number = tag ? tag + strlen(TAG) : NULL;
    return number && *number >= '1' && *number <= '8' && number[1] == '<' ? number : NULL;
}

/* EXIF 2.32, 4.6.4 A: what has to be done to see it upright. */
static void
turn(GimpImage *image, char number)
{
    if (number >= '5' && number <= '7')
        gimp_image_rotate(image, GIMP_ROTATE_DEGREES90);
    if (number == '3')
        gimp_image_rotate(image, GIMP_ROTATE_DEGREES180);
    if (number == '8')
        gimp_image_rotate(image, GIMP_ROTATE_DEGREES270);
    if (number == '2' || number == '5')
        gimp_image_flip(image, GIMP_ORIENTATION_HORIZONTAL);
    if (number == '4' || number == '7')
        gimp_image_flip(image, GIMP_ORIENTATION_VERTICAL);
}

void
gimp3_turn_upright(GimpImage *image)
{
    GimpMetadata *metadata = gimp_image_get_metadata(image);
    char *text = metadata ? gimp_metadata_serialize(metadata) : NULL;
    char *number = find_number(text);
    if (number && *number != '1') {
        gimp_image_undo_disable(image);
        turn(image, *number);
        *number = '1';
        GimpMetadata *upright = gimp_metadata_deserialize(text);
        gimp_image_set_metadata(image, upright);
        g_clear_object(&upright);
        gimp_image_undo_enable(image);
        gimp_image_clean_all(image);
    }
    g_free(text);
    g_clear_object(&metadata);
}
