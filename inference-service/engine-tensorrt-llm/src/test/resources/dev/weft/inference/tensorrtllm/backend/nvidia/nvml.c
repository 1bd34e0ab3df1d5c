/* Stands in for libnvidia-ml.so.1 with two GPUs, for a test of what is read from it. */
#include <stddef.h>

typedef struct {
  unsigned long long total, free, used;
} Memory;

typedef struct {
  unsigned int gpu, memory;
} Utilization;

int nvmlInit_v2(void) { return 0; }

int nvmlDeviceGetCount_v2(unsigned int *count) {
  *count = 2;
  return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
  *device = (void *)(size_t)(index + 1);
  return 0;
}

int nvmlDeviceGetMemoryInfo(void *device, Memory *memory) {
  *memory = (Memory){80ull << 30, (80ull << 30) - ((size_t)device << 30), (size_t)device << 30};
  return 0;
}

int nvmlDeviceGetUtilizationRates(void *device, Utilization *utilization) {
  *utilization = (Utilization){(unsigned int)(size_t)device * 25, 0};
  return 0;
}
