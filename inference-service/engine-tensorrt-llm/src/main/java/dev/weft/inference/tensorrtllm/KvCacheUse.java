package dev.weft.inference.tensorrtllm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Positions of the KV cache, from the gauges of TensorRT-LLM's backend.
 *
 * @param used positions that hold something
 * @param total positions that there are
 */
record KvCacheUse(long used, long total) {
    private static final Pattern BLOCKS =
            Pattern.compile(
                    "(?m)^nv_trt_llm_kv_cache_block_metrics\\{[^}]*kv_cache_block_type=\"(max|used|tokens_per)\"[^}]*}\\s+([0-9.eE+]+)");

    /** Zeros where the backend has no such gauges. */
    static KvCacheUse of(String metrics) {
        double max = 0;
        double used = 0;
        double tokens = 0;
        Matcher found = BLOCKS.matcher(metrics);
        while (found.find()) {
            double value = Double.parseDouble(found.group(2));
            switch (found.group(1)) {
                case "max" -> max = value;
                case "used" -> used = value;
                default -> tokens = value;
            }
        }
        return new KvCacheUse(Math.round(used * tokens), Math.round(max * tokens));
    }
}
