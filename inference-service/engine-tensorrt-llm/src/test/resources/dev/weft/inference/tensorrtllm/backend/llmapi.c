/*
 * The backend "python" for tests, with one model in it: NVIDIA's llmapi (contract B). Text in and out, cumulative where it
 * streams, and adapters that are read from PEFT folders when a request names them. A token is a byte; only printable ones
 * are sampled, and NUL ends an answer.
 *
 * Whether it streams stands in its model.yaml, as NVIDIA ships it. Triton knows of that only where the model may complete
 * its configuration (auto_complete_config of NVIDIA's model.py); else one response is all that a request may have.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decoder.h"
#include "sampler.h"
#include "triton.h"

enum { END = 0, FIRST_PRINTABLE = 32, LAST_PRINTABLE = 126 };

typedef struct Loaded {
  uint64_t id;
  Adapter adapter;
  struct Loaded *next;
} Loaded;

typedef struct {
  Decoder *decoder;
  bool decoupled; /* as model.yaml has it */
  bool known_decoupled, lora;
  pthread_mutex_t lock;
  Loaded *adapters; /* under the lock; kept until the end */
  int threads;      /* requests that run */
} Model;

typedef struct {
  Model *model;
  TRITONBACKEND_ModelInstance *instance;
  TRITONBACKEND_Request *request;
  TRITONBACKEND_ResponseFactory *factory;
  char *prompt;
  int limit;
  bool streaming, reason;
  Sampling sampling;
  const Adapter *adapter;
} Job;

#define TRY(call)                   \
  do {                              \
    TRITONSERVER_Error *e = (call); \
    if (e != NULL) return e;        \
  } while (0)

static TRITONSERVER_Error *scalar(TRITONBACKEND_Request *request, const char *name, int type, void *value, size_t bytes) {
  TRITONBACKEND_Input *input;
  TRITONSERVER_Error *absent = TRITONBACKEND_RequestInput(request, name, &input);
  if (absent != NULL) {
    TRITONSERVER_ErrorDelete(absent);
    return NULL;
  }
  Tensor t;
  TRY(read_tensor(request, name, type, 1, &t));
  if (t.bytes != bytes) {
    return failure(ERROR_INVALID_ARG, "%s has %lu bytes", name, t.bytes);
  }
  memcpy(value, t.data, bytes);
  free((void *)t.data);
  return NULL;
}

/* The first text of a tensor in a new block; NULL where it is not there. */
static TRITONSERVER_Error *text(TRITONBACKEND_Request *request, const char *name, char **value) {
  Tensor t;
  *value = NULL;
  TRY(read_tensor(request, name, TYPE_BYTES, 1, &t));
  if (t.data != NULL) {
    uint32_t length = *(const uint32_t *)t.data;
    if (length + 4 > t.bytes) {
      return failure(ERROR_INVALID_ARG, "%s: a text of %u bytes in %lu", name, length, t.bytes);
    }
    *value = strndup((const char *)t.data + 4, length);
  }
  free((void *)t.data);
  return NULL;
}

/* --- adapters --- */

static int module_of(const char *name) {
  static const char *const names[] = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "down_proj", "up_proj"};
  for (int i = 0; i < 7; i++) {
    if (strncmp(name, names[i], strlen(names[i])) == 0) {
      return i + 1;
    }
  }
  return 0;
}

/* Reads adapter_model.safetensors of float32 matrices whose alpha is their rank. */
static TRITONSERVER_Error *read_adapter(const Decoder *d, const char *folder, Adapter *adapter) {
  char path[4096];
  size_t bytes;
  snprintf(path, sizeof path, "%s/adapter_config.json", folder);
  char *config = read_file(path, &bytes);
  if (config == NULL || json_number(config, "r", -1) != json_number(config, "lora_alpha", -2)) {
    return failure(ERROR_INTERNAL, "%s is missing, or its r is not its lora_alpha", path);
  }
  int rank = (int)json_number(config, "r", 0);
  free(config);
  snprintf(path, sizeof path, "%s/adapter_model.safetensors", folder);
  char *file = read_file(path, &bytes);
  if (file == NULL) {
    return failure(ERROR_INTERNAL, "%s is missing", path);
  }
  uint64_t header = *(uint64_t *)file;
  adapter->pairs = calloc((size_t)d->layers * MODULES, sizeof(Pair));
  adapter->values = (float *)file; /* the whole file; aligned to 8, and the data to 4 */
  char *json = strndup(file + 8, header);
  for (char *at = json; (at = strstr(at, "model.layers.")) != NULL; at++) {
    int layer = atoi(at + strlen("model.layers."));
    char *matrix = strstr(at, ".lora_");
    char *module = matrix;
    while (module[-1] != '.') {
      module--;
    }
    long from = strtol(strstr(matrix, "\"data_offsets\":[") + strlen("\"data_offsets\":["), NULL, 10);
    Pair *pair = &adapter->pairs[layer * MODULES + module_of(module)];
    float *values = (float *)(file + 8 + header + from);
    pair->rank = rank;
    *(matrix[strlen(".lora_")] == 'A' ? &pair->a : &pair->b) = values;
  }
  free(json);
  return NULL;
}

