/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat_words.c: a heat map's name, and what a user is told of it. */

#include "actions/occlusion/heat_classes.h"
#include "base/text.h"

/* A probability that moves by less than this shows next to nothing; and it can hardly move
 * that is as near to 0 or 1. */
#define LITTLE 0.01
#define NEAR_LIMIT 0.05

static char *
class_map_name(const Heat *heat)
{
    gsize count;
    HeatShare *all = heat_shares(heat, &count);
    GString *name = g_string_new(heat->what);
    for (gsize i = 0; i < MIN(count, 3); i++) {
        char *text = heat_share_text(heat, &all[i]);
        g_string_append_printf(name, "%s%s", i ? ", " : " · ", text);
        g_free(text);
    }
    if (count > 3)
        g_string_append(name, ", …");
    g_free(all);
    return g_string_free(name, FALSE);
}

static gboolean
hardly_moves(const Heat *heat)
{
    return heat->kind == HEAT_PROBABILITY && heat->high - heat->low < LITTLE;
}

static gboolean
is_saturated(const Heat *heat)
{
    return hardly_moves(heat) && (heat->high < NEAR_LIMIT || heat->low > 1 - NEAR_LIMIT);
}

char *
heat_name(const Heat *heat)
{
    if (heat->kind == HEAT_CLASS)
        return class_map_name(heat);
    char base[TEXT_NUMBER], low[TEXT_NUMBER], high[TEXT_NUMBER];
    const char *(*number)(char[static TEXT_NUMBER], double) =
        heat->kind == HEAT_PROBABILITY ? text_probability : text_number;
    return g_strdup_printf("%s %s → %s…%s%s", heat->what, number(base, heat->base),
                           number(low, heat->low), number(high, heat->high),
                           heat_is_flat(heat)   ? _(" · unchanged")
                           : is_saturated(heat) ? _(" · saturated")
                           : hardly_moves(heat) ? _(" · hardly moves")
                                                : "");
}

char *
heat_remark(const Heat *heat)
{
    char low[TEXT_NUMBER], high[TEXT_NUMBER];
    if (heat_is_flat(heat))
        return g_strdup_printf(
            heat->high > heat->low
                ? _("%s is %s wherever the square lies, but for rounding: the map has one colour.")
                : _("%s is %s wherever the square lies: the map has one colour."),
            heat->what, text_number(low, heat->low));
    if (is_saturated(heat))
        return g_strdup_printf(
            _("%s hardly moves, from %s to %s: so near to its limit the probability is saturated. The score before the softmax may show more."),
            heat->what, text_probability(low, heat->low),
            text_probability(high, heat->high));
    if (hardly_moves(heat))
        return g_strdup_printf(
            _("%s hardly moves, from %s to %s: no place matters much by itself. A larger square may show more."),
            heat->what, text_probability(low, heat->low),
            text_probability(high, heat->high));
    return NULL;
}

void
heat_tell(const Heat *heat)
{
    char *remark = heat_remark(heat);
    if (remark)
        host_message(remark);
    g_free(remark);
}
