package dev.weft.inference.tensorrtllm;

import dev.weft.inference.engine.statistics.KvStatistics;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of the gauges of TensorRT-LLM's backend, which it sets every 100 ms
 * (custom_metrics_reporter of triton_backend/inflight_batcher_llm). All are 0 if the backend has
 * none.
 *
 * @param kv the KV cache; blocks that keep prefixes which nobody uses count as free
 * @param kvReused positions that requests took over from others, since the model was loaded
 * @param iterations steps since the model was loaded
 */
record RuntimeGauges(KvStatistics kv, long kvReused, long iterations) {
    private static final Pattern GAUGE =
            Pattern.compile(
                    "(?m)^nv_trt_llm_(?:kv_cache_block|general)_metrics\\{[^}]*(?:kv_cache_block|general)_type=\"(\\w+)\"[^}]*}\\s+([0-9.eE+]+)");

    static RuntimeGauges of(String metrics) {
        Map<String, Double> values = new HashMap<>();
        Matcher found = GAUGE.matcher(metrics);
        while (found.find()) {
            values.put(found.group(1), Double.valueOf(found.group(2)));
        }
        double tokens = values.getOrDefault("tokens_per", 0.0);
        double used = values.getOrDefault("used", 0.0);
        double max = values.getOrDefault("max", 0.0);
        return new RuntimeGauges(
                new KvStatistics(
                        Math.toIntExact(Math.round(tokens)),
                        Math.round(used),
                        OptionalLong.empty(),
                        Math.round(Math.max(0, max - used))),
                Math.round(values.getOrDefault("reused", 0.0) * tokens),
                Math.round(values.getOrDefault("iteration_counter", 0.0)));
    }
}
