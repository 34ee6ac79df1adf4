/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/colors.c: transforms to sRGB and back. */
#include "gimp/colors.h"

/* GIMP asks babl if it is let, whose tables do not hold many profiles in a process
 * (decode/profile.h), and a folder of pictures has many. */
static GimpColorTransform *
transform(GimpColorProfile *from,
          const Babl *from_format,
          GimpColorProfile *to,
          const Babl *to_format)
{
    g_setenv("GIMP_COLOR_TRANSFORM_DISABLE_BABL", "1", TRUE);
    return gimp_color_transform_new(from, from_format, to, to_format,
                                    GIMP_COLOR_RENDERING_INTENT_PERCEPTUAL, 0);
}

const Babl *
colors_srgb(const Babl *raw)
{
    return babl_format(babl_format_has_alpha(raw) ? "R'G'B'A float" : "R'G'B' float");
}

const Babl *
colors_plain(const Babl *format)
{
    return babl_format(babl_format_get_encoding(format));
}

GimpColorTransform *
colors_to_srgb(GimpColorProfile *profile, const Babl *raw)
{
    GimpColorProfile *srgb = gimp_color_profile_new_rgb_srgb();
    GimpColorTransform *made =
        transform(profile, colors_plain(raw), srgb, colors_srgb(raw));
    g_object_unref(srgb);
    return made;
}

GimpColorTransform *
colors_from_srgb(GimpColorProfile *profile, const Babl *raw)
{
    GimpColorProfile *srgb = gimp_color_profile_new_rgb_srgb();
    GimpColorTransform *made =
        transform(srgb, colors_srgb(raw), profile, colors_plain(raw));
    g_object_unref(srgb);
    return made;
}
