#include "lora_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const NAMES[] = {"attn_qkv", "attn_q", "attn_k", "attn_v", "attn_dense", "mlp_h_to_4h",
                                    "mlp_4h_to_h", "mlp_gate"};

static float element(const Tensor *weights, size_t index) {
  switch (weights->type) {
    case TYPE_FP16: return half_to_float(((const uint16_t *)weights->data)[index]);
    case TYPE_BF16: {
      uint32_t bits = (uint32_t)((const uint16_t *)weights->data)[index] << 16;
      float value;
      memcpy(&value, &bits, sizeof value);
      return value;
    }
    default: return ((const float *)weights->data)[index];
  }
}

/* A name of LoraModule::toModuleName. */
static const char *name_of(int module) {
  return module >= 0 && module < (int)(sizeof NAMES / sizeof *NAMES) ? NAMES[module] : "INVALID";
}

static bool is_enabled(const LoraCache *cache, const char *name) {
  char quoted[32];
  snprintf(quoted, sizeof quoted, "\"%s\"", name);
  return strstr(cache->modules, quoted) != NULL;
}

/*
 * As loraValidateRequestTensors (cpp/tensorrt_llm/runtime/loraUtils.cpp), in its words. NVIDIA's takes attn_dense for
 * hidden_size on both sides and does not notice where it is not.
 */
static TRITONSERVER_Error *check_row(const LoraCache *cache, const Decoder *d, const int *row, size_t width,
                                     size_t *length) {
  int in = 0, out = 0;
  const char *name = name_of(row[0]);
  if (row[1] < 0 || row[1] >= d->layers) {
    return failure(ERROR_INTERNAL, "Expected layerId to be in the range [0, numModelLayers)");
  }
  if (row[2] < 1) {
    return failure(ERROR_INTERNAL, "Expected adapterSize to be > 0");
  }
  if (!decoder_module(d, row[0], &in, &out) || !is_enabled(cache, name)) {
    return failure(ERROR_INTERNAL, "lora module %s not enabled for this model", name);
  }
  *length = (size_t)row[2] * (size_t)(in + out);
  if (*length > width) {
    return failure(ERROR_INTERNAL, "lora_weights has to few values for %s", name);
  }
  if (row[2] > cache->max_rank) {
    return failure(ERROR_INTERNAL, "Invalid low_rank (%d). low_rank must be smaller than mMaxLowRank (%d)", row[2],
                   cache->max_rank);
  }
  if (row[0] == ATTN_DENSE && in != d->hidden) {
    return failure(ERROR_INTERNAL, "test backend: attn_dense has %d inputs and would be read as if it had %d", in,
                   d->hidden);
  }
  return NULL;
}

/* What NVIDIA's does not look at, and what no converter writes. */
static TRITONSERVER_Error *check_layout(const Tensor *weights, const Tensor *config, const size_t *lengths) {
  size_t rows = (size_t)config->shape[1], columns = (size_t)config->shape[2], width = (size_t)weights->shape[2];
  size_t longest = 0;
  for (size_t r = 0; r < rows; r++) {
    const int *row = (const int *)config->data + r * columns;
    longest = lengths[r] > longest ? lengths[r] : longest;
    if (columns == 4 && row[3] != 0) {
      return failure(ERROR_INTERNAL, "test backend: row %zu is of DoRA", r);
    }
    for (size_t other = 0; other < r; other++) {
      const int *before = (const int *)config->data + other * columns;
      if (before[0] == row[0] && before[1] == row[1]) {
        return failure(ERROR_INTERNAL, "test backend: rows %zu and %zu are for one layer and module", other, r);
      }
    }
    for (size_t i = lengths[r]; i < width; i++) {
      if (element(weights, r * width + i) != 0) {
        return failure(ERROR_INTERNAL, "test backend: row %zu has more than %zu values", r, lengths[r]);
      }
    }
  }
  return longest == width ? NULL
                          : failure(ERROR_INTERNAL, "test backend: rows of %zu values, the longest takes %zu", width,
                                    longest);
}

