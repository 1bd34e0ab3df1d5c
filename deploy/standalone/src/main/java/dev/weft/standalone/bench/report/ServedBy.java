package dev.weft.standalone.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a worker that may have answered computes with.
 *
 * @param worker its address
 * @param engine e.g. {@code cpu}
 * @param kernels e.g. {@code onednn bf16}
 * @param instructionSet of its processor, e.g. {@code avx512-bf16}; empty if it doesn't say
 */
public record ServedBy(String worker, String engine, String kernels, String instructionSet) {
    String text() {
        String level = instructionSet.isEmpty() ? "" : ", instruction set " + instructionSet;
        return "%s, %s%s, worker %s".formatted(engine, kernels, level, worker);
    }

    /** The values for JSON, with the names of docs/performance.md. */
    Map<String, String> named() {
        var node = new LinkedHashMap<String, String>();
        node.put("worker", worker);
        node.put("engine", engine);
        node.put("kernels", kernels);
        node.put("instruction_set", instructionSet);
        return node;
    }
}
