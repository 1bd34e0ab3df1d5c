/*
 * What the test backends need of Triton's backend API (tritonbackend.h and tritonserver.h of Triton 2.71), and what they
 * share: errors, JSON fields, tensors of a request.
 */
#ifndef WEFT_TRITON_H
#define WEFT_TRITON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct TRITONSERVER_Error TRITONSERVER_Error;
typedef struct TRITONSERVER_Message TRITONSERVER_Message;
typedef struct TRITONSERVER_MetricFamily TRITONSERVER_MetricFamily;
typedef struct TRITONSERVER_Metric TRITONSERVER_Metric;
typedef struct TRITONSERVER_Parameter TRITONSERVER_Parameter;
typedef struct TRITONBACKEND_Model TRITONBACKEND_Model;
typedef struct TRITONBACKEND_ModelInstance TRITONBACKEND_ModelInstance;
typedef struct TRITONBACKEND_Request TRITONBACKEND_Request;
typedef struct TRITONBACKEND_Response TRITONBACKEND_Response;
typedef struct TRITONBACKEND_ResponseFactory TRITONBACKEND_ResponseFactory;
typedef struct TRITONBACKEND_Input TRITONBACKEND_Input;
typedef struct TRITONBACKEND_Output TRITONBACKEND_Output;

enum { ERROR_UNKNOWN, ERROR_INTERNAL, ERROR_NOT_FOUND, ERROR_INVALID_ARG, ERROR_UNAVAILABLE, ERROR_UNSUPPORTED,
       ERROR_ALREADY_EXISTS, ERROR_CANCELLED };
enum { TYPE_INVALID, TYPE_BOOL, TYPE_UINT8, TYPE_UINT16, TYPE_UINT32, TYPE_UINT64, TYPE_INT8, TYPE_INT16, TYPE_INT32,
       TYPE_INT64, TYPE_FP16, TYPE_FP32, TYPE_FP64, TYPE_BYTES, TYPE_BF16 };
enum { METRIC_COUNTER, METRIC_GAUGE };
enum { MEMORY_CPU, MEMORY_CPU_PINNED, MEMORY_GPU };
enum { RESPONSE_FINAL = 1, RELEASE_ALL = 1 };

TRITONSERVER_Error *TRITONSERVER_ErrorNew(int code, const char *message);
void TRITONSERVER_ErrorDelete(TRITONSERVER_Error *error);
const char *TRITONSERVER_ErrorMessage(TRITONSERVER_Error *error);
TRITONSERVER_Error *TRITONSERVER_MessageSerializeToJson(TRITONSERVER_Message *, const char **base, size_t *bytes);
TRITONSERVER_Error *TRITONSERVER_MessageDelete(TRITONSERVER_Message *);
TRITONSERVER_Error *TRITONSERVER_MessageNewFromSerializedJson(TRITONSERVER_Message **, const char *base, size_t bytes);
TRITONSERVER_Error *TRITONSERVER_MetricFamilyNew(TRITONSERVER_MetricFamily **, int kind, const char *name, const char *help);
TRITONSERVER_Error *TRITONSERVER_MetricFamilyDelete(TRITONSERVER_MetricFamily *);
TRITONSERVER_Error *TRITONSERVER_MetricNew(TRITONSERVER_Metric **, TRITONSERVER_MetricFamily *,
                                           const TRITONSERVER_Parameter **labels, uint64_t count);
TRITONSERVER_Error *TRITONSERVER_MetricDelete(TRITONSERVER_Metric *);
TRITONSERVER_Error *TRITONSERVER_MetricSet(TRITONSERVER_Metric *, double value);
TRITONSERVER_Parameter *TRITONSERVER_ParameterNew(const char *name, int type, const void *value);
void TRITONSERVER_ParameterDelete(TRITONSERVER_Parameter *);

TRITONSERVER_Error *TRITONBACKEND_ModelConfig(TRITONBACKEND_Model *, uint32_t version, TRITONSERVER_Message **);
TRITONSERVER_Error *TRITONBACKEND_ModelSetConfig(TRITONBACKEND_Model *, uint32_t version, TRITONSERVER_Message *);
TRITONSERVER_Error *TRITONBACKEND_ModelAutoCompleteConfig(TRITONBACKEND_Model *, bool *);
TRITONSERVER_Error *TRITONBACKEND_ModelRepository(TRITONBACKEND_Model *, int *kind, const char **location);
TRITONSERVER_Error *TRITONBACKEND_ModelName(TRITONBACKEND_Model *, const char **);
TRITONSERVER_Error *TRITONBACKEND_ModelVersion(TRITONBACKEND_Model *, uint64_t *);
TRITONSERVER_Error *TRITONBACKEND_ModelSetState(TRITONBACKEND_Model *, void *);
TRITONSERVER_Error *TRITONBACKEND_ModelState(TRITONBACKEND_Model *, void **);
TRITONSERVER_Error *TRITONBACKEND_ModelInstanceModel(TRITONBACKEND_ModelInstance *, TRITONBACKEND_Model **);
TRITONSERVER_Error *TRITONBACKEND_ModelInstanceReportStatistics(TRITONBACKEND_ModelInstance *, TRITONBACKEND_Request *,
                                                                bool ok, uint64_t exec_start, uint64_t compute_start,
                                                                uint64_t compute_end, uint64_t exec_end);

