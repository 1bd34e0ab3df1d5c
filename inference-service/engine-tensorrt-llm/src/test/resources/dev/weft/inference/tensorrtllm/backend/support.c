#include "triton.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

TRITONSERVER_Error *failure(int code, const char *format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return TRITONSERVER_ErrorNew(code, text);
}

void must(TRITONSERVER_Error *error, const char *what) {
  if (error != NULL) {
    fprintf(stderr, "test backend: %s: %s\n", what, TRITONSERVER_ErrorMessage(error));
    abort();
  }
}

TRITONSERVER_Error *read_tensor(TRITONBACKEND_Request *request, const char *name, int type, uint32_t dims, Tensor *tensor) {
  memset(tensor, 0, sizeof *tensor);
  TRITONBACKEND_Input *input;
  TRITONSERVER_Error *error = TRITONBACKEND_RequestInput(request, name, &input);
  if (error != NULL) {
    TRITONSERVER_ErrorDelete(error);
    return NULL;
  }
  const int64_t *shape;
  uint32_t buffers;
  must(TRITONBACKEND_InputProperties(input, NULL, &tensor->type, &shape, &tensor->dims, &tensor->bytes, &buffers), name);
  if (tensor->type != type || tensor->dims != dims) {
    return failure(ERROR_INVALID_ARG, "input %s: type %d with %u dimensions, expected type %d with %u", name,
                   tensor->type, tensor->dims, type, dims);
  }
  if (dims > 0 && shape[0] != 1) {
    return failure(ERROR_INVALID_ARG, "input %s: a batch of %ld in one request", name, (long)shape[0]);
  }
  memcpy(tensor->shape, shape, dims * sizeof *shape);
  char *copy = malloc(tensor->bytes + 1);
  uint64_t at = 0;
  for (uint32_t i = 0; i < buffers; i++) {
    const void *part;
    uint64_t bytes;
    int memory = MEMORY_CPU;
    int64_t memory_id = 0;
    must(TRITONBACKEND_InputBuffer(input, i, &part, &bytes, &memory, &memory_id), name);
    if (memory == MEMORY_GPU) {
      free(copy);
      return failure(ERROR_INVALID_ARG, "input %s is in GPU memory", name);
    }
    memcpy(copy + at, part, bytes);
    at += bytes;
  }
  copy[at] = 0;
  tensor->data = copy;
  return NULL;
}

bool wants(TRITONBACKEND_Request *request, const char *output) {
  uint32_t count;
  must(TRITONBACKEND_RequestOutputCount(request, &count), "outputs");
  for (uint32_t i = 0; i < count; i++) {
    const char *name;
    must(TRITONBACKEND_RequestOutputName(request, i, &name), "output");
    if (strcmp(name, output) == 0) {
      return true;
    }
  }
  return false;
}

char *model_config(TRITONBACKEND_Model *model) {
  TRITONSERVER_Message *message;
  must(TRITONBACKEND_ModelConfig(model, 1, &message), "configuration");
  const char *base;
  size_t bytes;
  must(TRITONSERVER_MessageSerializeToJson(message, &base, &bytes), "configuration");
  char *json = strndup(base, bytes);
  TRITONSERVER_MessageDelete(message);
  return json;
}

char *json_value(const char *json, const char *key) {
  char quoted[128];
  snprintf(quoted, sizeof quoted, "\"%s\"", key);
  const char *at = strstr(json, quoted);
  if (at == NULL) {
    return NULL;
  }
  at += strlen(quoted);
  at += strspn(at, " \t\n:");
  if (*at == '"') {
    return strndup(at + 1, strcspn(at + 1, "\""));
  }
  if (*at == '[') {
    return strndup(at + 1, strcspn(at + 1, "]"));
  }
  return strndup(at, strcspn(at, ",}\n "));
}

char *json_parameter(const char *json, const char *key) {
  char quoted[128];
  snprintf(quoted, sizeof quoted, "\"%s\"", key);
  const char *parameters = strstr(json, "\"parameters\"");
  const char *at = parameters == NULL ? NULL : strstr(parameters, quoted);
  return at == NULL ? NULL : json_value(at, "string_value");
}

double json_number(const char *json, const char *key, double otherwise) {
  char *text = json_value(json, key);
  double value = text == NULL ? otherwise : strtod(text, NULL);
  free(text);
  return value;
}

char *read_file(const char *path, size_t *bytes) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    return NULL;
  }
  fseek(file, 0, SEEK_END);
  *bytes = (size_t)ftell(file);
  rewind(file);
  char *text = malloc(*bytes + 1);
  size_t read = fread(text, 1, *bytes, file);
  fclose(file);
  text[read] = 0;
  return text;
}

void refuse(TRITONBACKEND_Request *request, TRITONSERVER_Error *error) {
  TRITONBACKEND_ResponseFactory *factory;
  TRITONBACKEND_Response *response;
  must(TRITONBACKEND_ResponseFactoryNew(&factory, request), "factory");
  must(TRITONBACKEND_ResponseNewFromFactory(&response, factory), "response");
  must(TRITONBACKEND_ResponseSend(response, RESPONSE_FINAL, error), "send");
  TRITONSERVER_ErrorDelete(error);
  must(TRITONBACKEND_ResponseFactoryDelete(factory), "factory");
  must(TRITONBACKEND_RequestRelease(request, RELEASE_ALL), "release");
}

uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

float half_to_float(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  uint32_t exponent = (half >> 10) & 31;
  uint32_t fraction = half & 1023;
  union {
    uint32_t bits;
    float value;
  } it;
  if (exponent == 0) {
    it.value = (float)fraction / 16777216.0f;
    it.bits |= sign;
  } else if (exponent == 31) {
    it.bits = sign | 0x7f800000u | fraction << 13;
  } else {
    it.bits = sign | (exponent + 112) << 23 | fraction << 13;
  }
  return it.value;
}
