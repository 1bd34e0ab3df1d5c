#include "decoder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "triton.h"

enum { IN_NORM, Q, Q_BIAS, K, K_BIAS, V, V_BIAS, O, POST_NORM, GATE, UP, DOWN, LAYER_WEIGHTS };

static void layer_sizes(const Decoder *d, size_t *sizes) {
  size_t hidden = (size_t)d->hidden, q = (size_t)d->heads * d->head_dim, kv = (size_t)d->kv_heads * d->head_dim;
  size_t ffn = (size_t)d->ffn;
  size_t all[LAYER_WEIGHTS] = {hidden, q * hidden, q, kv * hidden, kv, kv * hidden, kv, hidden * q, hidden,
                               ffn * hidden, ffn * hidden, hidden * ffn};
  memcpy(sizes, all, sizeof all);
}

Decoder *decoder_open(const char *folder, char *reason, int reason_bytes) {
  char path[4096];
  size_t bytes;
  snprintf(path, sizeof path, "%s/config.json", folder);
  char *config = read_file(path, &bytes);
  if (config == NULL) {
    snprintf(reason, (size_t)reason_bytes, "%s can't be read", path);
    return NULL;
  }
  Decoder *d = calloc(1, sizeof *d);
  d->vocabulary = (int)json_number(config, "vocab_size", 0);
  d->hidden = (int)json_number(config, "hidden_size", 0);
  d->layers = (int)json_number(config, "num_hidden_layers", 0);
  d->heads = (int)json_number(config, "num_attention_heads", 0);
  d->kv_heads = (int)json_number(config, "num_key_value_heads", 0);
  d->head_dim = (int)json_number(config, "head_size", 0);
  d->ffn = (int)json_number(config, "intermediate_size", 0);
  d->context = (int)json_number(config, "max_seq_len", 0);
  d->eps = (float)json_number(config, "norm_epsilon", 0);
  d->theta = (float)json_number(config, "rotary_base", 0);
  free(config);
  snprintf(path, sizeof path, "%s/rank0.engine", folder);
  d->weights = (float *)read_file(path, &bytes);
  size_t sizes[LAYER_WEIGHTS], total = 2 * (size_t)d->vocabulary * d->hidden + d->hidden;
  layer_sizes(d, sizes);
  for (int w = 0; w < LAYER_WEIGHTS; w++) {
    total += sizes[w] * (size_t)d->layers;
  }
  if (d->weights == NULL || bytes != total * sizeof(float)) {
    snprintf(reason, (size_t)reason_bytes, "%s is missing or has not the %zu bytes of config.json", path,
             total * sizeof(float));
    decoder_close(d);
    return NULL;
  }
  const float *at = d->weights;
  d->embedding = at;
  at += (size_t)d->vocabulary * d->hidden;
  d->layer = calloc((size_t)d->layers * LAYER_WEIGHTS, sizeof *d->layer);
  for (int l = 0; l < d->layers; l++) {
    for (int w = 0; w < LAYER_WEIGHTS; w++) {
      d->layer[l * LAYER_WEIGHTS + w] = at;
      at += sizes[w];
    }
  }
  d->final_norm = at;
  d->head = at + d->hidden;
  return d;
}

void decoder_close(Decoder *d) {
  free(d->weights);
  free(d->layer);
  free(d);
}

bool decoder_module(const Decoder *d, int module, int *in, int *out) {
  int q = d->heads * d->head_dim, kv = d->kv_heads * d->head_dim;
  *in = module == ATTN_DENSE ? q : module == MLP_4H_TO_H ? d->ffn : d->hidden;
  switch (module) {
    case ATTN_Q: *out = q; return true;
    case ATTN_K:
    case ATTN_V: *out = kv; return true;
    case ATTN_DENSE:
    case MLP_4H_TO_H: *out = d->hidden; return true;
    case MLP_H_TO_4H:
    case MLP_GATE: *out = d->ffn; return true;
    default: return false;
  }
}

