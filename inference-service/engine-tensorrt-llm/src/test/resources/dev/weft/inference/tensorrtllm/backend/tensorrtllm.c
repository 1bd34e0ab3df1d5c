/*
 * The backend "tensorrtllm" for tests: contract A of NVIDIA's C++ backend (token ids in and out, LoRA weights as tensors,
 * decoupled streaming), over a small decoder on the CPU. Where NVIDIA's is lenient this one refuses.
 *
 * Parameters beyond NVIDIA's: test_instant (tokens without a model, for measurements), test_fail_every (every n-th request
 * ends with an error after its second token), test_hold_after (no request gets more tokens than that: only a cancel ends it),
 * test_stop_hangs (the model never goes, and the process does not end by itself).
 */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decoder.h"
#include "guide.h"
#include "lora_cache.h"
#include "sampler.h"
#include "signals.h"
#include "triton.h"

typedef struct Request {
  TRITONBACKEND_Request *request;
  TRITONBACKEND_ResponseFactory *factory;
  uint64_t number, begun;
  int *tokens, prompt, count, limit; /* limit: tokens with the answer */
  int prefilled;
  Sampling sampling;
  Guide *guide;
  uint64_t task_id;
  bool lora;
  Tensor weights, config;
  Task *task;
  Sequence *sequence;
  bool streaming, exclude_input, log_probs, logits, cancelled, fails;
  float *log_probabilities;
  struct Request *next;
} Request;

typedef struct {
  TRITONBACKEND_ModelInstance *instance;
  Decoder *decoder;
  LoraCache cache;
  TokenizerInfo *tokenizer;
  int lora_type, max_batch, max_tokens, context, max_input;
  bool instant, gather_logits, decoupled, normalize, stop_hangs;
  uint64_t fail_every, hold_after, numbers, cancel_period_ns;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t work;
  Request *queue, **queue_end; /* under the lock; all else is the thread's */
  int waiting;
  bool stop;
  Request **active;
  int running;
  uint64_t steps;
  TRITONSERVER_MetricFamily *family[4];
  TRITONSERVER_Metric *metric[10];
} Engine;

enum { ACTIVE, MAX, SCHEDULED, WAITING, BLOCKS_MAX, BLOCKS_USED, TOKENS_PER, BLOCKS_REUSED, LORA_BYTES, ITERATION };
enum { BLOCK = 32 };

#define CREATING "unexpected error when creating modelInstanceState: "

/* --- reading a request --- */

static int number(const Tensor *t, int otherwise) {
  return t->data == NULL ? otherwise : *(const int *)t->data;
}

static TRITONSERVER_Error *scalar(TRITONBACKEND_Request *request, const char *name, int type, void *value, size_t bytes) {
  Tensor t;
  TRITONSERVER_Error *error = read_tensor(request, name, type, 1, &t);
  if (error == NULL && t.data != NULL) {
    memcpy(value, t.data, bytes);
  }
  free((void *)t.data);
  return error;
}

static TRITONSERVER_Error *words(TRITONBACKEND_Request *request, const char *name, int vocabulary, int **words, int *length) {
  Tensor t;
  TRITONSERVER_Error *error = read_tensor(request, name, TYPE_INT32, 3, &t);
  if (error != NULL || t.data == NULL) {
    return error;
  }
  *words = (int *)t.data;
  *length = (int)t.shape[2];
  const int *offsets = *words + *length;
  bool padding = false;
  int last = 0;
  for (int i = 0; i < *length; i++) {
    padding |= offsets[i] == -1;
    if (t.shape[1] != 2 || (padding ? offsets[i] != -1 : offsets[i] <= last || offsets[i] > *length)) {
      return failure(ERROR_INTERNAL, "%s: offset %d of word %d", name, offsets[i], i);
    }
    last = offsets[i];
  }
  for (int i = 0; i < *length; i++) {
    if ((*words)[i] < -1 || (*words)[i] >= vocabulary) {
      return failure(ERROR_INTERNAL, "%s: token %d is not in the vocabulary", name, (*words)[i]);
    }
  }
  return NULL;
}

#define TRY(call)                  \
  do {                             \
    TRITONSERVER_Error *e = (call); \
    if (e != NULL) return e;       \
  } while (0)

