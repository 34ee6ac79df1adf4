/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.c: from the numbers of a classifier's answer to scores and probabilities. */
#include "dcn.h"
#include <math.h>
#include <string.h>

static float
sigmoid(float x)
{
    return x >= 0 ? 1 / (1 + expf(-x)) : expf(x) / (1 + expf(x));
}

/* The logarithm of the odds, and that of the probability, limited to what floats can
 * hold. */
static float
logit(float p)
{
    return logf(fmaxf(p, 1e-30f)) - logf(fmaxf(1 - p, 1e-30f));
}

void
dcn_classifier_read(const DcnClassifier *classifier,
                    const float *numbers,
                    float *score,
                    float *p)
{
    size_t count = classifier->numbers;
    switch (classifier->answer) {
    case DCN_ANSWER_SCORES:
        if (p)
            dcn_softmax(numbers, count, p);
        if (score)
            memcpy(score, numbers, count * sizeof *score);
        break;
    case DCN_ANSWER_EACH:
        for (size_t k = 0; p && k < count; k++)
            p[k] = sigmoid(numbers[k]);
        if (score)
            memcpy(score, numbers, count * sizeof *score);
        break;
    case DCN_ANSWER_PROBABILITIES:
        for (size_t k = 0; score && k < count; k++)
            score[k] = logf(fmaxf(numbers[k], 1e-30f));
        if (p)
            memcpy(p, numbers, count * sizeof *p);
        break;
    case DCN_ANSWER_ONE:
    case DCN_ANSWER_ONE_PROBABILITY: {
        bool probability = classifier->answer == DCN_ANSWER_ONE_PROBABILITY;
        float yes = probability ? numbers[0] : sigmoid(numbers[0]);
        float z = probability ? logit(numbers[0]) : numbers[0];
        if (p) {
            p[0] = probability ? 1 - yes : sigmoid(-z);
            p[1] = yes;
        }
        if (score) {
            score[0] = -z;
            score[1] = z;
        }
        break;
    }
    }
}

/* A softmax's sum is 1 to rounding, which grows with the number of classes; scores come
 * this near by accident only, and hardly all of them at 0 or above. */
#define NEAR_ONE 0.001

void
dcn_classifier_judge(DcnClassifier *classifier, const float *numbers)
{
    double sum = 0;
    bool negative = false;
    if (!classifier->unsure)
        return;
    for (size_t k = 0; k < classifier->numbers; k++) {
        negative = negative || !(numbers[k] >= 0);
        sum += (double)numbers[k];
    }
    if (!negative && fabs(sum - 1) <= NEAR_ONE) {
        classifier->answer = DCN_ANSWER_PROBABILITIES;
        classifier->told = true;
    }
    classifier->unsure = false;
}