static TRITONSERVER_Error *find_adapter(Model *model, TRITONBACKEND_Request *request, const Adapter **found) {
  uint64_t id = 0;
  char *name, *path;
  TRY(scalar(request, "lora_id", TYPE_UINT64, &id, 8));
  TRY(text(request, "lora_name", &name));
  TRY(text(request, "lora_path", &path));
  if ((id != 0) != (name != NULL) || (id != 0) != (path != NULL)) {
    return failure(ERROR_INVALID_ARG, "lora_id, lora_name, and lora_path must all be provided together");
  }
  if (id == 0) {
    return NULL;
  }
  if (access(path, R_OK) != 0) {
    return failure(ERROR_INVALID_ARG, "lora_path does not exist on the Triton server's filesystem: %s", path);
  }
  pthread_mutex_lock(&model->lock);
  Loaded *loaded = model->adapters;
  while (loaded != NULL && loaded->id != id) {
    loaded = loaded->next;
  }
  TRITONSERVER_Error *error = NULL;
  if (loaded == NULL) {
    loaded = calloc(1, sizeof *loaded);
    loaded->id = id;
    error = read_adapter(model->decoder, path, &loaded->adapter);
    loaded->next = model->adapters;
    model->adapters = loaded;
  }
  pthread_mutex_unlock(&model->lock);
  *found = &loaded->adapter;
  free(name);
  free(path);
  return error;
}

/* --- answers --- */

static void put(TRITONBACKEND_Response *response, const char *name, const char *value) {
  TRITONBACKEND_Output *output;
  void *buffer;
  int memory = MEMORY_CPU;
  int64_t memory_id = 0, shape[] = {1};
  uint32_t length = (uint32_t)strlen(value);
  must(TRITONBACKEND_ResponseOutput(response, &output, name, TYPE_BYTES, shape, 1), name);
  must(TRITONBACKEND_OutputBuffer(output, &buffer, length + 4, &memory, &memory_id), name);
  memcpy(buffer, &length, 4);
  memcpy((char *)buffer + 4, value, length);
}

static void send(Job *job, const char *answer, const char *reason, bool last, TRITONSERVER_Error *error) {
  TRITONBACKEND_Response *response;
  must(TRITONBACKEND_ResponseNewFromFactory(&response, job->factory), "response");
  if (error == NULL) {
    put(response, "text_output", answer);
    if (job->reason) {
      put(response, "finish_reason", reason);
    }
  }
  must(TRITONBACKEND_ResponseSend(response, last ? RESPONSE_FINAL : 0, error), "send");
}

static int next_token(Job *job, float *logits, const int *tokens, int count, int prompt) {
  int vocabulary = job->model->decoder->vocabulary;
  for (int token = 0; token < vocabulary; token++) {
    if (token != END && (token < FIRST_PRINTABLE || token > LAST_PRINTABLE)) {
      logits[token] = -1e30f;
    }
  }
  return sample(&job->sampling, vocabulary, logits, tokens, count, prompt);
}

static void generate(Job *job) {
  const Decoder *d = job->model->decoder;
  int prompt = (int)strlen(job->prompt), count = 0;
  int *tokens = malloc((size_t)(prompt + job->limit + 1) * sizeof(int));
  char *answer = calloc(1, (size_t)job->limit + 1);
  float *logits = malloc((size_t)d->vocabulary * sizeof(float));
  Sequence *sequence = sequence_new(d);
  for (int i = 0; i < prompt; i++) {
    tokens[count++] = (unsigned char)job->prompt[i];
  }
  const char *reason = NULL;
  for (int i = 0; reason == NULL; i++) {
    float *wanted = i + 1 < count ? NULL : logits;
    decoder_step(d, 1, &tokens[i], &sequence, &job->adapter, &wanted);
    if (wanted == NULL) {
      continue;
    }
    bool cancelled;
    must(TRITONBACKEND_ResponseFactoryIsCancelled(job->factory, &cancelled), "cancelled");
    if (cancelled) {
      TRITONSERVER_Error *error = failure(ERROR_CANCELLED, "Request cancelled by client");
      send(job, "", "", true, error);
      TRITONSERVER_ErrorDelete(error);
      break;
    }
    int token = next_token(job, logits, tokens, count, prompt);
    if (token == END) {
      reason = "stop";
    } else {
      tokens[count++] = token;
      answer[strlen(answer)] = (char)token;
      reason = count - prompt == job->limit ? "length" : NULL;
    }
    if (job->streaming || reason != NULL) {
      send(job, answer, reason == NULL ? "None" : reason, reason != NULL, NULL);
    }
  }
  free(tokens);
  free(answer);
  free(logits);
  sequence_free(sequence);
}