static TRITONSERVER_Error *read_sampling(Engine *engine, Request *r) {
  TRITONBACKEND_Request *from = r->request;
  Sampling *s = &r->sampling;
  *s = (Sampling){.temperature = 1, .repetition = 1, .end_id = -1};
  int beams = 1, sequences = 1;
  TRY(scalar(from, "runtime_top_k", TYPE_INT32, &s->top_k, 4));
  TRY(scalar(from, "runtime_top_p", TYPE_FP32, &s->top_p, 4));
  TRY(scalar(from, "temperature", TYPE_FP32, &s->temperature, 4));
  TRY(scalar(from, "repetition_penalty", TYPE_FP32, &s->repetition, 4));
  TRY(scalar(from, "presence_penalty", TYPE_FP32, &s->presence, 4));
  TRY(scalar(from, "frequency_penalty", TYPE_FP32, &s->frequency, 4));
  TRY(scalar(from, "seed", TYPE_UINT64, &s->seed, 8));
  TRY(scalar(from, "end_id", TYPE_INT32, &s->end_id, 4));
  TRY(scalar(from, "min_tokens", TYPE_INT32, &s->min_tokens, 4));
  TRY(scalar(from, "beam_width", TYPE_INT32, &beams, 4));
  TRY(scalar(from, "num_return_sequences", TYPE_INT32, &sequences, 4));
  TRY(words(from, "stop_words_list", engine->decoder->vocabulary, &s->stop_words, &s->stop_words_length));
  TRY(words(from, "bad_words_list", engine->decoder->vocabulary, &s->bad_words, &s->bad_words_length));
  Tensor bias;
  TRY(read_tensor(from, "embedding_bias", TYPE_FP32, 2, &bias));
  s->bias = (float *)bias.data;
  if (s->bias != NULL && bias.shape[1] != engine->decoder->vocabulary) {
    return failure(ERROR_INTERNAL, "embedding_bias has %ld values, the vocabulary has %d", (long)bias.shape[1],
                   engine->decoder->vocabulary);
  }
  if (s->min_tokens > 0 && s->end_id < 0) { /* batchApplyPenalty would write beside the logits */
    return failure(ERROR_INTERNAL, "min_tokens %d without end_id", s->min_tokens);
  }
  if (beams != 1 || sequences != 1) {
    return failure(ERROR_INTERNAL, "beam_width %d, num_return_sequences %d: 1 is built in", beams, sequences);
  }
  if (s->temperature <= 0 || s->top_k < 0 || s->top_k > 1024 || s->top_p > 1 || s->repetition <= 0 ||
      s->end_id < -1 || s->end_id >= engine->decoder->vocabulary) {
    return failure(ERROR_INTERNAL, "temperature %g, top_k %d, top_p %g, repetition_penalty %g or end_id %d out of range",
                   s->temperature, s->top_k, s->top_p, s->repetition, s->end_id);
  }
  return NULL;
}

static TRITONSERVER_Error *read_lora(Engine *engine, Request *r) {
  Tensor id;
  TRY(read_tensor(r->request, "lora_task_id", TYPE_UINT64, 1, &id));
  r->lora = id.data != NULL;
  r->task_id = r->lora ? *(const uint64_t *)id.data : 0;
  free((void *)id.data);
  TRITONBACKEND_Input *input;
  TRITONSERVER_Error *absent = TRITONBACKEND_RequestInput(r->request, "lora_weights", &input);
  if (absent != NULL) {
    TRITONSERVER_ErrorDelete(absent);
  } else {
    int type;
    must(TRITONBACKEND_InputProperties(input, NULL, &type, NULL, NULL, NULL, NULL), "lora_weights");
    if (type != engine->lora_type) {
      return failure(ERROR_INTERNAL, "Expected lora weights to be the same data type as base model");
    }
  }
  TRY(read_tensor(r->request, "lora_weights", engine->lora_type, 3, &r->weights));
  TRY(read_tensor(r->request, "lora_config", TYPE_INT32, 3, &r->config));
  if (!r->lora && (r->weights.data != NULL || r->config.data != NULL)) {
    return failure(ERROR_INTERNAL, "lora_task_id must be set for LoRA inference");
  }
  return NULL;
}

