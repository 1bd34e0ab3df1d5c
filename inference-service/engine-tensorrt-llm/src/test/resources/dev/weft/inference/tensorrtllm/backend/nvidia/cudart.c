/* Stands in for libcudart.so.13 on a machine without a GPU: every call says that there is none. */
#define NO_DEVICE 100 /* cudaErrorNoDevice */
#define ABSENT(name) int name(void) { return NO_DEVICE; }

ABSENT(cudaDeviceCanAccessPeer)
ABSENT(cudaDeviceEnablePeerAccess)
ABSENT(cudaDeviceGetPCIBusId)
ABSENT(cudaDeviceGetStreamPriorityRange)
ABSENT(cudaFree)
ABSENT(cudaFreeHost)
ABSENT(cudaGetDevice)
ABSENT(cudaGetDeviceProperties)
ABSENT(cudaHostAlloc)
ABSENT(cudaLaunchHostFunc)
ABSENT(cudaMalloc)
ABSENT(cudaMallocManaged)
ABSENT(cudaMemGetInfo)
ABSENT(cudaMemPrefetchAsync)
ABSENT(cudaMemcpy)
ABSENT(cudaMemcpyAsync)
ABSENT(cudaMemset)
ABSENT(cudaSetDevice)
ABSENT(cudaStreamCreate)
ABSENT(cudaStreamDestroy)
ABSENT(cudaStreamGetFlags)
ABSENT(cudaStreamSynchronize)

int cudaGetDeviceCount(int *count) {
  *count = 0;
  return NO_DEVICE;
}

const char *cudaGetErrorString(int code) {
  (void)code;
  return "no CUDA-capable device is detected";
}
