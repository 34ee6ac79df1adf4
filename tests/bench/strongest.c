/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strongest.c: how often is the strongest map of a layer among the five maps with the
 * most evidence for the label? It is not a test; docs/experiments.md has its figures.
 *
 *     strongest MODEL FOLDER LAYERS PICTURES [SHARE [SEED [THREADS [FIRST]]]]
 *
 * MODEL     a file; "": the built-in one
 * FOLDER    of pictures, a folder a class, in the order of the model's classes
 * LAYERS    names, separated by ";"
 * PICTURES  how many are looked at
 * SHARE     of the pictures that featurescope-train holds out with --split SHARE and
 *           --seed SEED; 0: all are taken
 * FIRST     from 0: begins there, to go on where a run was stopped
 *
 * Pictures come in an order that a seed shuffles, so that a run that is stopped has seen a
 * sample. Evidence is for the predicted label, as in plug-in-featurescope-evidence. Prints
 * a line of comma-separated values for each picture and layer, and in the end, on stderr,
 * the table. place: of the strongest map by evidence, 1 to 5; 6: after these; 0: it is
 * none. */
#include "base/procedure.h"
#include "host/host_memory.h"
#include "net/net.h"
#include "photo/seen.h"
#include "pictures/parts.h"
#include "probe/removal.h"
#include "probe/tail.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST_EVIDENCE 5
#define BATCH 16 /* maps a run */
#define MOST_LAYERS 32

/* What is counted of a layer; [0]: pictures that are named wrong, [1]: right. */
typedef struct {
    Probe probe;
    Tail tail; /* opened with the first picture */
    gsize pictures[2];
    gsize among[2];   /* the strongest map is among those with the most evidence */
    gsize first[2];   /* it has the most */
    gsize against[2]; /* it is no evidence, or speaks against the label */
} Tally;

/* Removals of maps, one each. */
typedef struct {
    Tail *tail;
    const float *values;     /* of the layer */
    gsize class_index;       /* the predicted one */
    double whole, strongest; /* probability, and its change without the strongest map */
    gsize above;             /* maps that are found to have more evidence than that */
    float *scores, *p;
} Search;

typedef struct {
    gsize map;
    double estimate;
} Guess;

static int
by_estimate(const void *a, const void *b)
{
    const Guess *x = a, *y = b;
    return x->estimate < y->estimate ? -1 : x->estimate > y->estimate;
}

/* The strongest map first, then the others by the first-order estimate of their evidence,
 * so that those that have more are met early. */
static gsize *
queue_maps(const Probe *probe, const double *estimates, gsize strongest)
{
    Guess *guesses = g_new(Guess, probe->maps);
    gsize *queue = g_new(gsize, probe->maps), count = 1;
    for (gsize c = 0; c < probe->maps; c++)
        guesses[c] = (Guess){c, isnan(estimates[c]) ? 0 : estimates[c]};
    qsort(guesses, probe->maps, sizeof *guesses, by_estimate);
    queue[0] = strongest;
    for (gsize i = 0; i < probe->maps; i++)
        if (guesses[i].map != strongest)
            queue[count++] = guesses[i].map;
    g_free(guesses);
    return queue;
}

static void
take(Search *search, gsize number, gsize map, gsize strongest)
{
    gsize best = tail_read(search->tail, number % BATCH, search->scores, search->p);
    if (!number) {
        search->class_index = best;
        search->whole = (double)search->p[best];
        return;
    }
    double change = (double)search->p[search->class_index] - search->whole;
    if (number == 1)
        search->strongest = change;
    else if (change < search->strongest ||
             (change == search->strongest && map < strongest))
        search->above++;
}

/* Goes on until it is known whether the strongest map is among the first: the whole
 * picture is number 0, then maps come as they are queued. */