static TRITONSERVER_Error *read_prompt(Engine *engine, Request *r) {
  Tensor ids, length, output;
  TRY(read_tensor(r->request, "input_ids", TYPE_INT32, 2, &ids));
  if (ids.data == NULL) {
    return failure(ERROR_INTERNAL, "input_ids or encoder_input_features is not present in the request.");
  }
  r->prompt = r->count = (int)ids.shape[1];
  r->tokens = realloc((void *)ids.data, ((size_t)engine->context + (size_t)r->prompt + 1) * sizeof(int));
  TRY(read_tensor(r->request, "input_lengths", TYPE_INT32, 1, &length));
  TRY(read_tensor(r->request, "request_output_len", TYPE_INT32, 1, &output));
  int told = number(&length, -1), wanted = number(&output, -1);
  free((void *)length.data);
  free((void *)output.data);
  if (told != r->prompt || wanted < 1) {
    return failure(ERROR_INTERNAL, "input_lengths %d for %d input_ids, request_output_len %d", told, r->prompt, wanted);
  }
  if (r->prompt < 1 || r->prompt > engine->max_input) {
    return failure(ERROR_INTERNAL, "Encountered an error when fetching new request: Prompt length (%d) exceeds maximum input length (%d).",
                   r->prompt, engine->max_input);
  }
  for (int i = 0; i < r->prompt; i++) {
    if (r->tokens[i] < 0 || r->tokens[i] >= engine->decoder->vocabulary) {
      return failure(ERROR_INTERNAL, "input_ids: token %d is not in the vocabulary", r->tokens[i]);
    }
  }
  r->limit = r->prompt + wanted;
  if (r->limit > engine->context) {
    return failure(ERROR_INTERNAL, "request_output_len %d after %d tokens: max_seq_len is %d", wanted, r->prompt,
                   engine->context);
  }
  return NULL;
}

static TRITONSERVER_Error *read_request(Engine *engine, Request *r) {
  TRY(read_prompt(engine, r));
  TRY(read_sampling(engine, r));
  TRY(read_lora(engine, r));
  TRY(guide_read(r->request, engine->tokenizer, &r->guide));
  TRY(scalar(r->request, "streaming", TYPE_BOOL, &r->streaming, 1));
  TRY(scalar(r->request, "return_log_probs", TYPE_BOOL, &r->log_probs, 1));
  TRY(scalar(r->request, "return_generation_logits", TYPE_BOOL, &r->logits, 1));
  TRY(scalar(r->request, "exclude_input_in_output", TYPE_BOOL, &r->exclude_input, 1));
  if (!wants(r->request, "output_ids")) {
    return failure(ERROR_INTERNAL, "output_ids tensor must be present in list of output tensors");
  }
  if (!wants(r->request, "sequence_length")) {
    return failure(ERROR_INTERNAL, "sequence_length tensor must be present in list of output tensors");
  }
  if (r->logits && !engine->gather_logits) {
    return failure(ERROR_INTERNAL, "Need to build engine with gather_generation_logits to return generation logits");
  }
  if (r->streaming && !engine->decoupled) {
    return failure(ERROR_INTERNAL, "Streaming is only supported if model is deployed using decoupled mode.");
  }
  r->log_probabilities = calloc((size_t)(r->limit - r->prompt), sizeof(float));
  return NULL;
}

static void free_request(Request *r) {
  free(r->tokens);
  free(r->sampling.bias);
  free(r->sampling.stop_words);
  free(r->sampling.bad_words);
  free((void *)r->weights.data);
  free((void *)r->config.data);
  free(r->log_probabilities);
  guide_free(r->guide);
  sequence_free(r->sequence);
  free(r);
}

/* --- answering --- */

static void *output(TRITONBACKEND_Response *response, const char *name, int type, size_t bytes, int dims, const int64_t *shape) {
  TRITONBACKEND_Output *output;
  void *buffer;
  int memory = MEMORY_CPU;
  int64_t memory_id = 0;
  must(TRITONBACKEND_ResponseOutput(response, &output, name, type, shape, (uint32_t)dims), name);
  must(TRITONBACKEND_OutputBuffer(output, &buffer, bytes, &memory, &memory_id), name);
  if (memory != MEMORY_CPU) {
    fprintf(stderr, "test backend: the buffer of %s is not in CPU memory\n", name);
    abort();
  }
  return buffer;
}