static TRITONSERVER_Error *check(const LoraCache *cache, const Decoder *d, const Tensor *weights, const Tensor *config) {
  size_t rows = (size_t)config->shape[1], columns = (size_t)config->shape[2];
  if ((size_t)weights->shape[1] != rows) {
    return failure(ERROR_INTERNAL, "Expected dim1 lora_weights and lora_keys to have the same size");
  }
  if (columns != 3 && columns != 4) {
    return failure(ERROR_INTERNAL, "Expected dim2 of lora_keys to have a size in [3, 4]");
  }
  size_t *lengths = calloc(rows + 1, sizeof *lengths);
  TRITONSERVER_Error *error = NULL;
  for (size_t r = 0; r < rows && error == NULL; r++) {
    error = check_row(cache, d, (const int *)config->data + r * columns, (size_t)weights->shape[2], &lengths[r]);
  }
  error = error == NULL ? check_layout(weights, config, lengths) : error;
  free(lengths);
  return error;
}

static void forget(LoraCache *cache, Task **link) {
  Task *task = *link;
  *link = task->next;
  cache->bytes -= task->bytes;
  free(task->adapter.pairs);
  free(task->adapter.values);
  free(task);
}

/*
 * Frees what is unused for longest until the bytes fit. Where what is in use leaves no room, in the words of
 * claimPagesWithEvict: all that is unused is freed before it notices, unless there was nothing.
 */
static TRITONSERVER_Error *make_room(LoraCache *cache, uint64_t id, size_t bytes) {
  bool freed = false;
  while (cache->bytes + bytes > cache->capacity) {
    Task **oldest = NULL;
    for (Task **link = &cache->tasks; *link != NULL; link = &(*link)->next) {
      if ((*link)->uses == 0 && (oldest == NULL || (*link)->used < (*oldest)->used)) {
        oldest = link;
      }
    }
    if (oldest == NULL) {
      return freed ? failure(ERROR_INTERNAL, "[TensorRT-LLM][ERROR] Assertion failed: pageIds.has_value()")
                   : failure(ERROR_INTERNAL, "PEFT Cache is full. Could not store taskId=%lu", id);
    }
    forget(cache, oldest);
    freed = true;
  }
  return NULL;
}

static Task *keep(LoraCache *cache, const Decoder *d, uint64_t id, const Tensor *weights, const Tensor *config) {
  size_t rows = (size_t)config->shape[1], columns = (size_t)config->shape[2], width = (size_t)weights->shape[2];
  Task *task = calloc(1, sizeof *task);
  task->id = id;
  task->bytes = weights->bytes;
  task->adapter.pairs = calloc((size_t)d->layers * MODULES, sizeof(Pair));
  task->adapter.values = malloc(rows * width * sizeof(float));
  for (size_t i = 0; i < rows * width; i++) {
    task->adapter.values[i] = element(weights, i);
  }
  for (size_t r = 0; r < rows; r++) {
    const int *row = (const int *)config->data + r * columns;
    int in, out;
    decoder_module(d, row[0], &in, &out);
    Pair *pair = &task->adapter.pairs[row[1] * MODULES + row[0]];
    pair->rank = row[2];
    pair->a = task->adapter.values + r * width;
    pair->b = pair->a + (size_t)row[2] * (size_t)in;
  }
  task->next = cache->tasks;
  cache->tasks = task;
  cache->bytes += task->bytes;
  return task;
}

TRITONSERVER_Error *lora_acquire(LoraCache *cache, const Decoder *d, uint64_t id, const Tensor *weights,
                                 const Tensor *config, Task **found) {
  if ((weights->data == NULL) != (config->data == NULL)) {
    return failure(ERROR_INTERNAL, "Request for LoRA inference must have both lora_weights and lora_keys");
  }
  Task *task = cache->tasks;
  while (task != NULL && task->id != id) {
    task = task->next;
  }
  if (task == NULL && weights->data == NULL) {
    return failure(ERROR_INTERNAL, "LoRA task %lu not found in cache. Please send LoRA weights with request", id);
  }
  if (task == NULL) {
    TRITONSERVER_Error *error = check(cache, d, weights, config);
    if (error != NULL) {
      return error;
    }
    error = make_room(cache, id, weights->bytes);
    if (error != NULL) {
      return error;
    }
    task = keep(cache, d, id, weights, config);
  }
  task->uses++;
  task->used = ++cache->clock;
  *found = task;
  return NULL;
}

void lora_release(Task *task) {
  if (task != NULL) {
    task->uses--;
  }
}

void lora_clear(LoraCache *cache) {
  while (cache->tasks != NULL) {
    forget(cache, &cache->tasks);
  }
}