TRITONSERVER_Error *TRITONBACKEND_RequestId(TRITONBACKEND_Request *, const char **);
TRITONSERVER_Error *TRITONBACKEND_RequestInputCount(TRITONBACKEND_Request *, uint32_t *);
TRITONSERVER_Error *TRITONBACKEND_RequestInput(TRITONBACKEND_Request *, const char *name, TRITONBACKEND_Input **);
TRITONSERVER_Error *TRITONBACKEND_RequestOutputCount(TRITONBACKEND_Request *, uint32_t *);
TRITONSERVER_Error *TRITONBACKEND_RequestOutputName(TRITONBACKEND_Request *, uint32_t, const char **);
TRITONSERVER_Error *TRITONBACKEND_RequestRelease(TRITONBACKEND_Request *, uint32_t flags);
TRITONSERVER_Error *TRITONBACKEND_InputProperties(TRITONBACKEND_Input *, const char **name, int *type,
                                                  const int64_t **shape, uint32_t *dims, uint64_t *bytes,
                                                  uint32_t *buffers);
TRITONSERVER_Error *TRITONBACKEND_InputBuffer(TRITONBACKEND_Input *, uint32_t, const void **, uint64_t *bytes,
                                              int *memory, int64_t *memory_id);

TRITONSERVER_Error *TRITONBACKEND_ResponseFactoryNew(TRITONBACKEND_ResponseFactory **, TRITONBACKEND_Request *);
TRITONSERVER_Error *TRITONBACKEND_ResponseFactoryDelete(TRITONBACKEND_ResponseFactory *);
TRITONSERVER_Error *TRITONBACKEND_ResponseFactorySendFlags(TRITONBACKEND_ResponseFactory *, uint32_t);
TRITONSERVER_Error *TRITONBACKEND_ResponseFactoryIsCancelled(TRITONBACKEND_ResponseFactory *, bool *);
TRITONSERVER_Error *TRITONBACKEND_ResponseNewFromFactory(TRITONBACKEND_Response **, TRITONBACKEND_ResponseFactory *);
TRITONSERVER_Error *TRITONBACKEND_ResponseOutput(TRITONBACKEND_Response *, TRITONBACKEND_Output **, const char *name,
                                                 int type, const int64_t *shape, uint32_t dims);
TRITONSERVER_Error *TRITONBACKEND_OutputBuffer(TRITONBACKEND_Output *, void **, uint64_t bytes, int *memory,
                                               int64_t *memory_id);
TRITONSERVER_Error *TRITONBACKEND_ResponseSend(TRITONBACKEND_Response *, uint32_t flags, TRITONSERVER_Error *);

/* --- shared by the test backends (support.c) --- */

/* An input tensor in CPU memory; data is NULL where the request does not bring it. */
typedef struct {
  const void *data;
  uint64_t bytes;
  int64_t shape[4];
  uint32_t dims;
  int type;
} Tensor;

TRITONSERVER_Error *failure(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Ends the process where Triton's own calls fail: that is a fault of the test backend. */
void must(TRITONSERVER_Error *error, const char *what);
/* A tensor of the request, copied into memory of the caller's (free data); type and dims are checked. */
TRITONSERVER_Error *read_tensor(TRITONBACKEND_Request *, const char *name, int type, uint32_t dims, Tensor *);
bool wants(TRITONBACKEND_Request *, const char *output);
/* The model's configuration as JSON; free it. */
char *model_config(TRITONBACKEND_Model *);
/* The value after "key": as text in a new block, quotes stripped; NULL where it is missing. */
char *json_value(const char *json, const char *key);
/* The string_value of a parameter, in a new block. */
char *json_parameter(const char *json, const char *key);
double json_number(const char *json, const char *key, double otherwise);
char *read_file(const char *path, size_t *bytes);
/* Answers a request with one error and gives it back. */
void refuse(TRITONBACKEND_Request *, TRITONSERVER_Error *);
uint64_t now_ns(void);
float half_to_float(uint16_t);

#endif
