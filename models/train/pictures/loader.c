/* SPDX-License-Identifier: GPL-3.0-or-later */
/* loader.c: threads that make the batches of an epoch ahead of the training.
 *
 * The slots form a ring: a thread takes the number of the next batch and fills its slot.
 * With 6 slots, batch 8 lies in slot 2. */

#include "pictures/loader.h"
#include "pictures/augment.h"
#include "trainer.h"
#include <string.h>

#define SLOTS 6

typedef struct {
    Batch batch;
    guint32 *index;
    gsize ready; /* number of the batch that is in it, from 1; 0: none */
} Slot;

struct Loader {
    LoaderOptions options;
    DcnInputLayout layout;
    gsize n_batches, image; /* image: floats of one */
    guint32 *order;         /* of the epoch */
    gsize epoch;
    gboolean mix;
    Slot slots[SLOTS];
    GThread **threads;

    GMutex lock;
    GCond changed;
    /* Under lock: batches that were begun, and handed out; all slots but that of the
     * last one handed out are free. */
    gsize begun, taken;
    gboolean quit;
    GError *error;
};

/* --- what a batch is --- */

/* A stream for each image of each epoch, and one for each epoch's shuffle. */
static DcnRandom
random_of(const Loader *loader, guint64 image)
{
    guint64 epoch = (guint64)loader->epoch + 1;
    return dcn_random_seed(loader->options.seed, epoch << 32 | image);
}

static void
set_target(const Loader *loader, gsize index, float share, float *target)
{
    const Shelf *shelf = loader->options.shelf;
    const Item *item = shelf->items->pdata[index];
    gsize classes = shelf->data->n_classes;
    float smoothing = shelf->data->several ? 0 : (float)loader->options.recipe->smoothing;
    for (gsize k = 0; smoothing > 0 && k < classes; k++)
        target[k] += share * smoothing / (float)classes;
    for (gsize i = 0; i < item->n_shown; i++)
        target[item->shown[i]] += share * (1 - smoothing);
}

static gboolean
make_image(const Loader *loader,
           gsize index,
           DcnRandom *random,
           float *rgb,
           float *input,
           Scratch *scratch,
           GError **error)
{
    const LoaderOptions *o = &loader->options;
    if (o->features) {
        /* A pass without variation uses no random numbers and no mirror images. */
        gboolean mirror = o->recipe && o->features->mirrored &&
                          dcn_random_unit(random) < o->recipe->flip;
        memcpy(input,
               o->features->values + (mirror ? o->features->mirrored : 0) +
                   index * loader->image,
               loader->image * sizeof *input);
        return TRUE;
    }
    Picture *own;
    const Picture *picture = shelf_get(o->shelf, index, &own, error);
    if (!picture)
        return FALSE;
    if (o->recipe) {
        augment_picture(o->recipe, picture, random, o->side, rgb, scratch);
    } else {
        Cut cut = o->fit == FIT_WHOLE ? picture_whole(picture) : picture_centre(picture);
        picture_cut(picture, &cut, o->mirror, o->side, rgb, scratch);
    }
    dcn_input_from_rgb(&o->how, &loader->layout, (gsize)o->side, (gsize)o->side, rgb,
                       input);
    g_free(own);
    return TRUE;
}

/* Image i becomes share times itself and the rest of image i + 1, as they are. */
static void
mix_images(const Loader *loader, Slot *slot, DcnRandom *randoms)
{
    gsize count = slot->batch.count, n = loader->image;
    gsize classes = loader->options.shelf->data->n_classes;
    float *first = g_memdup2(slot->batch.input, n * sizeof *first);
    memset(slot->batch.target, 0, count * classes * sizeof *slot->batch.target);
    for (gsize i = 0; i < count; i++) {
        float share = (float)augment_share(loader->options.recipe->mixup, &randoms[i]);
        float *image = slot->batch.input + i * n;
        const float *other = i + 1 < count ? image + n : first;
        for (gsize k = 0; k < n; k++)
            image[k] = share * image[k] + (1 - share) * other[k];
        float *target = slot->batch.target + i * classes;
        set_target(loader, slot->index[i], share, target);
        set_target(loader, slot->index[(i + 1) % count], 1 - share, target);
    }
    g_free(first);
}

static gboolean
make_batch(Loader *loader, gsize number, Slot *slot, Scratch *scratch, GError **error)
{
    const LoaderOptions *o = &loader->options;
    gsize first = number * o->batch, all = o->shelf->items->len;
    gsize classes = o->shelf->data->n_classes;
    slot->batch.count = MIN(o->batch, all - first);
    float *rgb = g_new(float, 3 * (gsize)o->side * (gsize)o->side);
    DcnRandom *randoms = g_new(DcnRandom, slot->batch.count);
    gboolean ok = TRUE;
    if (o->recipe)
        memset(slot->batch.target, 0, o->batch * classes * sizeof(float));
    for (gsize i = 0; ok && i < slot->batch.count; i++) {
        guint32 index = loader->order[first + i];
        slot->index[i] = index;
        randoms[i] = random_of(loader, index);
        ok = make_image(loader, index, &randoms[i], rgb,
                        slot->batch.input + i * loader->image, scratch, error);
        if (ok && o->recipe && !loader->mix)
            set_target(loader, index, 1, slot->batch.target + i * classes);
    }
    if (ok && loader->mix)
        mix_images(loader, slot, randoms);
    g_free(randoms);
    g_free(rgb);
    return ok;
}