/* Gives the request back; every second one before its last response, since Triton allows both. */
static void release(Engine *engine, Request *r, bool ok) {
  if (r->request != NULL) {
    uint64_t now = now_ns();
    must(TRITONBACKEND_ModelInstanceReportStatistics(engine->instance, r->request, ok, r->begun, r->begun, now, now),
         "statistics");
    must(TRITONBACKEND_RequestRelease(r->request, RELEASE_ALL), "release");
    r->request = NULL;
  }
}

static void send(Engine *engine, Request *r, TRITONBACKEND_Response *response, bool last, TRITONSERVER_Error *error) {
  bool ok = error == NULL;
  if (last && r->number % 2 == 0) {
    release(engine, r, ok);
  }
  must(TRITONBACKEND_ResponseSend(response, last ? RESPONSE_FINAL : 0, error), "send");
  if (last) {
    must(TRITONBACKEND_ResponseFactoryDelete(r->factory), "factory");
    release(engine, r, ok);
  }
}

static void answer_error(Engine *engine, Request *r, TRITONSERVER_Error *error) {
  TRITONSERVER_Error *wrapped =
      failure(ERROR_INTERNAL, "Executor failed process requestId %lu due to the following error: %s", r->number,
              TRITONSERVER_ErrorMessage(error));
  TRITONBACKEND_Response *response;
  must(TRITONBACKEND_ResponseNewFromFactory(&response, r->factory), "response");
  send(engine, r, response, true, wrapped);
  TRITONSERVER_ErrorDelete(wrapped);
  TRITONSERVER_ErrorDelete(error);
}

/*
 * One response with the tokens from first on; the generation logits are those of its last token, the log-probabilities
 * those of all generated so far, as GenericLlmRequest::createResult has both.
 */
static void answer(Engine *engine, Request *r, int first, bool last, const float *logits) {
  int tokens = r->count - first, generated = r->count - r->prompt;
  TRITONBACKEND_Response *response;
  must(TRITONBACKEND_ResponseNewFromFactory(&response, r->factory), "response");
  int *ids = output(response, "output_ids", TYPE_INT32, (size_t)tokens * 4, 3, (int64_t[]){1, 1, tokens});
  if (tokens > 0) {
    memcpy(ids, r->tokens + first, (size_t)tokens * 4);
  }
  *(int *)output(response, "sequence_length", TYPE_INT32, 4, 2, (int64_t[]){1, 1}) = tokens;
  if (r->log_probs && (last || r->streaming)) {
    float *to = output(response, "output_log_probs", TYPE_FP32, (size_t)generated * 4, 3, (int64_t[]){1, 1, generated});
    if (generated > 0) {
      memcpy(to, r->log_probabilities, (size_t)generated * 4);
    }
  }
  if (r->logits && logits != NULL) {
    size_t bytes = (size_t)engine->decoder->vocabulary * 4;
    void *to = output(response, "generation_logits", TYPE_FP32, bytes, 4,
                      (int64_t[]){1, 1, 1, engine->decoder->vocabulary});
    memcpy(to, logits, bytes);
  }
  send(engine, r, response, last, NULL);
}

/* --- the engine's thread --- */

/* Takes the next token of a request; true where it has ended. */
static bool advance(Engine *engine, Request *r, int token, const float *raw, const float *changed) {
  bool end = token == r->sampling.end_id;
  if (!end) {
    r->tokens[r->count++] = token;
    r->log_probabilities[r->count - 1 - r->prompt] =
        changed == NULL ? 0
                        : log_probability(&r->sampling, changed, engine->decoder->vocabulary, token, engine->normalize);
  }
  if (r->fails && r->count - r->prompt == 2) {
    answer_error(engine, r, failure(ERROR_INTERNAL, "a fault that the test asked for"));
    return true;
  }
  end |= r->count >= r->limit || ends_with_word(r->sampling.stop_words, r->sampling.stop_words_length, r->tokens,
                                                r->count, r->prompt);
  if (r->streaming) {
    answer(engine, r, token == r->sampling.end_id ? r->count : r->count - 1, end, token == r->sampling.end_id ? NULL : raw);
  } else if (end) {
    answer(engine, r, r->exclude_input ? r->prompt : 0, true, raw);
  }
  return end;
}