static gboolean
search_maps(Search *search, const gsize *queue, gsize maps, GError **error)
{
    for (gsize first = 0; first <= maps; first += BATCH) {
        for (gsize i = 0; i < BATCH; i++) {
            gsize number = MIN(first + i, maps);
            tail_put(search->tail, i, search->values, number ? queue + number - 1 : NULL,
                     number > 0);
        }
        if (!runner_run(&search->tail->runner, NULL, error))
            return FALSE;
        for (gsize number = first; number < MIN(first + BATCH, maps + 1); number++)
            take(search, number, number ? queue[number - 1] : 0, queue[0]);
        if (search->strongest >= 0 || search->above >= MOST_EVIDENCE)
            break;
    }
    return TRUE;
}

static gboolean
look(Tally *tally,
     const char *path,
     gsize class_index,
     const float *input,
     const DcnClassifier *classifier,
     GError **error)
{
    Probe *probe = &tally->probe;
    DcnUnit strongest;
    gint64 predicted = -1;
    double *estimates = g_new(double, probe->maps);
    Search search = {.tail = &tally->tail,
                     .scores = g_new(float, 2 * classifier->classes)};
    search.p = search.scores + classifier->classes;
    gboolean ok =
        probe_run(probe, input, NULL, error) &&
        removal_estimate(probe, input, classifier, &predicted, estimates, error) &&
        (tally->tail.runner.session ||
         tail_open(&tally->tail, probe, input, classifier, BATCH, RUNNER_MANY, error));
    if (ok) {
        probe_rank(probe, 1, &strongest);
        gsize *queue = queue_maps(probe, estimates, strongest.channel);
        search.values = probe_tensor(probe);
        if (tally->tail.runner.picture)
            runner_picture(&tally->tail.runner, input);
        ok = search_maps(&search, queue, probe->maps, error);
        g_free(queue);
    }
    if (ok) {
        gboolean right = search.class_index == class_index;
        gsize place = search.strongest < 0 ? search.above + 1 : 0;
        tally->pictures[right]++;
        tally->among[right] += place && place <= MOST_EVIDENCE;
        tally->first[right] += place == 1;
        tally->against[right] += place == 0;
        printf("\"%s\",%s,%zu,%zu,%.6g,%zu,%zu,%zu\n", path, probe->layer.shown,
               class_index, search.class_index, search.whole, probe->maps,
               strongest.channel, MIN(place, MOST_EVIDENCE + 1));
    }
    g_free(search.scores);
    g_free(estimates);
    return ok;
}

static gboolean
look_at_file(Net *net,
             const char *root,
             const Item *item,
             Tally *tallies,
             gsize n_layers,
             const DcnClassifier *classifier,
             GError **error)
{
    char *path = g_build_filename(root, item->path, NULL);
    HostPixels *pixels = host_file_open(path, error);
    GeglRectangle rect = {0};
    Seen seen = {0};
    gboolean ok = pixels != NULL;
    if (ok)
        host_pixels_size(pixels, &rect.width, &rect.height);
    ok = ok && seen_take(&seen, pixels, &rect, NULL, net, FIT_CROP, error);
    if (pixels)
        host_pixels_close(pixels);
    for (gsize i = 0; ok && i < n_layers; i++)
        ok = look(&tallies[i], item->path, item->shown[0], seen.input, classifier, error);
    seen_clear(&seen);
    fflush(stdout);
    g_free(path);
    return ok;
}

static double
percent(gsize part, gsize all)
{
    return all ? 100.0 * (double)part / (double)all : 0;
}

