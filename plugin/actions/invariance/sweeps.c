/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweeps.c: which transformations, and by which steps. */

#include "actions/invariance/invariance.h"
#include "base/fail.h"
#include "base/text.h"
#include <math.h>
#include <string.h>

const ParamChoice invariance_kinds[] = {
    {"paper", N_("Vertical shift, scale, rotation (the paper's)")},
    {"all", N_("All of them")},
    {"vertical", N_("Vertical shift")},
    {"horizontal", N_("Horizontal shift")},
    {"scale", N_("Scale")},
    {"rotation", N_("Rotation")},
    {"mirror", N_("Mirroring")},
    {"exposure", N_("Exposure")},
    {"blur", N_("Blur")},
    {"noise", N_("Noise")},
    {NULL, NULL},
};

/* Behind "paper" and "all" the choices stand in the order of TransformKind. */
static const ParamChoice *
choice_of(TransformKind kind)
{
    return &invariance_kinds[2 + kind];
}

const char *
invariance_nick(TransformKind kind)
{
    return choice_of(kind)->nick;
}

const char *
invariance_kind(TransformKind kind)
{
    return _(choice_of(kind)->label);
}

const char *
invariance_unit(TransformKind kind)
{
    static const char *const units[TRANSFORM_KINDS] = {
        N_("pixels, down"),
        N_("pixels, to the right"),
        N_("ratio"),
        N_("degrees, clockwise"),
        "",
        N_("stops"),
        N_("standard deviation in pixels"),
        N_("standard deviation, of values 0 to 1"),
    };
    return *units[kind] ? _(units[kind]) : "";
}

void
invariance_mirrors(const char *names[5])
{
    names[0] = _("as it is");
    names[1] = _("left–right");
    names[2] = _("top–bottom");
    names[3] = _("both");
    names[4] = NULL;
}

char *
invariance_amount(TransformKind kind, double amount)
{
    char number[TEXT_NUMBER];
    const char *mirrors[5];
    text_short_number(number, amount);
    switch (kind) {
    case TRANSFORM_MIRROR:
        invariance_mirrors(mirrors);
        return g_strdup(mirrors[(int)amount]);
    case TRANSFORM_SCALE:
        return g_strconcat("×", number, NULL);
    case TRANSFORM_TURN:
        return g_strconcat(number, "°", NULL);
    default:
        return g_strdup(number);
    }
}

/* --- steps --- */

static gboolean
is_asked_for(const ParamValues *values, TransformKind kind)
{
    if (param_is(values, "transformations", "paper"))
        return kind == TRANSFORM_DOWN || kind == TRANSFORM_SCALE ||
               kind == TRANSFORM_TURN;
    return param_is(values, "transformations", "all") ||
           param_is(values, "transformations", invariance_nick(kind));
}

/* Shifts go by whole pixels of the network's. */
static void
range_of(const Invariance *invariance, TransformKind kind, double *from, double *to)
{
    const ParamValues *values = invariance->run->values;
    int height = invariance->net->height, width = invariance->net->width;
    double part = param_double(values, "shift") / 100;
    switch (kind) {
    case TRANSFORM_DOWN:
        *to = round(part * height);
        *from = -*to;
        break;
    case TRANSFORM_RIGHT:
        *to = round(part * width);
        *from = -*to;
        break;
    case TRANSFORM_SCALE:
        *from = param_double(values, "scale-least");
        *to = param_double(values, "scale-most");
        break;
    case TRANSFORM_TURN:
        *from = 0;
        *to = param_double(values, "angle");
        break;
    case TRANSFORM_MIRROR:
        *from = 0;
        *to = 3;
        break;
    case TRANSFORM_EXPOSURE:
        *to = param_double(values, "stops");
        *from = -*to;
        break;
    case TRANSFORM_BLUR:
        *from = 0;
        *to = param_double(values, "blur") / 100 * MAX(height, width);
        break;
    default:
        *from = 0;
        *to = param_double(values, "noise");
        break;
    }
}

static void
add_amount(GArray *amounts, double amount)
{
    if (!amounts->len || g_array_index(amounts, double, amounts->len - 1) < amount)
        g_array_append_val(amounts, amount);
}

/* Whole pixels to both sides of 0, about as many steps. */
static void
add_shifts(GArray *amounts, double most, int steps)
{
    double pixels = fmax(1, round(2 * most / steps));
    for (double k = -floor(most / pixels); k <= floor(most / pixels); k++)
        add_amount(amounts, k * pixels);
}

/* `steps` equal ones from end to end, and the amount that changes nothing, if it lies
 * between them. FALSE: it lies outside. */
static gboolean
set_steps(Sweep *sweep, double from, double to, int steps)
{
    double none = transform_none(sweep->kind);
    GArray *amounts = g_array_new(FALSE, FALSE, sizeof(double));
    if (sweep->kind == TRANSFORM_MIRROR)
        steps = 3;
    if (sweep->kind == TRANSFORM_DOWN || sweep->kind == TRANSFORM_RIGHT) {
        add_shifts(amounts, to, steps);
        steps = -1;
    }
    for (int i = 0; i <= steps; i++) {
        double amount = i == steps ? to : from + (to - from) * i / steps;
        /* Rounding of the line above is no step of its own. */
        if (fabs(amount - none) < 1e-9 * (1 + fabs(to)))
            amount = none;
        if (amounts->len && g_array_index(amounts, double, amounts->len - 1) < none &&
            none < amount)
            add_amount(amounts, none);
        add_amount(amounts, amount);
    }
    gboolean found = FALSE;
    sweep->count = amounts->len;
    sweep->amounts = (double *)(void *)g_array_free(amounts, FALSE);
    for (gsize i = 0; i < sweep->count && !found; i++) {
        sweep->none = i;
        found = sweep->amounts[i] == none;
    }
    return found;
}

gboolean
invariance_sweeps(Invariance *invariance, GError **error)
{
    const ParamValues *values = invariance->run->values;
    for (int kind = 0; kind < TRANSFORM_KINDS; kind++) {
        if (!is_asked_for(values, (TransformKind)kind))
            continue;
        char least[TEXT_NUMBER], most[TEXT_NUMBER];
        double from, to;
        Sweep *sweep = &invariance->sweeps[invariance->n_sweeps++];
        *sweep = (Sweep){.kind = (TransformKind)kind, .first = invariance->steps};
        range_of(invariance, sweep->kind, &from, &to);
        if (!set_steps(sweep, from, to, param_int(values, "steps")))
            return fail_input(
                error, _("Scales from %s to %s leave out 1, the picture as it is."),
                text_short_number(least, from), text_short_number(most, to));
        invariance->steps += sweep->count;
    }
    return TRUE;
}

void
invariance_sweeps_clear(Invariance *invariance)
{
    for (gsize i = 0; i < invariance->n_sweeps; i++)
        g_free(invariance->sweeps[i].amounts);
    invariance->n_sweeps = 0;
}