static void *run(void *argument) {
  Job *job = argument;
  uint64_t begun = now_ns();
  generate(job);
  must(TRITONBACKEND_ResponseFactoryDelete(job->factory), "factory");
  must(TRITONBACKEND_ModelInstanceReportStatistics(job->instance, job->request, true, begun, begun, now_ns(), now_ns()),
       "statistics");
  must(TRITONBACKEND_RequestRelease(job->request, RELEASE_ALL), "release");
  __atomic_fetch_sub(&job->model->threads, 1, __ATOMIC_SEQ_CST);
  free(job->prompt);
  free(job);
  return NULL;
}

static TRITONSERVER_Error *read_job(Job *job) {
  TRITONBACKEND_Request *from = job->request;
  Sampling *s = &job->sampling;
  *s = (Sampling){.temperature = 1, .repetition = 1, .end_id = -1};
  job->limit = 64;
  bool exclude = false;
  TRY(text(from, "text_input", &job->prompt));
  TRY(scalar(from, "streaming", TYPE_BOOL, &job->streaming, 1));
  TRY(scalar(from, "return_finish_reason", TYPE_BOOL, &job->reason, 1));
  TRY(scalar(from, "sampling_param_exclude_input_from_output", TYPE_BOOL, &exclude, 1));
  TRY(scalar(from, "sampling_param_max_tokens", TYPE_INT32, &job->limit, 4));
  TRY(scalar(from, "sampling_param_top_k", TYPE_INT32, &s->top_k, 4));
  TRY(scalar(from, "sampling_param_top_p", TYPE_FP32, &s->top_p, 4));
  TRY(scalar(from, "sampling_param_temperature", TYPE_FP32, &s->temperature, 4));
  TRY(scalar(from, "sampling_param_presence_penalty", TYPE_FP32, &s->presence, 4));
  TRY(scalar(from, "sampling_param_frequency_penalty", TYPE_FP32, &s->frequency, 4));
  TRY(scalar(from, "sampling_param_seed", TYPE_UINT64, &s->seed, 8));
  if (job->prompt == NULL || job->prompt[0] == 0 || !exclude || !wants(from, "text_output") ||
      (int)strlen(job->prompt) + job->limit > job->model->decoder->context) {
    return failure(ERROR_INVALID_ARG, "text_input is missing or too long, or the input is not excluded from the output");
  }
  if (job->streaming && !job->model->decoupled) {
    return failure(ERROR_INVALID_ARG, "Streaming is only supported in decoupled mode.");
  }
  if (job->streaming && !job->model->known_decoupled) { /* of the Python backend, at the second response */
    return failure(ERROR_INTERNAL, "Unable to send response. Non-decoupled model cannot send more than one response.");
  }
  if (job->model->lora) {
    return find_adapter(job->model, from, &job->adapter);
  }
  return NULL;
}

TRITONSERVER_Error *TRITONBACKEND_ModelInstanceExecute(TRITONBACKEND_ModelInstance *instance,
                                                       TRITONBACKEND_Request **requests, const uint32_t count) {
  TRITONBACKEND_Model *of;
  void *state;
  must(TRITONBACKEND_ModelInstanceModel(instance, &of), "model");
  must(TRITONBACKEND_ModelState(of, &state), "state");
  for (uint32_t i = 0; i < count; i++) {
    Job *job = calloc(1, sizeof *job);
    job->model = state;
    job->instance = instance;
    job->request = requests[i];
    TRITONSERVER_Error *error = read_job(job);
    if (error != NULL) {
      refuse(requests[i], error);
      free(job->prompt);
      free(job);
      continue;
    }
    must(TRITONBACKEND_ResponseFactoryNew(&job->factory, job->request), "factory");
    __atomic_fetch_add(&job->model->threads, 1, __ATOMIC_SEQ_CST);
    pthread_t thread;
    pthread_create(&thread, NULL, run, job);
    pthread_detach(thread);
  }
  return NULL;
}

