/*
 * The host tier of TensorRT-LLM's LoRA cache: bytes are fixed, what is in use stays, of the rest the one unused for
 * longest goes. Not thread-safe.
 */
#ifndef WEFT_LORA_CACHE_H
#define WEFT_LORA_CACHE_H

#include "decoder.h"
#include "triton.h"

typedef struct Task {
  uint64_t id;
  size_t bytes;
  int uses;
  uint64_t used; /* a count that grows with every use */
  Adapter adapter;
  struct Task *next;
} Task;

typedef struct {
  size_t capacity, bytes;
  uint64_t clock;
  int max_rank;
  const char *modules; /* names of those the engine was built with */
  Task *tasks;
} LoraCache;

/*
 * Finds a task, or keeps it where weights came with it; it counts as in use until lora_release. Weights of a task that
 * is there are not looked at.
 */
TRITONSERVER_Error *lora_acquire(LoraCache *, const Decoder *, uint64_t id, const Tensor *weights, const Tensor *config,
                                 Task **);
void lora_release(Task *);
void lora_clear(LoraCache *);

#endif
