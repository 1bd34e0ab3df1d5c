/* How the test backend chooses the next token, in the order and with the parameters of TensorRT-LLM's decoder. */
#ifndef WEFT_SAMPLER_H
#define WEFT_SAMPLER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  int top_k;                                                   /* 0: all */
  float top_p;                                                 /* 0: not given */
  float temperature, repetition, presence, frequency;          /* 1, 1, 0, 0 where not given */
  uint64_t seed;
  int end_id, min_tokens;                                      /* -1, 0 where not given */
  float *bias;                                                 /* [vocabulary] or NULL */
  int *bad_words, bad_words_length;                            /* [2][length] */
  int *stop_words, stop_words_length;
} Sampling;

/* Changes the logits as the penalties say and chooses; tokens holds the prompt and what was generated. */
int sample(const Sampling *, int vocabulary, float *logits, const int *tokens, int count, int prompt);
/*
 * Natural logarithm of a token's probability, by the logits that sample() has changed; normalized: among the top_k tokens
 * alone, as TensorRT-LLM has it unless normalize_log_probs is false.
 */
float log_probability(const Sampling *, const float *logits, int vocabulary, int token, bool normalized);
/* True where the last tokens are one of the words. */
bool ends_with_word(const int *words, int length, const int *tokens, int count, int prompt);

#endif