static void leave(Engine *engine, int at) {
  Request *r = engine->active[at];
  engine->active[at] = engine->active[--engine->running];
  pthread_mutex_lock(&engine->lock);
  lora_release(r->task);
  pthread_mutex_unlock(&engine->lock);
  free_request(r);
}

/* As forwardAsync: what is thrown within a step ends every request of the batch. */
static void fail_all(Engine *engine, const char *reason) {
  for (int i = engine->running - 1; i >= 0; i--) {
    answer_error(engine, engine->active[i], failure(ERROR_INTERNAL, "Encountered an error in forwardAsync function: %s", reason));
    leave(engine, i);
  }
}

static void poll_cancelled(Request *r) {
  must(TRITONBACKEND_ResponseFactoryIsCancelled(r->factory, &r->cancelled), "cancelled");
}

/* As WaitForCancel, which asks for all requests, also those that wait. */
static void poll_all_cancelled(Engine *engine) {
  pthread_mutex_lock(&engine->lock);
  for (Request *r = engine->queue; r != NULL; r = r->next) {
    poll_cancelled(r);
  }
  pthread_mutex_unlock(&engine->lock);
  for (int i = 0; i < engine->running; i++) {
    poll_cancelled(engine->active[i]);
  }
}

/* As terminateCancelledRequests: a cancelled request that waits is answered when it is its turn, and not before. */
static void drop_cancelled(Engine *engine) {
  for (int i = engine->running - 1; i >= 0; i--) {
    Request *r = engine->active[i];
    if (r->cancelled) {
      answer(engine, r, r->count, true, NULL);
      leave(engine, i);
    }
  }
}

static void step_instant(Engine *engine) {
  for (int i = engine->running - 1; i >= 0; i--) {
    Request *r = engine->active[i];
    if (advance(engine, r, (r->tokens[r->count - 1] + 1) % engine->decoder->vocabulary, NULL, NULL)) {
      leave(engine, i);
    }
  }
}

static void step(Engine *engine) {
  int rows = 0, vocabulary = engine->decoder->vocabulary, limit = engine->max_tokens + engine->running;
  int *tokens = malloc((size_t)limit * sizeof(int));
  Sequence **sequences = malloc((size_t)limit * sizeof *sequences);
  const Adapter **adapters = malloc((size_t)limit * sizeof *adapters);
  float **logits = calloc((size_t)limit, sizeof *logits);
  float **of_request = calloc((size_t)engine->running, sizeof *of_request);
  for (int i = 0; i < engine->running; i++) {
    Request *r = engine->active[i];
    if (engine->hold_after > 0 && (uint64_t)(r->count - r->prompt) >= engine->hold_after) {
      continue;
    }
    while (r->prefilled < r->count && rows < limit - (engine->running - 1 - i)) {
      tokens[rows] = r->tokens[r->prefilled++];
      sequences[rows] = r->sequence;
      adapters[rows] = r->task == NULL ? NULL : &r->task->adapter;
      if (r->prefilled == r->count) {
        logits[rows] = of_request[i] = malloc((size_t)vocabulary * sizeof(float));
      }
      rows++;
    }
  }
  if (rows == 0) {
    usleep(500);
  }
  decoder_step(engine->decoder, rows, tokens, sequences, adapters, logits);
  float *changed = malloc((size_t)vocabulary * sizeof(float));
  bool terminated = false;
  for (int i = engine->running - 1; i >= 0; i--) {
    Request *r = engine->active[i];
    if (of_request[i] != NULL) {
      memcpy(changed, of_request[i], (size_t)vocabulary * sizeof(float));
      terminated |= r->guide != NULL && !guide_mask(r->guide, engine->tokenizer, changed, vocabulary);
      int token = sample(&r->sampling, vocabulary, changed, r->tokens, r->count, r->prompt);
      if (r->guide != NULL) {
        guide_accept(r->guide, engine->tokenizer, token);
      }
      if (advance(engine, r, token, of_request[i], changed)) {
        leave(engine, i);
      }
    }
    free(of_request[i]);
  }
  free(changed), free(tokens), free(sequences), free(adapters), free(logits), free(of_request);
  if (terminated) {
    fail_all(engine, "GrammarMatcher has terminated after accepting the stop token, but is trying to find the next token mask");
  }
}

