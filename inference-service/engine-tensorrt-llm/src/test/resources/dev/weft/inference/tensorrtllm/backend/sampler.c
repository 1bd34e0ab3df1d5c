#include "sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

/* Word i lies between the end of word i - 1 and offsets[i]; unused offsets are -1. */
static bool next_word(const int *words, int length, int i, int *from, int *to) {
  const int *offsets = words + length;
  if (i >= length || offsets[i] < 0) {
    return false;
  }
  *from = i == 0 ? 0 : offsets[i - 1];
  *to = offsets[i];
  return true;
}

bool ends_with_word(const int *words, int length, const int *tokens, int count, int prompt) {
  int from, to;
  for (int i = 0; next_word(words, length, i, &from, &to); i++) {
    int size = to - from;
    if (size <= count - prompt && memcmp(words + from, tokens + count - size, (size_t)size * sizeof(int)) == 0) {
      return true;
    }
  }
  return false;
}

static void ban(const Sampling *s, float *logits, const int *tokens, int count, int prompt) {
  int from, to;
  for (int i = 0; next_word(s->bad_words, s->bad_words_length, i, &from, &to); i++) {
    int before = to - from - 1;
    if (before <= count && memcmp(s->bad_words + from, tokens + count - before, (size_t)before * sizeof(int)) == 0) {
      if (s->bad_words[to - 1] > 0) { /* as TensorRT-LLM's kernel: never token 0 */
        logits[s->bad_words[to - 1]] = -INFINITY;
      }
    }
  }
  if (s->end_id >= 0 && count - prompt < s->min_tokens) {
    logits[s->end_id] = -INFINITY;
  }
}

static void penalize(const Sampling *s, int vocabulary, float *logits, const int *tokens, int count) {
  if (s->repetition == 1 && s->presence == 0 && s->frequency == 0) {
    return;
  }
  int *seen = calloc((size_t)vocabulary, sizeof(int));
  for (int i = 0; i < count; i++) {
    seen[tokens[i]]++;
  }
  for (int v = 0; v < vocabulary; v++) {
    if (seen[v] > 0) {
      logits[v] = logits[v] < 0 ? logits[v] * s->repetition : logits[v] / s->repetition;
      logits[v] -= s->presence + s->frequency * (float)seen[v];
    }
  }
  free(seen);
}

static int best(const float *logits, int vocabulary) {
  int best = 0;
  for (int v = 1; v < vocabulary; v++) {
    best = logits[v] > logits[best] ? v : best;
  }
  return best;
}

static const float *sorting;

static int by_logit(const void *a, const void *b) {
  float x = sorting[*(const int *)a], y = sorting[*(const int *)b];
  return x < y ? 1 : x > y ? -1 : *(const int *)a - *(const int *)b;
}

/* Only the engine's one thread comes here. */
static int draw(const Sampling *s, int vocabulary, const float *logits, int step) {
  int *order = malloc((size_t)vocabulary * sizeof(int));
  double *weight = malloc((size_t)vocabulary * sizeof(double));
  for (int v = 0; v < vocabulary; v++) {
    order[v] = v;
  }
  sorting = logits;
  qsort(order, (size_t)vocabulary, sizeof(int), by_logit);
  int kept = s->top_k > 0 && s->top_k < vocabulary ? s->top_k : vocabulary;
  double all = 0;
  for (int i = 0; i < kept; i++) {
    weight[i] = exp(logits[order[i]] - logits[order[0]]);
    all += weight[i];
  }
  double limit = s->top_p > 0 ? s->top_p * all : all, sum = 0;
  int last = 0;
  while (last < kept - 1 && (sum += weight[last]) < limit) {
    last++;
  }
  sum = 0;
  for (int i = 0; i <= last; i++) {
    sum += weight[i];
  }
  double at = (double)(mix(s->seed ^ mix((uint64_t)step)) >> 11) / 9007199254740992.0 * sum;
  int chosen = 0;
  while (chosen < last && (at -= weight[chosen]) >= 0) {
    chosen++;
  }
  int token = order[chosen];
  free(order);
  free(weight);
  return token;
}

int sample(const Sampling *s, int vocabulary, float *logits, const int *tokens, int count, int prompt) {
  /* in the order of batchApplyPenalty: bias, temperature, penalties */
  for (int v = 0; v < vocabulary; v++) {
    logits[v] = (logits[v] + (s->bias == NULL ? 0 : s->bias[v])) / s->temperature;
  }
  penalize(s, vocabulary, logits, tokens, count);
  ban(s, logits, tokens, count, prompt);
  bool greedy = s->top_k == 1 || (s->top_k == 0 && s->top_p <= 0);
  return greedy ? best(logits, vocabulary) : draw(s, vocabulary, logits, count - prompt);
}

float log_probability(const Sampling *s, const float *logits, int vocabulary, int token, bool normalized) {
  float top = logits[best(logits, vocabulary)];
  double sum = 0;
  for (int v = 0; v < vocabulary; v++) {
    int better = 0;
    for (int other = 0; normalized && s->top_k > 0 && other < vocabulary; other++) {
      better += logits[other] > logits[v];
    }
    sum += !normalized || s->top_k == 0 || better < s->top_k ? exp(logits[v] - top) : 0;
  }
  return (float)(logits[token] - top - log(sum));
}
