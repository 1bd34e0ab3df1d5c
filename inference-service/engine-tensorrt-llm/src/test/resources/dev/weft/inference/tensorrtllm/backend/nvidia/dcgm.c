/* Stands in for libdcgm.so.4, which libtritonserver.so wants to be loaded: there is no GPU to report of. */
#define ABSENT(name) int name(void) { return -1; }

ABSENT(dcgmConnect)
ABSENT(dcgmDisconnect)
ABSENT(dcgmFieldGroupCreate)
ABSENT(dcgmGetAllDevices)
ABSENT(dcgmGetDeviceAttributes)
ABSENT(dcgmGetLatestValuesForFields)
ABSENT(dcgmGroupCreate)
ABSENT(dcgmGroupDestroy)
ABSENT(dcgmInit)
ABSENT(dcgmShutdown)
ABSENT(dcgmStartEmbedded)
ABSENT(dcgmStopEmbedded)
ABSENT(dcgmUpdateAllFields)
ABSENT(dcgmWatchFields)

const char *errorString(int code) {
  (void)code;
  return "no DCGM here";
}