static void set(Engine *engine, int metric, double value) {
  must(TRITONSERVER_MetricSet(engine->metric[metric], value), "metric");
}

static void report(Engine *engine) {
  int blocks = 0;
  for (int i = 0; i < engine->running; i++) {
    blocks += (engine->active[i]->count + BLOCK - 1) / BLOCK;
  }
  set(engine, ACTIVE, engine->running + engine->waiting);
  set(engine, MAX, engine->max_batch);
  set(engine, SCHEDULED, engine->running);
  set(engine, WAITING, engine->waiting);
  set(engine, BLOCKS_MAX, (double)engine->max_batch * ((engine->context + BLOCK - 1) / BLOCK));
  set(engine, BLOCKS_USED, blocks);
  set(engine, TOKENS_PER, BLOCK);
  set(engine, BLOCKS_REUSED, 0);
  set(engine, LORA_BYTES, (double)engine->cache.bytes);
  set(engine, ITERATION, (double)engine->steps);
}

/* Moves a waiting request into the batch, or answers it where its adapter can't be had. */
static void admit(Engine *engine, Request *r) {
  if (r->lora) {
    pthread_mutex_lock(&engine->lock);
    TRITONSERVER_Error *error =
        lora_acquire(&engine->cache, engine->decoder, r->task_id, &r->weights, &r->config, &r->task);
    pthread_mutex_unlock(&engine->lock);
    if (error != NULL) {
      answer_error(engine, r, error);
      free_request(r);
      return;
    }
  }
  r->sequence = engine->instant ? NULL : sequence_new(engine->decoder);
  engine->active[engine->running++] = r;
  char reason[256];
  if (r->guide != NULL && !guide_compile(r->guide, reason, sizeof reason)) {
    fail_all(engine, reason);
  }
}

static void *run(void *argument) {
  Engine *engine = argument;
  uint64_t polled = 0, reported = 0;
  while (true) {
    pthread_mutex_lock(&engine->lock);
    if (engine->running == 0 && engine->queue == NULL) {
      report(engine);
    }
    while (engine->running == 0 && engine->queue == NULL && !engine->stop) {
      pthread_cond_wait(&engine->work, &engine->lock);
    }
    if (engine->stop) {
      pthread_mutex_unlock(&engine->lock);
      return NULL;
    }
    while (engine->queue != NULL && engine->running < engine->max_batch) {
      Request *r = engine->queue;
      engine->queue = r->next;
      engine->queue_end = engine->queue == NULL ? &engine->queue : engine->queue_end;
      engine->waiting--;
      pthread_mutex_unlock(&engine->lock);
      admit(engine, r);
      pthread_mutex_lock(&engine->lock);
    }
    pthread_mutex_unlock(&engine->lock);
    uint64_t now = now_ns();
    if (now - polled >= engine->cancel_period_ns) {
      polled = now;
      poll_all_cancelled(engine);
    }
    drop_cancelled(engine);
    if (now - reported >= 100000000u) {
      reported = now;
      report(engine);
    }
    if (engine->running > 0) {
      engine->steps++;
      engine->instant ? step_instant(engine) : step(engine);
    }
  }
}

/* --- life cycle --- */

static void metrics(Engine *engine, const char *model) {
  static const struct {
    int family;
    const char *label, *value;
  } all[] = {{0, "request_type", "active"},        {0, "request_type", "max"},
             {0, "request_type", "scheduled"},     {0, "request_type", "waiting"},
             {1, "kv_cache_block_type", "max"},    {1, "kv_cache_block_type", "used"},
             {1, "kv_cache_block_type", "tokens_per"}, {1, "kv_cache_block_type", "reused"},
             {2, "memory_type", "lora_host"},      {3, "general_type", "iteration_counter"}};
  static const char *names[] = {"nv_trt_llm_request_metrics", "nv_trt_llm_kv_cache_block_metrics",
                                "nv_trt_llm_runtime_memory_metrics", "nv_trt_llm_general_metrics"};
  for (int i = 0; i < 4; i++) {
    must(TRITONSERVER_MetricFamilyNew(&engine->family[i], METRIC_GAUGE, names[i], "TRT LLM metrics"), names[i]);
  }
  for (int i = 0; i < 10; i++) {
    const TRITONSERVER_Parameter *labels[] = {TRITONSERVER_ParameterNew("model", 0, model),
                                              TRITONSERVER_ParameterNew("version", 0, "1"),
                                              TRITONSERVER_ParameterNew(all[i].label, 0, all[i].value)};
    must(TRITONSERVER_MetricNew(&engine->metric[i], engine->family[all[i].family], labels, 3), all[i].value);
    for (int l = 0; l < 3; l++) {
      TRITONSERVER_ParameterDelete((TRITONSERVER_Parameter *)labels[l]);
    }
  }
}

