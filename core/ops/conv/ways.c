/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ways.c: the lists of ways, and the choice.
 *
 * Forms begin with a table of TABLE numbers: entry 0 is the floats of all, entry 1 + i
 * where the form of way i of the list begins, counted in floats; 0: it was not made. */
#include "ops/conv/signal.h"
#include "ops/conv/way.h"
#include <string.h>

/* From the most particular to the definition. */
/* clang-format off */
#define FORWARD(WAY)       \
    WAY(depthwise_forward) \
    WAY(one_place)         \
    WAY(winograd)          \
    WAY(winograd2)         \
    WAY(winograd_lines)    \
    WAY(direct)            \
    WAY(packed)            \
    WAY(columns_forward)

#define BACK(WAY)          \
    WAY(depthwise_back)    \
    WAY(direct_back)       \
    WAY(taps)              \
    WAY(turned)            \
    WAY(columns_back)

#define WEIGHTS(WAY)       \
    WAY(depthwise_weights) \
    WAY(winograd_weights)  \
    WAY(places)            \
    WAY(columns_weights)
/* clang-format on */

#define DECLARE(name) extern const DcnConvWay dcn_way_##name;
FORWARD(DECLARE)
BACK(DECLARE)
WEIGHTS(DECLARE)

#define ENTRY(name) &dcn_way_##name,
static const DcnConvWay *const forward_ways[] = {FORWARD(ENTRY) NULL};
static const DcnConvWay *const back_ways[] = {BACK(ENTRY) NULL};
static const DcnConvWay *const weights_ways[] = {WEIGHTS(ENTRY) NULL};

#define TABLE 16          /* so the first form is 64-byte aligned if the table is */
#define LINE ((size_t)16) /* floats of 64 bytes */

#define FITS_TABLE(list)                                                                 \
    _Static_assert(sizeof(list) / sizeof *(list) <= TABLE, "a longer table is needed")
FITS_TABLE(forward_ways);
FITS_TABLE(back_ways);
FITS_TABLE(weights_ways);

typedef struct {
    uint64_t at[TABLE];
} Table;

const DcnConvWay *const *
dcn_conv_ways(DcnConvMap map)
{
    return map == DCN_CONV_FORWARD ? forward_ways
           : map == DCN_CONV_BACK  ? back_ways
                                   : weights_ways;
}

static bool
fits(const DcnConvWay *way, const DcnConv2d *conv)
{
    return (way->deep || conv->window.axes < 3) && way->fits(conv);
}

static bool
pays(const DcnConvWay *way, const DcnConv2d *conv, const DcnConvUse *use)
{
    return !way->pays || way->pays(conv, use);
}

/* --- what a plan asks for --- */

/* Entry i becomes true if runs may choose way i and need its form: the ways that pay for
 * some number of images, up to the first that pays for all that there can be. */
static void
find_wanted(const DcnConvWay *const *ways,
            const DcnConv2d *conv,
            const DcnConvUse *use,
            bool wanted[TABLE])
{
    memset(wanted, 0, TABLE * sizeof *wanted);
    for (size_t i = 0; use->forms && ways[i]; i++) {
        const DcnConvWay *way = ways[i];
        if (!fits(way, conv) || (way->transforms && !use->transform) ||
            !pays(way, conv, use))
            continue;
        wanted[i] = way->floats != NULL;
        if (use->images > 0 || !way->pays)
            break;
    }
}

static size_t
whole_lines(size_t floats)
{
    return (floats + LINE - 1) / LINE * LINE;
}

static Table
table_of(DcnConvMap map, const DcnConv2d *conv, const DcnConvUse *use)
{
    const DcnConvWay *const *ways = dcn_conv_ways(map);
    bool wanted[TABLE];
    Table table = {{0}};
    find_wanted(ways, conv, use, wanted);
    table.at[0] = use->forms ? sizeof table / sizeof(float) : 0;
    for (size_t i = 0; ways[i]; i++)
        if (wanted[i]) {
            table.at[1 + i] = table.at[0];
            table.at[0] += whole_lines(ways[i]->floats(conv, use));
        }
    return table;
}

