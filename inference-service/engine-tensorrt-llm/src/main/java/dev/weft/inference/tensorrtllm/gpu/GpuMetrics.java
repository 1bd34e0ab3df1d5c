package dev.weft.inference.tensorrtllm.gpu;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** GPUs in Prometheus' text format. */
public final class GpuMetrics {
    private GpuMetrics() {}

    /** The metrics of the GPUs; empty if there are none. */
    public static String of(List<Gpu> gpus) {
        if (gpus.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        add(
                text,
                "weft_gpu_memory_used_bytes",
                "Memory of a GPU in use, by all processes",
                gpus,
                Gpu::memoryUsedBytes);
        add(text, "weft_gpu_memory_total_bytes", "Memory of a GPU", gpus, Gpu::memoryTotalBytes);
        add(
                text,
                "weft_gpu_utilization_ratio",
                "Share of the last moments in which a GPU ran something, 0 to 1",
                gpus,
                Gpu::utilization);
        return text.toString();
    }

    private static void add(
            StringBuilder text,
            String name,
            String help,
            List<Gpu> gpus,
            ToDoubleFunction<Gpu> value) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
        for (Gpu gpu : gpus) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%s{gpu=\"%d\"} %s\n",
                            name,
                            gpu.index(),
                            value.applyAsDouble(gpu)));
        }
    }
}