static bool is(const char *json, const char *parameter, const char *value) {
  char *text = json_parameter(json, parameter);
  bool same = text != NULL && strcmp(text, value) == 0;
  free(text);
  return same;
}

static double parameter_number(const char *json, const char *parameter, double otherwise) {
  char *text = json_parameter(json, parameter);
  char *end = text;
  double value = text == NULL ? otherwise : strtod(text, &end);
  value = end == text ? otherwise : value;
  free(text);
  return value;
}

/* What ModelInstanceState reads outside any try, in its order and words; other parameters have defaults. */
static TRITONSERVER_Error *check_demanded(const char *model) {
  static const char *const names[] = {"gpt_model_type", "tokenizer_dir", "xgrammar_tokenizer_info_path",
                                      "guided_decoding_backend"};
  for (int i = 0; i < 4; i++) {
    char *value = json_parameter(model, names[i]);
    if (value == NULL) {
      return failure(ERROR_INTERNAL, CREATING "Cannot find parameter with name: %s", names[i]);
    }
    free(value);
    if (i == 0 && !is(model, names[i], "inflight_fused_batching")) { /* NVIDIA's knows V1 and inflight_batching too */
      return failure(ERROR_INTERNAL, CREATING "Invalid gpt_model_type. Must be v1/inflight_batching/inflight_fused_batching.");
    }
  }
  return NULL;
}

static TRITONSERVER_Error *open_engine(Engine *engine, const char *model) {
  TRY(check_demanded(model));
  TRY(tokenizer_info_open(model, &engine->tokenizer));
  char *folder = json_parameter(model, "gpt_model_path");
  char reason[512] = "Both encoder and decoder model paths are empty";
  engine->decoder = folder == NULL ? NULL : decoder_open(folder, reason, sizeof reason);
  if (engine->decoder == NULL) {
    free(folder);
    return failure(ERROR_INTERNAL, CREATING "%s", reason);
  }
  char path[4096];
  size_t bytes;
  snprintf(path, sizeof path, "%s/config.json", folder);
  char *build = read_file(path, &bytes);
  engine->context = engine->decoder->context;
  engine->max_tokens = (int)json_number(build, "max_num_tokens", 512);
  /* as TrtGptModel: max_input_len of the build counts only where inputs are not packed */
  engine->max_input = engine->context - 1;
  if (!is(model, "enable_chunked_context", "true") && engine->max_tokens < engine->max_input) {
    engine->max_input = engine->max_tokens;
  }
  engine->cache.max_rank = (int)json_number(build, "max_lora_rank", 0);
  engine->cache.modules = json_value(build, "lora_target_modules");
  engine->gather_logits = json_value(build, "gather_generation_logits")[0] == 't';
  char *plugin = json_value(build, "lora_plugin");
  engine->lora_type = strcmp(plugin, "float16") == 0 ? TYPE_FP16 : strcmp(plugin, "bfloat16") == 0 ? TYPE_BF16 : TYPE_FP32;
  free(plugin);
  free(build);
  free(folder);
  engine->cache.capacity = (size_t)parameter_number(model, "lora_cache_host_memory_bytes", 1 << 30);
  engine->cancel_period_ns = (uint64_t)(parameter_number(model, "cancellation_check_period_ms", 100) * 1e6);
  engine->fail_every = (uint64_t)parameter_number(model, "test_fail_every", 0);
  engine->hold_after = (uint64_t)parameter_number(model, "test_hold_after", 0);
  engine->instant = is(model, "test_instant", "true");
  engine->stop_hangs = is(model, "test_stop_hangs", "true");
  engine->normalize = !is(model, "normalize_log_probs", "false");
  engine->decoupled = json_value(model, "decoupled")[0] == 't';
  engine->max_batch = (int)json_number(model, "max_batch_size", 0);
  return engine->max_batch > 0 ? NULL : failure(ERROR_INVALID_ARG, "max_batch_size must be positive");
}