size_t
dcn_conv_forms(DcnConvMap map, const DcnConv2d *conv, const DcnConvUse *use)
{
    return (size_t)table_of(map, conv, use).at[0];
}

void
dcn_conv_prepare(DcnConvMap map,
                 const DcnConv2d *conv,
                 const DcnConvUse *use,
                 const float *weights,
                 float *forms)
{
    const DcnConvWay *const *ways = dcn_conv_ways(map);
    Table table = table_of(map, conv, use);
    memcpy(forms, &table, sizeof table);
    for (size_t i = 0; ways[i]; i++)
        if (table.at[1 + i])
            ways[i]->prepare(conv, use, weights, forms + table.at[1 + i]);
}

size_t
dcn_conv_forms_size(const float *forms)
{
    Table table;
    memcpy(&table, forms, sizeof table);
    return (size_t)table.at[0];
}

size_t
dcn_conv_scratch(DcnConvMap map, const DcnConv2d *conv, const DcnConvUse *use)
{
    const DcnConvWay *const *ways = dcn_conv_ways(map);
    DcnConvUse with = *use, without = *use;
    with.transform = true;
    without.transform = false;
    bool wanted[2][TABLE];
    find_wanted(ways, conv, &with, wanted[0]);
    find_wanted(ways, conv, &without, wanted[1]);
    size_t most = 0;
    for (size_t i = 0; ways[i]; i++) {
        bool formless =
            !ways[i]->floats && fits(ways[i], conv) && pays(ways[i], conv, use);
        if (!formless && !wanted[0][i] && !wanted[1][i])
            continue;
        size_t bytes = ways[i]->scratch(conv, use);
        most = bytes > most ? bytes : most;
    }
    return most;
}

/* --- a run --- */

/* Back, of a narrow signal; looked at once. */
typedef enum { UNKNOWN, NARROW, WIDE } Width;

static bool
is_narrow(const DcnConvRun *run, Width *width)
{
    if (*width == UNKNOWN)
        *width = run->narrow && !dcn_signal_is_wide(run->conv, run->y, run->images)
                     ? NARROW
                     : WIDE;
    return *width == NARROW;
}

const DcnConvWay *
dcn_conv_choose(DcnConvMap map, const DcnConvRun *run)
{
    const DcnConvWay *const *ways = dcn_conv_ways(map);
    DcnConvUse now = *run->use;
    now.images = run->images;
    /* Scratch memory was asked for so many images only. */
    bool fewer = run->use->images == 0 || run->images <= run->use->images;
    Table table = {{0}};
    if (run->forms)
        memcpy(&table, run->forms, sizeof table);
    Width width = UNKNOWN;
    size_t i = 0;
    for (; ways[i + 1]; i++) {
        const DcnConvWay *way = ways[i];
        if ((!way->floats || (table.at[1 + i] && fewer)) && (way->boxes || !run->box) &&
            fits(way, run->conv) && pays(way, run->conv, run->use) &&
            pays(way, run->conv, &now) && !(way->wide && is_narrow(run, &width)))
            break;
    }
    return ways[i];
}

void
dcn_conv_run(DcnConvMap map, const DcnConvRun *run)
{
    const DcnConvWay *const *ways = dcn_conv_ways(map);
    const DcnConvWay *way = dcn_conv_choose(map, run);
    DcnConvRun with_form = *run;
    with_form.form = NULL;
    for (size_t i = 0; way->floats && ways[i]; i++)
        if (ways[i] == way) {
            Table table;
            memcpy(&table, run->forms, sizeof table);
            with_form.form = run->forms + table.at[1 + i];
        }
    if (run->images > 0)
        way->run(&with_form);
}
