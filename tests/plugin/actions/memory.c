/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory.c: a run that there is not enough memory for ends with a sentence, and the next
 * one, of another net, works. */
#include "net/net.h"
#include "plugin/fixture/fixture.h"
#include <stdio.h>
#include <sys/resource.h>

/* Sanitizers take terabytes of address space. */
#if defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

static rlim_t
used_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    g_assert_cmpint(fscanf(file, "%lu", &pages), ==, 1);
    fclose(file);
    return (rlim_t)pages * 4096;
}

static void
too_little_memory_is_a_sentence(void)
{
    static const Procedure *const tried[] = {&procedure_project, &procedure_occlusion,
                                             &procedure_classify};
    static const rlim_t megabytes[] = {40, 120, 200};
    char *path = fixture_model(fixture_wide_net(), "wide.onnx"),
         *model = g_strconcat("model=", path, NULL);
    char *red = fixture_red_net(), *other = g_strconcat("model=", red, NULL);
    Photo photo = fixture_noise(32, 32);
    struct rlimit before;
    getrlimit(RLIMIT_AS, &before);
    /* Once with all the memory: what GEGL loads is loaded. */
    Call call = fixture_call(&procedure_classify, &photo, other, NULL);
    g_assert_true(call.ok);
    fixture_call_clear(&call);
    for (gsize m = 0; m < G_N_ELEMENTS(megabytes) && !SANITIZED; m++)
        for (gsize i = 0; i < G_N_ELEMENTS(tried); i++) {
            struct rlimit little = before;
            little.rlim_cur = used_bytes() + megabytes[m] * 1000000;
            setrlimit(RLIMIT_AS, &little);
            fixture_refused(tried[i], &photo, PROCEDURE_ERROR_FAILED, "memory", model,
                            "threads=1", NULL);
            setrlimit(RLIMIT_AS, &before);
            net_forget();
        }
    call = fixture_call(&procedure_classify, &photo, other, NULL);
    g_assert_true(call.ok);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(other);
    g_free(red);
    g_free(model);
    g_free(path);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/memory/little", too_little_memory_is_a_sentence);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