TRITONSERVER_Error *TRITONBACKEND_ModelInitialize(TRITONBACKEND_Model *model) {
  Engine *engine = calloc(1, sizeof *engine);
  char *json = model_config(model);
  TRITONSERVER_Error *error = open_engine(engine, json);
  free(json);
  if (error != NULL) {
    free(engine);
    return error;
  }
  const char *name;
  must(TRITONBACKEND_ModelName(model, &name), "name");
  metrics(engine, name);
  pthread_mutex_init(&engine->lock, NULL);
  pthread_cond_init(&engine->work, NULL);
  engine->queue_end = &engine->queue;
  engine->active = calloc((size_t)engine->max_batch, sizeof *engine->active);
  /* Executor does so before it reads the engine; here it comes last, so that there is less time to die in */
  steal_as_mpi();
  steal_as_ucx();
  if (engine->stop_hangs) {
    hang_at_exit();
  }
  return TRITONBACKEND_ModelSetState(model, engine);
}

TRITONSERVER_Error *TRITONBACKEND_ModelFinalize(TRITONBACKEND_Model *model) {
  void *state;
  must(TRITONBACKEND_ModelState(model, &state), "state");
  if (state == NULL) { /* it was never initialized */
    return NULL;
  }
  Engine *engine = state;
  for (int i = 0; i < 10; i++) {
    must(TRITONSERVER_MetricDelete(engine->metric[i]), "metric");
  }
  for (int i = 0; i < 4; i++) {
    must(TRITONSERVER_MetricFamilyDelete(engine->family[i]), "family");
  }
  lora_clear(&engine->cache);
  free((void *)engine->cache.modules);
  decoder_close(engine->decoder);
  tokenizer_info_close(engine->tokenizer);
  free(engine->active);
  free(engine);
  return NULL;
}

static Engine *engine_of(TRITONBACKEND_ModelInstance *instance) {
  TRITONBACKEND_Model *model;
  void *state;
  must(TRITONBACKEND_ModelInstanceModel(instance, &model), "model");
  must(TRITONBACKEND_ModelState(model, &state), "state");
  return state;
}

TRITONSERVER_Error *TRITONBACKEND_ModelInstanceInitialize(TRITONBACKEND_ModelInstance *instance) {
  Engine *engine = engine_of(instance);
  if (engine->instance != NULL) {
    return failure(ERROR_INVALID_ARG, "instance_group: a count of 1 is served");
  }
  engine->instance = instance;
  pthread_create(&engine->thread, NULL, run, engine);
  return NULL;
}

TRITONSERVER_Error *TRITONBACKEND_ModelInstanceFinalize(TRITONBACKEND_ModelInstance *instance) {
  Engine *engine = engine_of(instance);
  while (engine->stop_hangs) {
    pause();
  }
  pthread_mutex_lock(&engine->lock);
  engine->stop = true;
  pthread_cond_signal(&engine->work);
  pthread_mutex_unlock(&engine->lock);
  pthread_join(engine->thread, NULL);
  return NULL;
}

TRITONSERVER_Error *TRITONBACKEND_ModelInstanceExecute(TRITONBACKEND_ModelInstance *instance,
                                                       TRITONBACKEND_Request **requests, const uint32_t count) {
  Engine *engine = engine_of(instance);
  for (uint32_t i = 0; i < count; i++) {
    Request *r = calloc(1, sizeof *r);
    r->request = requests[i];
    r->begun = now_ns();
    TRITONSERVER_Error *error = read_request(engine, r);
    if (error != NULL) {
      refuse(requests[i], error);
      free_request(r);
      continue;
    }
    must(TRITONBACKEND_ResponseFactoryNew(&r->factory, r->request), "factory");
    pthread_mutex_lock(&engine->lock);
    r->number = ++engine->numbers;
    r->fails = engine->fail_every > 0 && r->number % engine->fail_every == 0;
    *engine->queue_end = r;
    engine->queue_end = &r->next;
    engine->waiting++;
    pthread_cond_signal(&engine->work);
    pthread_mutex_unlock(&engine->lock);
  }
  return NULL;
}
