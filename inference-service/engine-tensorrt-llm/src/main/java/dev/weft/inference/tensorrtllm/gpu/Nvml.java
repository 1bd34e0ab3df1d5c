package dev.weft.inference.tensorrtllm.gpu;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.global.nvml;
import org.bytedeco.cuda.nvml.nvmlDevice_st;
import org.bytedeco.cuda.nvml.nvmlMemory_t;
import org.bytedeco.cuda.nvml.nvmlUtilization_t;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NVIDIA's management library, through JavaCPP's CUDA preset. Only the image for GPUs has its jars;
 * without them, or without a driver, it reports no GPUs. Any thread.
 */
public final class Nvml {
    private static final Logger LOG = LoggerFactory.getLogger(Nvml.class);

    private final int count;

    private Nvml(int count) {
        this.count = count;
    }

    /** Opens the library for the rest of the process. */
    public static Nvml open() {
        try {
            return new Nvml(NvmlLibrary.open());
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
            LOG.info("no metrics of GPUs: NVML can't be loaded ({})", e.getMessage());
            return new Nvml(0);
        }
    }

    /** All GPUs that answer. */
    public List<Gpu> gpus() {
        List<Gpu> gpus = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            NvmlLibrary.read(index, gpus);
        }
        return gpus;
    }

    /** A class of its own, so that the outer one loads without the preset. */
    private static final class NvmlLibrary {
        private static final double PERCENT = 100;

        static int open() {
            int[] count = new int[1];
            int result = nvml.nvmlInit_v2();
            if (result == nvml.NVML_SUCCESS) {
                result = nvml.nvmlDeviceGetCount_v2(count);
            }
            if (result != nvml.NVML_SUCCESS) {
                LOG.info("no metrics of GPUs: NVML answers with error {}", result);
                return 0;
            }
            return count[0];
        }

        static void read(int index, List<Gpu> to) {
            try (nvmlDevice_st device = new nvmlDevice_st();
                    nvmlMemory_t memory = new nvmlMemory_t();
                    nvmlUtilization_t utilization = new nvmlUtilization_t()) {
                if (nvml.nvmlDeviceGetHandleByIndex_v2(index, device) == nvml.NVML_SUCCESS
                        && nvml.nvmlDeviceGetMemoryInfo(device, memory) == nvml.NVML_SUCCESS
                        && nvml.nvmlDeviceGetUtilizationRates(device, utilization)
                                == nvml.NVML_SUCCESS) {
                    to.add(
                            new Gpu(
                                    index,
                                    memory.used(),
                                    memory.total(),
                                    utilization.gpu() / PERCENT));
                }
            }
        }
    }
}