static size_t sequence_values(const Decoder *d) {
  return (size_t)d->layers * d->context * d->kv_heads * d->head_dim;
}

Sequence *sequence_new(const Decoder *d) {
  Sequence *s = calloc(1, sizeof *s);
  s->keys = malloc(sequence_values(d) * sizeof(float));
  s->values = malloc(sequence_values(d) * sizeof(float));
  return s;
}

void sequence_free(Sequence *s) {
  if (s != NULL) {
    free(s->keys);
    free(s->values);
    free(s);
  }
}

__attribute__((target_clones("arch=x86-64-v3", "default"))) static float dot(const float *a, const float *b, int n) {
  float sum = 0;
  for (int i = 0; i < n; i++) {
    sum += a[i] * b[i];
  }
  return sum;
}

static void add_pair(const Pair *pair, int in, int out, const float *x, float *y) {
  float reduced[1024];
  for (int r = 0; r < pair->rank; r++) {
    reduced[r] = dot(pair->a + (size_t)r * in, x, in);
  }
  for (int o = 0; o < out; o++) {
    y[o] += dot(pair->b + (size_t)o * pair->rank, reduced, pair->rank);
  }
}

static void linear(const Decoder *d, int layer, int module, int rows, const Adapter **adapters, const float *weight,
                   const float *bias, const float *x, float *y) {
  int in, out;
  decoder_module(d, module, &in, &out);
  for (int o = 0; o < out; o++) {
    for (int r = 0; r < rows; r++) {
      y[(size_t)r * out + o] = dot(weight + (size_t)o * in, x + (size_t)r * in, in) + (bias == NULL ? 0 : bias[o]);
    }
  }
  for (int r = 0; r < rows; r++) {
    const Pair *pair = adapters[r] == NULL ? NULL : &adapters[r]->pairs[layer * MODULES + module];
    if (pair != NULL && pair->rank > 0) {
      add_pair(pair, in, out, x + (size_t)r * in, y + (size_t)r * out);
    }
  }
}

static void norm(const Decoder *d, int rows, const float *weight, const float *x, float *y) {
  for (int r = 0; r < rows; r++) {
    const float *from = x + (size_t)r * d->hidden;
    float scale = 1 / sqrtf(dot(from, from, d->hidden) / (float)d->hidden + d->eps);
    for (int i = 0; i < d->hidden; i++) {
      y[(size_t)r * d->hidden + i] = from[i] * scale * weight[i];
    }
  }
}

static void rotate(const Decoder *d, float *vector, int heads, int position) {
  int half = d->head_dim / 2;
  for (int h = 0; h < heads; h++) {
    float *head = vector + (size_t)h * d->head_dim;
    for (int i = 0; i < half; i++) {
      float angle = (float)position * powf(d->theta, -2.0f * (float)i / (float)d->head_dim);
      float c = cosf(angle), s = sinf(angle), x = head[i], y = head[i + half];
      head[i] = x * c - y * s;
      head[i + half] = y * c + x * s;
    }
  }
}

static void attend(const Decoder *d, int layer, const Sequence *s, int position, const float *q, float *y) {
  int kv = d->kv_heads * d->head_dim, group = d->heads / d->kv_heads;
  const float *keys = s->keys + (size_t)layer * d->context * kv;
  const float *values = s->values + (size_t)layer * d->context * kv;
  float *scores = malloc((size_t)(position + 1) * sizeof(float));
  for (int h = 0; h < d->heads; h++) {
    int offset = h / group * d->head_dim;
    float best = -INFINITY, sum = 0;
    for (int p = 0; p <= position; p++) {
      scores[p] = dot(q + h * d->head_dim, keys + (size_t)p * kv + offset, d->head_dim) / sqrtf((float)d->head_dim);
      best = fmaxf(best, scores[p]);
    }
    float *to = y + h * d->head_dim;
    memset(to, 0, (size_t)d->head_dim * sizeof(float));
    for (int p = 0; p <= position; p++) {
      float weight = expf(scores[p] - best);
      sum += weight;
      for (int i = 0; i < d->head_dim; i++) {
        to[i] += weight * values[(size_t)p * kv + offset + i];
      }
    }
    for (int i = 0; i < d->head_dim; i++) {
      to[i] /= sum;
    }
  }
  free(scores);
}

