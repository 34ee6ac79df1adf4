/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut.c: reading mapped files that somebody cuts off.
 *
 * Weights are mapped and not copied, since copying those of a large net would take longer
 * than a run. When its file is cut off meanwhile, as by a program that writes it anew in
 * place, the memory behind its new end is gone, and whoever reads it gets SIGBUS. Here
 * the page is replaced by one of zeroes, and the reading goes on. */
#define _GNU_SOURCE /* MAP_ANONYMOUS */

#include "net/cut.h"
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static uintptr_t page; /* its size; 0: not installed yet */
static struct sigaction before;

/* Calls only what may be called here: mmap() is a system call and no more. */
static void
on_bus_error(int number, siginfo_t *info, void *context)
{
    int kept = errno;
    void *at = (void *)((uintptr_t)info->si_addr & ~(page - 1));
    (void)context;
    /* Read only: what is written to a lost page must not be lost in silence. */
    if (info->si_code != BUS_ADRERR ||
        mmap(at, page, PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
            MAP_FAILED)
        sigaction(number, &before, NULL); /* it comes again, to whom it went before */
    errno = kept;
}

void
cut_survive(void)
{
    if (page)
        return;
    struct sigaction action = {.sa_sigaction = on_bus_error,
                               .sa_flags = SA_SIGINFO | SA_RESTART};
    page = (uintptr_t)sysconf(_SC_PAGESIZE);
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &before);
}
