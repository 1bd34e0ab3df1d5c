/*
 * A small Llama/Qwen2 decoder in float32, so that the test backend's answers are those of a model: they depend on every
 * prompt token and on every element of the adapter that it was sent.
 */
#ifndef WEFT_DECODER_H
#define WEFT_DECODER_H

#include <stdbool.h>
#include <stdint.h>

/* TensorRT-LLM's numbers of modules, those of a plain decoder. */
enum { ATTN_Q = 1, ATTN_K, ATTN_V, ATTN_DENSE, MLP_H_TO_4H, MLP_4H_TO_H, MLP_GATE, MODULES = 22 };

typedef struct {
  int vocabulary, hidden, layers, heads, kv_heads, head_dim, ffn, context;
  float eps, theta;
  float *weights; /* rank0.engine: float32, in the order of decoder_open */
  const float *embedding, *final_norm, *head;
  const float **layer; /* [layers][LAYER_WEIGHTS] */
} Decoder;

/* One low-rank pair; rank 0 where the adapter has none here. */
typedef struct {
  int rank;
  const float *a, *b; /* [rank][in], [out][rank] */
} Pair;

/* The module numbers of TensorRT-LLM index pairs: [layers][MODULES]. */
typedef struct {
  Pair *pairs;
  float *values;
} Adapter;

typedef struct {
  float *keys, *values; /* [layers][context][kv_heads * head_dim] */
  int length;
} Sequence;

/* Reads config.json and rank0.engine of an engine folder; NULL and a reason where that fails. */
Decoder *decoder_open(const char *folder, char *reason, int reason_bytes);
void decoder_close(Decoder *);
/* Input and output sizes of a module; false where it is not one of this decoder's. */
bool decoder_module(const Decoder *, int module, int *in, int *out);
Sequence *sequence_new(const Decoder *);
void sequence_free(Sequence *);
/*
 * One forward pass. Row r appends tokens[r] to sequences[r]; rows of one sequence follow each other. Where logits[r] is
 * not NULL it gets the row's logits. A row's result does not depend on its companions.
 */
void decoder_step(const Decoder *, int rows, const int *tokens, Sequence **sequences, const Adapter **adapters,
                  float **logits);

#endif
