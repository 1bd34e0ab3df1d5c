#include "guide.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CREATING "unexpected error when creating modelInstanceState: "

enum { LENGTH_BYTES = 4 }; /* before each text of a tensor of texts */

struct Guide {
  char *text, *answer; /* answer: what has come so far */
  char **choices;
  int count;
  bool held, ended;
};

/* --- JSON and quoted texts --- */

static char *put_utf8(char *to, unsigned long c) {
  if (c < 0x80) {
    *to++ = (char)c;
  } else if (c < 0x800) {
    *to++ = (char)(0xC0 | c >> 6);
    *to++ = (char)(0x80 | (c & 63));
  } else if (c < 0x10000) {
    *to++ = (char)(0xE0 | c >> 12);
    *to++ = (char)(0x80 | (c >> 6 & 63));
    *to++ = (char)(0x80 | (c & 63));
  } else {
    *to++ = (char)(0xF0 | c >> 18);
    *to++ = (char)(0x80 | (c >> 12 & 63));
    *to++ = (char)(0x80 | (c >> 6 & 63));
    *to++ = (char)(0x80 | (c & 63));
  }
  return to;
}

/* Reads a quoted text with the escapes of JSON and of EBNF; NULL where it is none. */
static char *quoted(const char **from) {
  if (**from != '"') {
    return NULL;
  }
  const char *at = *from + 1;
  char *text = malloc(strlen(at) + 1), *to = text;
  while (*at != 0 && *at != '"') {
    if (*at != '\\') {
      *to++ = *at++;
      continue;
    }
    char kind = at[1];
    int digits = kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    if (digits > 0) {
      char code[9] = {0};
      strncpy(code, at + 2, (size_t)digits);
      to = put_utf8(to, strtoul(code, NULL, 16));
      at += 2 + strlen(code);
    } else if (kind != 0 && strchr("\"\\/nrt", kind) != NULL) {
      *to++ = kind == 'n' ? '\n' : kind == 'r' ? '\r' : kind == 't' ? '\t' : kind;
      at += 2;
    } else {
      break;
    }
  }
  *to = 0;
  if (*at != '"') {
    free(text);
    return NULL;
  }
  *from = at + 1;
  return text;
}

static const char *array(const char *json, const char *key) {
  char name[128];
  snprintf(name, sizeof name, "\"%s\"", key);
  const char *at = strstr(json, name);
  if (at == NULL) {
    return NULL;
  }
  at += strlen(name);
  at += strspn(at, " \t\n:");
  return *at == '[' ? at + 1 : NULL;
}

/* --- the model --- */

static bool read_info(const char *json, TokenizerInfo *info) {
  const char *at = array(json, "encoded_vocab");
  while (at != NULL && *(at += strspn(at, " \t\n,")) == '"') {
    info->tokens = realloc(info->tokens, ((size_t)info->count + 1) * sizeof(char *));
    char *token = quoted(&at);
    if (token == NULL) {
      return false;
    }
    info->tokens[info->count++] = token;
  }
  const char *stop = array(json, "stop_token_ids");
  char *end;
  for (long id; stop != NULL && (id = strtol(stop += strspn(stop, " ,\n"), &end, 10), end != stop); stop = end) {
    info->stop = realloc(info->stop, ((size_t)info->stops + 1) * sizeof(int));
    info->stop[info->stops++] = (int)id;
  }
  return at != NULL && *at == ']' && stop != NULL && *stop == ']' && strstr(json, "\"tokenizer_str\"") != NULL;
}

TRITONSERVER_Error *tokenizer_info_open(const char *model, TokenizerInfo **info) {
  *info = NULL;
  char *backend = json_parameter(model, "guided_decoding_backend");
  char *path = json_parameter(model, "xgrammar_tokenizer_info_path");
  TRITONSERVER_Error *error = NULL;
  if (*backend != 0 && *path != 0) {
    size_t bytes;
    char *json = read_file(path, &bytes);
    *info = calloc(1, sizeof **info);
    if (json == NULL) {
      error = failure(ERROR_INTERNAL, CREATING "Xgrammar's tokenizer info path at %s does not exist.", path);
    } else if (!read_info(json, *info)) {
      error = failure(ERROR_INTERNAL, CREATING "[json.exception] %s", path);
    } else if (strcmp(backend, "xgrammar") != 0) {
      error = failure(ERROR_INTERNAL, CREATING "Guided decoding is currently supported with 'xgrammar' backend. "
                                               "Invalid guided_decoding_backend parameter provided.");
    }
    free(json);
  }
  free(backend);
  free(path);
  return error;
}

void tokenizer_info_close(TokenizerInfo *info) {
  for (int i = 0; info != NULL && i < info->count; i++) {
    free(info->tokens[i]);
  }
  if (info != NULL) {
    free(info->tokens);
    free(info->stop);
    free(info);
  }
}

/* --- a request --- */

