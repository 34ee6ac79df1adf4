/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guess.c: guesses how pictures are prepared for a model that does not say it. */

#include "net/guess.h"
#include "base/fail.h"
#include "net/conventions.h"
#include <math.h>
#include <string.h>

typedef struct {
    Card *card;
    const char *model_path;
    const DcnModel *model;
    const DcnInputLayout *layout;
    const DcnPlan *survey; /* or NULL */
} Guess;

/* Keeps what was found. because: translated, taken over. */
static gboolean
settle(
    Guess *guess, DcnPreprocessing how, CardSource source, CardSure sure, char *because)
{
    guess->card->how = how;
    guess->card->how.linear = guess->card->words.linear;
    guess->card->source = source;
    guess->card->sure = sure;
    guess->card->because = because;
    return TRUE;
}

static gboolean
is_gray(const Guess *guess)
{
    return guess->layout->channels == 1;
}

/* --- what the net's first steps say --- */

/* The value of channel c that they take to 0. */
static double
zero_of(const DcnInputScale *scale, int c)
{
    return -(double)scale->offset[c] / (double)scale->scale[c];
}

static gboolean
lies_between(double value, double low, double high)
{
    return value >= low && value <= high;
}

/* Which range their numbers were made for. Examples: less 123.7 and times 0.017, or times
 * 1/255: 0 ... 255; less 0.485 and times 4.4: 0 ... 1; plus 1, times 0.5: -1 ... 1. */
static gboolean
range_of(const DcnInputScale *scale, DcnPreprocessing *how)
{
    double zero = 0, gain = 0, channels = (double)scale->channels;
    for (gsize c = 0; c < scale->channels; c++) {
        if (!(scale->scale[c] > 0))
            return FALSE;
        zero += zero_of(scale, (int)c) / channels;
        gain += (double)scale->scale[c] / channels;
    }
    if (lies_between(zero, 30, 225) || gain < 0.06)
        *how = convention_between(0, 255);
    else if (lies_between(zero, 0.15, 0.9) || (gain > 1.5 && zero > -0.15 && zero < 0.9))
        *how = convention_between(0, 1);
    else if (lies_between(zero, -1.05, -0.95))
        *how = convention_between(-1, 1);
    else
        return FALSE;
    return TRUE;
}

/* ImageNet's mean colour is 123.7 116.8 103.9 in the order R G B. */
static gboolean
is_bgr(const DcnInputScale *scale, const DcnPreprocessing *how)
{
    static const double mean[3] = {103.9, 116.8, 123.7};
    gboolean near = scale->channels == 3;
    for (int c = 0; near && c < 3; c++) {
        double zero = (zero_of(scale, c) + (double)how->mean[c]) / (double)how->range;
        near = fabs(255 * zero - mean[c]) < 8;
    }
    return near;
}

/* --- what levels stand for --- */

/* Ranges that a quantiser finds in pictures of the conventions. */
static const struct {
    double low, high;
    const char *nick;
} ranges[] = {
    {0, 1, "unit"},       {0, 255, "bytes"},         {-1, 1, "signed"},
    {-123, 151, "caffe"}, {-2.12, 2.64, "imagenet"},
};

/* Quantisers that know no zero point have as much below 0 as above: they tell the largest
 * value alone. */
static double
distance(double low, double high, gsize i, gboolean centred)
{
    double most = MAX(-ranges[i].low, ranges[i].high);
    if (centred)
        return fabs(high - most) / most;
    return MAX(fabs(low - ranges[i].low), fabs(high - ranges[i].high)) /
           (ranges[i].high - ranges[i].low);
}

/* Quantisers see some pictures only, and round their zero points. */
#define NEAR_RANGE 0.06

/* The levels that the input becomes, or is, span the range of the pictures that the
 * quantiser was shown. Example: uint8 with scale 0.0187 and zero point 114 is -2.13 ...
 * 2.64, ImageNet's normalised pictures. */
