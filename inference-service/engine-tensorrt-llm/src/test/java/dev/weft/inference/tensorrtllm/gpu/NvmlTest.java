package dev.weft.inference.tensorrtllm.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.tensorrtllm.backend.OnTriton;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import java.util.List;
import org.junit.jupiter.api.Test;

@OnTriton
class NvmlTest {
    @Test
    void tellsMemoryAndUtilizationOfEveryGpu() {
        TestBackend.load();
        List<Gpu> gpus = Nvml.open().gpus();
        assertThat(gpus)
                .containsExactly(
                        new Gpu(0, 1L << 30, 80L << 30, 0.25),
                        new Gpu(1, 2L << 30, 80L << 30, 0.5));
        assertThat(GpuMetrics.of(gpus))
                .contains("# TYPE weft_gpu_memory_used_bytes gauge\n")
                .contains("weft_gpu_memory_used_bytes{gpu=\"1\"} 2.147483648E9\n")
                .contains("weft_gpu_utilization_ratio{gpu=\"0\"} 0.25\n");
    }

    @Test
    void saysNothingWhereThereAreNone() {
        assertThat(GpuMetrics.of(List.of())).isEmpty();
    }
}
