/*
 * Guided decoding as TensorRT-LLM's GuidedDecoder has it, with choices alone for a grammar: other guides are taken and
 * not held, so that whoever tests the tokens sees them leave their form.
 */
#ifndef WEFT_GUIDE_H
#define WEFT_GUIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "triton.h"

/* What generate_xgrammar_tokenizer_info.py writes. */
typedef struct {
  char **tokens;
  int count, *stop, stops;
} TokenizerInfo;

typedef struct Guide Guide;

/* Reads the parameters of a model's configuration; *info is NULL if they name no guided decoding. */
TRITONSERVER_Error *tokenizer_info_open(const char *model, TokenizerInfo **info);
void tokenizer_info_close(TokenizerInfo *);

/* The guide of a request; *guide is NULL if it brings none. */
TRITONSERVER_Error *guide_read(TRITONBACKEND_Request *, const TokenizerInfo *, Guide **guide);
/* False, with a reason, where XGrammar would throw: within a step, so that all requests end. */
bool guide_compile(Guide *, char *reason, size_t bytes);
/* Takes the chance from all tokens that may not come next; false where the answer has ended already. */
bool guide_mask(Guide *, const TokenizerInfo *, float *logits, int vocabulary);
/* The answer goes on with a token; one that may not come leaves it where it is. */
void guide_accept(Guide *, const TokenizerInfo *, int token);
void guide_free(Guide *);

#endif