static gboolean
by_levels(Guess *guess)
{
    DcnInputLevels levels;
    if (!guess->survey || !dcn_plan_input_levels(guess->survey, &levels))
        return FALSE;
    double scale = (double)levels.scale, zero = (double)levels.zero;
    double low = ((double)levels.low - zero) * scale;
    double high = ((double)levels.high - zero) * scale;
    gboolean centred = fabs(low + high) < 1.5 * scale;
    const Convention *found = NULL;
    double nearest = NEAR_RANGE;
    for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++) {
        /* -1 ... 1 is centred itself, and 0 ... 1 can be told from it by names only. */
        const Convention *one =
            convention_find(ranges[i].nick, (int)guess->layout->channels);
        double far = distance(low, high, i, centred);
        if (one && far < nearest && !(centred && ranges[i].high == 1 && !ranges[i].low)) {
            nearest = far;
            found = one;
        }
    }
    if (!found)
        return FALSE;
    DcnPreprocessing how = found->how;
    gboolean even = found->how.mean[0] == found->how.mean[2];
    if (!levels.made && even)
        how = convention_between(levels.low, levels.high);
    for (int c = 0; c < 3 && !levels.made && !even; c++) {
        how.std[c] *= levels.scale;
        how.mean[c] -= levels.zero * how.std[c];
    }
    return settle(
        guess, how, CARD_LEVELS, centred ? CARD_GUESSED : CARD_LIKELY,
        g_strdup(_("as scale and zero point of the net's quantised input say")));
}

static gboolean
by_integers_and_first_steps(Guess *guess)
{
    DcnType type = DCN_FLOAT;
    DcnPreprocessing how;
    DcnInputScale scale;
    gboolean scaled = guess->survey && dcn_plan_input_scale(guess->survey, &scale);
    dcn_model_input(guess->model, 0, &type, NULL);
    gboolean whole = type == DCN_UINT8 || type == DCN_INT8 || type == DCN_UINT16 ||
                     type == DCN_INT16 || type == DCN_INT32 || type == DCN_INT64 ||
                     type == DCN_UINT32;
    if (whole && by_levels(guess))
        return TRUE;
    if (whole)
        how =
            type == DCN_INT8 ? convention_between(-128, 127) : convention_between(0, 255);
    else if (!scaled || !range_of(&scale, &how))
        return FALSE;
    for (gsize c = 0; scaled && c < scale.channels; c++) {
        double zero = zero_of(&scale, (int)c);
        if (lies_between(zero + (double)how.mean[c], 0, (double)how.range))
            guess->card->inside[c] = (float)zero;
    }
    how.bgr = scaled && is_bgr(&scale, &how);
    if (whole)
        return settle(guess, how, CARD_WHOLE, CARD_LIKELY,
                      g_strdup(_("as the net's input is declared as whole numbers")));
    return settle(guess, how, CARD_INSIDE, CARD_LIKELY,
                  g_strdup(_("as the net's own first steps subtract or scale")));
}

/* --- names --- */

/* "data", "data_0"; Caffe2 puts the device before it: "gpu_0/data_0". */
static gboolean
is_data(const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *base = slash ? slash + 1 : name;
    return g_str_equal(base, "data") ||
           (g_str_has_prefix(base, "data_") && g_ascii_isdigit(base[5]));
}

/* Caffe calls a net's ends "data" and "prob"; converters add a number, or call the end as
 * they like. */
static gboolean
by_caffes_names(Guess *guess)
{
    if (!is_data(dcn_model_input(guess->model, 0, NULL, NULL)))
        return FALSE;
    const char *output =
        dcn_model_output_count(guess->model) ? dcn_model_output(guess->model, 0) : "";
    DcnClassifier end;
    gboolean ends =
        g_str_equal(output, "prob") || g_str_has_prefix(output, "prob_") ||
        (guess->survey &&
         dcn_plan_classifier(guess->survey, guess->card->output, &end, NULL) &&
         end.softmax);
    if (!ends || is_gray(guess) || guess->layout->nhwc)
        return FALSE;
    return settle(guess, convention_find("caffe", 3)->how, CARD_CAFFE, CARD_LIKELY,
                  g_strdup(_("as Caffe's exports want")));
}

/* Families of keras.applications, by what is in the file's name without marks. */
typedef enum { LIKE_CAFFE, LIKE_IMAGENET, LIKE_BYTES, LIKE_OTHERS } Family;