/* A value of model.yaml, from a line of its own, in a new block; NULL where it is missing. */
static char *yaml_value(const char *yaml, const char *key) {
  size_t length = strlen(key);
  for (const char *line = yaml; line != NULL; line = strchr(line, '\n')) {
    line += strspn(line, " \n");
    if (strncmp(line, key, length) == 0 && line[length] == ':') {
      line += length + 1;
      line += strspn(line, " ");
      return strndup(line, strcspn(line, " #\n"));
    }
  }
  return NULL;
}

/* As auto_complete_config: the policy and the batch of model.yaml become the model's. */
static TRITONSERVER_Error *complete(TRITONBACKEND_Model *of, const char *json, bool decoupled, const char *batch) {
  if (strstr(json, "\"model_transaction_policy\"") != NULL || json_number(json, "max_batch_size", 0) != 0) {
    return failure(ERROR_INVALID_ARG, "config.pbtxt says what model.yaml has to say");
  }
  char *rest = strdup(strchr(json, '{') + 1), *old = strstr(rest, "\"max_batch_size\"");
  if (old != NULL) {
    memmove(old, old + strcspn(old, ",") + 1, strlen(old + strcspn(old, ",") + 1) + 1);
  }
  size_t size = strlen(json) + 256;
  char *completed = malloc(size);
  int length = snprintf(completed, size, "{\"model_transaction_policy\":{\"decoupled\":%s},\"max_batch_size\":%s,%s",
                        decoupled ? "true" : "false", batch, rest);
  TRITONSERVER_Message *message;
  must(TRITONSERVER_MessageNewFromSerializedJson(&message, completed, (size_t)length), "message");
  TRITONSERVER_Error *error = TRITONBACKEND_ModelSetConfig(of, 1, message);
  TRITONSERVER_MessageDelete(message);
  free(completed);
  free(rest);
  return error;
}

static TRITONSERVER_Error *open_model(TRITONBACKEND_Model *of, Model *model, const char *json, const char *yaml) {
  char *engine = yaml_value(yaml, "model"), *decoupled = yaml_value(yaml, "decoupled");
  char *batch = yaml_value(yaml, "max_batch_size");
  char reason[512] = "model.yaml lacks model, decoupled or max_batch_size";
  TRITONSERVER_Error *error = NULL;
  if (engine != NULL && decoupled != NULL && batch != NULL) {
    model->decoupled = decoupled[0] == 't' || decoupled[0] == 'T';
    bool completes;
    must(TRITONBACKEND_ModelAutoCompleteConfig(of, &completes), "completion");
    model->known_decoupled = completes && model->decoupled;
    error = completes ? complete(of, json, model->decoupled, batch) : NULL;
    model->decoder = error == NULL ? decoder_open(engine, reason, sizeof reason) : NULL;
  }
  free(engine);
  free(decoupled);
  free(batch);
  return error != NULL || model->decoder != NULL ? error : failure(ERROR_INTERNAL, "%s", reason);
}

TRITONSERVER_Error *TRITONBACKEND_ModelInitialize(TRITONBACKEND_Model *of) {
  Model *model = calloc(1, sizeof *model);
  char *json = model_config(of);
  const char *repository;
  int kind;
  must(TRITONBACKEND_ModelRepository(of, &kind, &repository), "repository");
  char path[4096];
  size_t bytes;
  snprintf(path, sizeof path, "%s/1/model.yaml", repository);
  char *yaml = read_file(path, &bytes);
  TRITONSERVER_Error *error =
      yaml == NULL ? failure(ERROR_INTERNAL, "'model.yaml' containing TRT-LLM engine args not found in '%s/1'", repository)
                   : open_model(of, model, json, yaml);
  model->lora = strstr(json, "\"lora_id\"") != NULL;
  pthread_mutex_init(&model->lock, NULL);
  free(yaml);
  free(json);
  if (error != NULL) {
    free(model);
    return error;
  }
  return TRITONBACKEND_ModelSetState(of, model);
}

TRITONSERVER_Error *TRITONBACKEND_ModelFinalize(TRITONBACKEND_Model *of) {
  void *state;
  must(TRITONBACKEND_ModelState(of, &state), "state");
  if (state == NULL) { /* it was never initialized */
    return NULL;
  }
  Model *model = state;
  while (__atomic_load_n(&model->threads, __ATOMIC_SEQ_CST) > 0) {
    usleep(1000);
  }
  while (model->adapters != NULL) {
    Loaded *loaded = model->adapters;
    model->adapters = loaded->next;
    free(loaded->adapter.pairs);
    free(loaded->adapter.values);
    free(loaded);
  }
  decoder_close(model->decoder);
  free(model);
  return NULL;
}
