#define _GNU_SOURCE
#include "signals.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(const char *text) {
  if (write(STDERR_FILENO, text, strlen(text)) < 0) {
    return;
  }
}

static void abort_as_mpi(int number) {
  (void)number;
  say("MPI_ABORT was invoked\n");
  _exit(EXIT_FAILURE);
}

static void die_as_ucx(int number) {
  (void)number;
  say("UCX caught a signal\n");
  _exit(EXIT_FAILURE);
}

void steal_as_mpi(void) {
  static int done;
  if (!done) {
    done = 1;
    signal(SIGABRT, abort_as_mpi);
    signal(SIGSEGV, abort_as_mpi);
  }
}

void steal_as_ucx(void) {
  static const struct {
    const char *name;
    int number;
  } all[] = {{"SIGILL", SIGILL}, {"SIGSEGV", SIGSEGV}, {"SIGBUS", SIGBUS}, {"SIGFPE", SIGFPE}};
  const char *listed = getenv("UCX_ERROR_SIGNALS");
  int (*original)(int, const struct sigaction *, struct sigaction *) = dlsym(RTLD_NEXT, "sigaction");
  struct sigaction action = {.sa_handler = die_as_ucx};
  for (int i = 0; i < 4; i++) {
    if (listed == NULL || strstr(listed, all[i].name) != NULL) {
      original(all[i].number, &action, NULL);
    }
  }
}

static void hang(void) {
  while (1) {
    pause();
  }
}

void hang_at_exit(void) { atexit(hang); }