static const struct {
    const char *name;
    Family family;
} families[] = {
    {"lite", LIKE_OTHERS}, /* EfficientNet-Lite, which has no scaling inside */
    {"resnet50v2", LIKE_OTHERS},  {"resnet101v2", LIKE_OTHERS},
    {"resnet152v2", LIKE_OTHERS}, {"resnetrs", LIKE_BYTES},
    {"resnet50", LIKE_CAFFE},     {"resnet101", LIKE_CAFFE},
    {"resnet152", LIKE_CAFFE},    {"vgg", LIKE_CAFFE},
    {"densenet", LIKE_IMAGENET},  {"efficientnet", LIKE_BYTES},
    {"mobilenetv3", LIKE_BYTES},  {"convnext", LIKE_BYTES},
    {"regnet", LIKE_BYTES},
};

/* The family's name as above, NULL: none. */
static const char *
family_of(const char *path, Family *family)
{
    char *base = g_path_get_basename(path), *to = base;
    for (const char *from = base; *from; from++)
        if (g_ascii_isalnum(*from))
            *to++ = g_ascii_tolower(*from);
    *to = '\0';
    const char *found = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(families) && !found; i++)
        if (strstr(base, families[i].name)) {
            found = families[i].name;
            *family = families[i].family;
        }
    g_free(base);
    return found;
}

/* Nets that people make themselves are less deep than those of keras.applications (VGG16
 * has 13 convolutions, MobileNet 27), and their pictures are divided by 255. */
#define LEAST_OF_APPLICATIONS 13

static gboolean
is_shallow(const Guess *guess)
{
    enum { MOST = 64 };
    DcnStepKind kinds[MOST];
    gsize n = guess->survey ? dcn_plan_step_kinds(guess->survey, kinds, MOST) : 0;
    gsize convolutions = 0;
    for (gsize i = 0; i < MIN(n, MOST); i++)
        if (strstr(kinds[i].name, "Conv"))
            convolutions += kinds[i].steps;
    return convolutions > 0 && convolutions < LEAST_OF_APPLICATIONS;
}

static gboolean
by_keras(Guess *guess)
{
    const char *input = dcn_model_input(guess->model, 0, NULL, NULL);
    if (is_gray(guess) || !(guess->layout->nhwc || g_str_has_suffix(input, ":0") ||
                            g_str_has_prefix(input, "serving_default") ||
                            g_str_has_prefix(input, "keras_tensor")))
        return FALSE;
    Family family = LIKE_OTHERS;
    const char *name = family_of(guess->model_path, &family);
    DcnPreprocessing how = convention_between(-1, 1);
    if (!name && is_shallow(guess))
        return settle(guess, convention_between(0, 1), CARD_KERAS, CARD_GUESSED,
                      g_strdup(_("as most small nets of Keras and TensorFlow want")));
    if (family == LIKE_OTHERS)
        return settle(guess, how, CARD_KERAS, CARD_GUESSED,
                      g_strdup(_("as most nets of Keras and TensorFlow want")));
    if (family == LIKE_IMAGENET)
        how = convention_find("imagenet", 3)->how;
    else
        how = convention_between(0, 255);
    if (family == LIKE_CAFFE) {
        static const float mean[3] = {103.939f, 116.779f, 123.68f};
        how.bgr = true;
        memcpy(how.mean, mean, sizeof mean);
    }
    return settle(guess, how, CARD_KERAS, CARD_LIKELY,
                  g_strdup_printf(
                      _("as Keras has it for “%s”, which is in the file's name"), name));
}

/* --- nothing told --- */

static gboolean
by_channels(Guess *guess)
{
    if (is_gray(guess))
        return settle(guess, convention_between(0, 1), CARD_GRAY, CARD_GUESSED,
                      g_strdup(_("as most nets for gray pictures want")));
    return settle(guess, convention_find("imagenet", 3)->how, CARD_IMAGENET, CARD_GUESSED,
                  g_strdup(_("ImageNet's, as most nets of PyTorch want")));
}

void
guess_feeding(Card *card,
              const char *model_path,
              const DcnModel *model,
              const DcnInputLayout *layout,
              const DcnPlan *survey)
{
    Guess guess = {card, model_path, model, layout, survey};
    if (card->source != CARD_SILENT)
        return;
    if (!by_integers_and_first_steps(&guess) && !by_levels(&guess) &&
        !by_caffes_names(&guess) && !by_keras(&guess))
        by_channels(&guess);
}
