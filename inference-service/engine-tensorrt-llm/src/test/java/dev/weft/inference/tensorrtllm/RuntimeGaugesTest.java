package dev.weft.inference.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.statistics.KvStatistics;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RuntimeGaugesTest {
    /** Names and labels as NVIDIA's backend registers them. */
    private static final String METRICS =
            """
            # HELP nv_trt_llm_kv_cache_block_metrics TRT LLM KV cache block metrics
            # TYPE nv_trt_llm_kv_cache_block_metrics gauge
            nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="fraction",model="tensorrt_llm",version="1"} 0.5
            nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="reused",model="tensorrt_llm",version="1"} 3
            nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="tokens_per",model="tensorrt_llm",version="1"} 32
            nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="used",model="tensorrt_llm",version="1"} 5
            nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="free",model="tensorrt_llm",version="1"} 5
            nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="max",model="tensorrt_llm",version="1"} 10
            nv_trt_llm_general_metrics{general_type="iteration_counter",model="tensorrt_llm",version="1"} 1.2e+06
            nv_trt_llm_general_metrics{general_type="timestamp",model="tensorrt_llm",version="1"} 1753123200000000
            nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="max",version="1"} 512
            """;

    @Test
    void readsStepsAndPositionsOfTheKvCache() {
        assertThat(RuntimeGauges.of(METRICS))
                .isEqualTo(
                        new RuntimeGauges(
                                new KvStatistics(32, 5, OptionalLong.empty(), 5),
                                3 * 32,
                                1_200_000));
    }

    @Test
    void isZeroWhereTheBackendHasNoGauges() {
        assertThat(RuntimeGauges.of("nv_inference_count{model=\"m\"} 3\n"))
                .isEqualTo(
                        new RuntimeGauges(new KvStatistics(0, 0, OptionalLong.empty(), 0), 0, 0));
    }
}