/* One text, whose length stands before it. NVIDIA's takes off four bytes without a look at them. */
static TRITONSERVER_Error *read_text(TRITONBACKEND_Request *request, const char *name, char **text) {
  Tensor t;
  TRITONSERVER_Error *error = read_tensor(request, name, TYPE_BYTES, 2, &t);
  *text = NULL;
  if (error != NULL || t.data == NULL) {
    return error;
  }
  unsigned length = 0;
  memcpy(&length, t.data, t.bytes < LENGTH_BYTES ? t.bytes : LENGTH_BYTES);
  if (t.shape[1] != 1 || t.bytes < LENGTH_BYTES || length != t.bytes - LENGTH_BYTES) {
    error = failure(ERROR_INTERNAL, "%s: a text of %u bytes in %lu, or not one text", name, length, (unsigned long)t.bytes);
  } else {
    *text = strndup((const char *)t.data + LENGTH_BYTES, length);
  }
  free((void *)t.data);
  return error;
}

TRITONSERVER_Error *guide_read(TRITONBACKEND_Request *request, const TokenizerInfo *info, Guide **guide) {
  char *type, *text = NULL;
  *guide = NULL;
  TRITONSERVER_Error *error = read_text(request, "guided_decoding_guide_type", &type);
  error = error != NULL ? error : read_text(request, "guided_decoding_guide", &text);
  bool grammar = type != NULL && strcmp(type, "ebnf_grammar") == 0;
  if (error != NULL) {
  } else if (type == NULL) {
    error = text == NULL ? NULL : failure(ERROR_INTERNAL, "guided_decoding_guide without a type: NVIDIA's drops it");
  } else if (!grammar && strcmp(type, "json") != 0 && strcmp(type, "json_schema") != 0 && strcmp(type, "regex") != 0) {
    error = failure(ERROR_INTERNAL, "guided_decoding_guide_type %s: NVIDIA's drops it", type);
  } else if (text == NULL && strcmp(type, "json") != 0) {
    error = failure(ERROR_INTERNAL, "Assertion failed: The guide string must be provided unless using GuideType::kJSON.");
  } else if (info == NULL) {
    error = failure(ERROR_INTERNAL,
                    "Encountered an error when fetching new request: Request is specified with GuidedDecodingParams, but "
                    "GuidedDecoder is not setup. Please provide a valid GuidedDecodingConfig to setup GuidedDecoder.");
  } else {
    *guide = calloc(1, sizeof **guide);
    (*guide)->held = grammar;
    (*guide)->text = text;
    (*guide)->answer = strdup("");
    text = NULL;
  }
  free(type);
  free(text);
  return error;
}

bool guide_compile(Guide *guide, char *reason, size_t bytes) {
  static const char start[] = "root ::= ";
  if (!guide->held) {
    return true;
  }
  const char *at = guide->text;
  bool ok = strncmp(at, start, sizeof start - 1) == 0;
  at += ok ? sizeof start - 1 : 0;
  while (ok) {
    char *choice = quoted(&at);
    ok = choice != NULL;
    if (ok) {
      guide->choices = realloc(guide->choices, ((size_t)guide->count + 1) * sizeof(char *));
      guide->choices[guide->count++] = choice;
    }
    if (strncmp(at, " | ", 3) != 0) {
      break;
    }
    at += 3;
  }
  if (!ok || strcmp(at, "\n") != 0) {
    snprintf(reason, bytes, "EBNF parser error: %.100s", at);
    return false;
  }
  return true;
}

static bool is_stop(const TokenizerInfo *info, int token) {
  for (int i = 0; i < info->stops; i++) {
    if (info->stop[i] == token) {
      return true;
    }
  }
  return false;
}

static bool allows(const Guide *guide, const TokenizerInfo *info, int token) {
  size_t told = strlen(guide->answer);
  for (int i = 0; i < guide->count; i++) {
    const char *choice = guide->choices[i];
    if (strncmp(choice, guide->answer, told) != 0) {
      continue;
    }
    if (is_stop(info, token)) {
      if (choice[told] == 0) {
        return true;
      }
    } else if (token < info->count && info->tokens[token][0] != 0 &&
               strncmp(choice + told, info->tokens[token], strlen(info->tokens[token])) == 0) {
      return true;
    }
  }
  return false;
}

bool guide_mask(Guide *guide, const TokenizerInfo *info, float *logits, int vocabulary) {
  for (int v = 0; guide->held && v < vocabulary; v++) {
    if (!allows(guide, info, v)) {
      logits[v] = -INFINITY;
    }
  }
  return !guide->ended;
}

void guide_accept(Guide *guide, const TokenizerInfo *info, int token) {
  if (is_stop(info, token)) {
    guide->ended = true;
  } else if (guide->held && allows(guide, info, token)) {
    guide->answer = realloc(guide->answer, strlen(guide->answer) + strlen(info->tokens[token]) + 1);
    strcat(guide->answer, info->tokens[token]);
  }
}

void guide_free(Guide *guide) {
  if (guide != NULL) {
    for (int i = 0; i < guide->count; i++) {
      free(guide->choices[i]);
    }
    free(guide->choices);
    free(guide->text);
    free(guide->answer);
    free(guide);
  }
}