static void add(float *x, const float *y, size_t n) {
  for (size_t i = 0; i < n; i++) {
    x[i] += y[i];
  }
}

void decoder_step(const Decoder *d, int rows, const int *tokens, Sequence **sequences, const Adapter **adapters,
                  float **logits) {
  size_t hidden = (size_t)d->hidden, q_size = (size_t)d->heads * d->head_dim, kv = (size_t)d->kv_heads * d->head_dim;
  size_t wide = hidden > q_size ? hidden : q_size, n = (size_t)rows;
  float *x = malloc(n * hidden * sizeof(float)), *normed = malloc(n * hidden * sizeof(float));
  float *q = malloc(n * wide * sizeof(float)), *out = malloc(n * wide * sizeof(float));
  float *k = malloc(n * kv * sizeof(float)), *v = malloc(n * kv * sizeof(float));
  float *gate = malloc(n * (size_t)d->ffn * sizeof(float)), *up = malloc(n * (size_t)d->ffn * sizeof(float));
  int *position = malloc(n * sizeof(int));
  for (int r = 0; r < rows; r++) {
    position[r] = sequences[r]->length++;
    memcpy(x + r * hidden, d->embedding + (size_t)tokens[r] * hidden, hidden * sizeof(float));
  }
  for (int l = 0; l < d->layers; l++) {
    const float **w = d->layer + l * LAYER_WEIGHTS;
    norm(d, rows, w[IN_NORM], x, normed);
    linear(d, l, ATTN_Q, rows, adapters, w[Q], w[Q_BIAS], normed, q);
    linear(d, l, ATTN_K, rows, adapters, w[K], w[K_BIAS], normed, k);
    linear(d, l, ATTN_V, rows, adapters, w[V], w[V_BIAS], normed, v);
    for (int r = 0; r < rows; r++) {
      size_t at = ((size_t)l * d->context + (size_t)position[r]) * kv;
      rotate(d, q + r * q_size, d->heads, position[r]);
      rotate(d, k + r * kv, d->kv_heads, position[r]);
      memcpy(sequences[r]->keys + at, k + r * kv, kv * sizeof(float));
      memcpy(sequences[r]->values + at, v + r * kv, kv * sizeof(float));
    }
    for (int r = 0; r < rows; r++) {
      attend(d, l, sequences[r], position[r], q + r * q_size, out + r * q_size);
    }
    linear(d, l, ATTN_DENSE, rows, adapters, w[O], NULL, out, normed);
    add(x, normed, n * hidden);
    norm(d, rows, w[POST_NORM], x, normed);
    linear(d, l, MLP_H_TO_4H, rows, adapters, w[GATE], NULL, normed, gate);
    linear(d, l, MLP_GATE, rows, adapters, w[UP], NULL, normed, up);
    for (size_t i = 0; i < n * (size_t)d->ffn; i++) {
      gate[i] = gate[i] / (1 + expf(-gate[i])) * up[i];
    }
    linear(d, l, MLP_4H_TO_H, rows, adapters, w[DOWN], NULL, gate, out);
    add(x, out, n * hidden);
  }
  norm(d, rows, d->final_norm, x, normed);
  for (int token = 0; token < d->vocabulary; token++) {
    for (int r = 0; r < rows; r++) {
      if (logits[r] != NULL) {
        logits[r][token] = dot(d->head + (size_t)token * hidden, normed + r * hidden, d->hidden);
      }
    }
  }
  free(x), free(normed), free(q), free(out), free(k), free(v), free(gate), free(up), free(position);
}