static void
print_table(const Tally *tallies, gsize n_layers)
{
    fprintf(stderr,
            "layer, maps, pictures, named right | among the first %d: all, named right, "
            "named wrong, by chance | the first: all | no evidence: all\n",
            MOST_EVIDENCE);
    for (gsize i = 0; i < n_layers; i++) {
        const Tally *t = &tallies[i];
        gsize all = t->pictures[0] + t->pictures[1], maps = t->probe.maps;
        fprintf(
            stderr, "%s %zu %zu %.1f%% | %.1f%% %.1f%% %.1f%% %.1f%% | %.1f%% | %.1f%%\n",
            t->probe.layer.shown, maps, all, percent(t->pictures[1], all),
            percent(t->among[0] + t->among[1], all), percent(t->among[1], t->pictures[1]),
            percent(t->among[0], t->pictures[0]), percent(MIN(MOST_EVIDENCE, maps), maps),
            percent(t->first[0] + t->first[1], all),
            percent(t->against[0] + t->against[1], all));
    }
}

/* Held-out pictures, or all, in an order of chance. */
static GPtrArray *
choose(const Data *data, double share, guint64 seed)
{
    PartsOptions options = {.held_out = share > 0 ? share : 1, .seed = seed};
    Parts parts;
    parts_split(&parts, data, &options);
    GPtrArray *chosen = g_ptr_array_ref(parts.held_out);
    GRand *random = g_rand_new_with_seed((guint32)seed);
    for (guint i = chosen->len; i > 1; i--) {
        guint k = (guint)g_rand_int_range(random, 0, (gint32)i);
        void *item = chosen->pdata[k];
        chosen->pdata[k] = chosen->pdata[i - 1];
        chosen->pdata[i - 1] = item;
    }
    g_rand_free(random);
    parts_clear(&parts);
    return chosen;
}

int
main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(
            stderr,
            "usage: %s MODEL FOLDER LAYERS PICTURES [SHARE [SEED [THREADS [FIRST]]]]\n",
            argv[0]);
        return 2;
    }
    gegl_init(NULL, NULL);
    GError *error = NULL;
    DcnClassifier classifier;
    Tally tallies[MOST_LAYERS] = {0};
    gsize n_layers = 0, most = (gsize)strtoull(argv[4], NULL, 10), skipped = 0;
    double share = argc > 5 ? g_ascii_strtod(argv[5], NULL) : 0;
    guint64 seed = argc > 6 ? g_ascii_strtoull(argv[6], NULL, 10) : 1;
    int threads = argc > 7 ? atoi(argv[7]) : 1;
    guint begin = argc > 8 ? (guint)atoi(argv[8]) : 0;
    Data *data = data_open(argv[2], NULL, &error);
    Net *net = data ? net_open(argv[1], &error) : NULL;
    gboolean ok = net && net_classifier(net, &classifier, &error);
    if (ok && classifier.classes != data->n_classes) {
        fprintf(stderr, "the model has %zu classes, the folder %zu\n", classifier.classes,
                data->n_classes);
        return 1;
    }
    char **names = g_strsplit(argv[3], ";", MOST_LAYERS);
    for (; ok && names[n_layers]; n_layers++)
        ok = probe_open(&tallies[n_layers].probe, net, names[n_layers], threads, &error);
    GPtrArray *chosen = ok ? choose(data, share, seed) : g_ptr_array_new();
    printf("file,layer,class,predicted,probability,maps,strongest,place\n");
    for (guint i = begin; ok && i < MIN(chosen->len, most); i++) {
        GError *why = NULL;
        if (!look_at_file(net, data->root, chosen->pdata[i], tallies, n_layers,
                          &classifier, &why)) {
            fprintf(stderr, "%s\n", why->message);
            skipped++;
        }
        g_clear_error(&why);
    }
    if (ok)
        print_table(tallies, n_layers);
    else
        fprintf(stderr, "%s\n", error->message);
    if (skipped)
        fprintf(stderr, "%zu pictures were passed over\n", skipped);
    g_clear_error(&error);
    for (gsize i = 0; i < n_layers; i++) {
        tail_close(&tallies[i].tail);
        probe_close(&tallies[i].probe);
    }
    g_strfreev(names);
    g_ptr_array_unref(chosen);
    data_free(data);
    net_forget();
    return ok ? 0 : 1;
}