/* --- threads --- */

static gpointer
loader_thread(gpointer user)
{
    Loader *loader = user;
    uint64_t before = dcn_zero_denormals();
    Scratch scratch = {0};
    g_mutex_lock(&loader->lock);
    while (!loader->quit) {
        /* The one that is in use stays, so one slot less is free. */
        if (loader->begun >= loader->n_batches ||
            loader->begun + 1 >= loader->taken + SLOTS) {
            g_cond_wait(&loader->changed, &loader->lock);
            continue;
        }
        gsize number = loader->begun++;
        g_mutex_unlock(&loader->lock);
        GError *error = NULL;
        Slot *slot = &loader->slots[number % SLOTS];
        make_batch(loader, number, slot, &scratch, &error);
        g_mutex_lock(&loader->lock);
        slot->ready = number + 1;
        if (error && !loader->error)
            loader->error = g_steal_pointer(&error);
        g_clear_error(&error);
        g_cond_broadcast(&loader->changed);
    }
    g_mutex_unlock(&loader->lock);
    scratch_clear(&scratch);
    dcn_restore_denormals(before);
    return NULL;
}

Loader *
loader_new(const LoaderOptions *options)
{
    Loader *loader = g_new0(Loader, 1);
    gsize all = options->shelf->items->len;
    loader->options = *options;
    loader->options.batch = MAX(MIN(options->batch, all), 1);
    loader->layout = (DcnInputLayout){
        .channels = options->channels, .height = options->side, .width = options->side};
    loader->image = options->features ? options->features->count
                                      : (gsize)options->channels * (gsize)options->side *
                                            (gsize)options->side;
    loader->order = g_new(guint32, all + 1);
    gsize batch = loader->options.batch, classes = options->shelf->data->n_classes;
    for (gsize s = 0; s < SLOTS; s++) {
        Slot *slot = &loader->slots[s];
        slot->index = g_new(guint32, batch);
        slot->batch.index = slot->index;
        slot->batch.input = g_new0(float, batch * loader->image);
        slot->batch.target = options->recipe ? g_new(float, batch *classes) : NULL;
    }
    g_mutex_init(&loader->lock);
    g_cond_init(&loader->changed);
    loader->threads = g_new(GThread *, (gsize)options->threads);
    for (int t = 0; t < options->threads; t++)
        loader->threads[t] = g_thread_new("load", loader_thread, loader);
    return loader;
}

void
loader_free(Loader *loader)
{
    if (!loader)
        return;
    g_mutex_lock(&loader->lock);
    loader->quit = TRUE;
    g_cond_broadcast(&loader->changed);
    g_mutex_unlock(&loader->lock);
    for (int t = 0; t < loader->options.threads; t++)
        g_thread_join(loader->threads[t]);
    for (gsize s = 0; s < SLOTS; s++) {
        g_free(loader->slots[s].index);
        g_free(loader->slots[s].batch.input);
        g_free(loader->slots[s].batch.target);
    }
    g_clear_error(&loader->error);
    g_cond_clear(&loader->changed);
    g_mutex_clear(&loader->lock);
    g_free(loader->threads);
    g_free(loader->order);
    g_free(loader);
}

gsize
loader_batches(const Loader *loader)
{
    gsize all = loader->options.shelf->items->len, batch = loader->options.batch;
    return loader->options.recipe ? all / batch : (all + batch - 1) / batch;
}

void
loader_begin(Loader *loader, gsize epoch, gboolean mix)
{
    gsize all = loader->options.shelf->items->len;
    g_mutex_lock(&loader->lock);
    /* Nobody works: all batches of the epoch before were begun, handed out, or there
     * were none. */
    loader->epoch = epoch;
    loader->mix = mix && loader->options.recipe && loader->options.recipe->mixup > 0;
    for (gsize i = 0; i < all; i++)
        loader->order[i] = (guint32)i;
    DcnRandom random = random_of(loader, G_MAXUINT32);
    for (gsize i = all; loader->options.recipe && i > 1; i--) { /* Fisher & Yates */
        gsize k = (gsize)dcn_random_below(&random, i);
        guint32 swap = loader->order[i - 1];
        loader->order[i - 1] = loader->order[k];
        loader->order[k] = swap;
    }
    for (gsize s = 0; s < SLOTS; s++)
        loader->slots[s].ready = 0;
    loader->begun = loader->taken = 0;
    loader->n_batches = loader_batches(loader);
    g_cond_broadcast(&loader->changed);
    g_mutex_unlock(&loader->lock);
}

const Batch *
loader_next(Loader *loader, GError **error)
{
    const Batch *batch = NULL;
    g_mutex_lock(&loader->lock);
    if (loader->taken < loader->n_batches) {
        gsize number = loader->taken++;
        Slot *slot = &loader->slots[number % SLOTS];
        g_cond_broadcast(&loader->changed);
        while (slot->ready != number + 1)
            g_cond_wait(&loader->changed, &loader->lock);
        batch = &slot->batch;
    }
    if (loader->error) {
        batch = NULL;
        g_propagate_error(error, g_steal_pointer(&loader->error));
    }
    g_mutex_unlock(&loader->lock);
    return batch;
}
