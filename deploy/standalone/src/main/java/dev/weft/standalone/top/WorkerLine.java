package dev.weft.standalone.top;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A worker, over the time between two scrapes. A value that it doesn't report is empty.
 *
 * @param failure why it didn't answer; null if it did
 * @param tokensPerSecond tokens produced
 * @param prefillPerSecond tokens of prompts computed
 * @param kvUsage share of the KV cache in use, 0 to 1
 * @param stepSeconds mean time of a step
 * @param stepRows mean number of requests in a step
 * @param phases shares of the steps' time, by phase
 * @param prefixHits share of prompt tokens that were found in the prefix cache
 */
record WorkerLine(
        String address,
        @Nullable String failure,
        OptionalDouble tokensPerSecond,
        OptionalDouble prefillPerSecond,
        OptionalDouble running,
        OptionalDouble waiting,
        OptionalDouble kvUsage,
        OptionalDouble inSlots,
        OptionalDouble slots,
        OptionalDouble inHost,
        OptionalDouble stepSeconds,
        OptionalDouble stepRows,
        Map<String, OptionalDouble> phases,
        OptionalDouble prefixHits) {
    static final List<String> PHASES = List.of("linear", "lora", "attention", "sample", "other");

    private static final String PHASE_SECONDS = "weft_engine_phase_seconds_total";
    private static final String RESIDENT = "weft_adapter_resident";

    WorkerLine {
        phases = Map.copyOf(phases);
    }

    /** The line of a worker that didn't answer. */
    static WorkerLine failed(String address, String failure) {
        OptionalDouble none = OptionalDouble.empty();
        return new WorkerLine(
                address, failure, none, none, none, none, none, none, none, none, none, none,
                Map.of(), none);
    }

    static WorkerLine of(String address, Growth growth) {
        Scrape now = growth.now();
        OptionalDouble steps = growth.of("weft_engine_step_seconds_count");
        Map<String, OptionalDouble> phases = new LinkedHashMap<>();
        for (String phase : PHASES) {
            phases.put(
                    phase,
                    Growth.ratio(
                            growth.of(PHASE_SECONDS, "phase", phase), growth.of(PHASE_SECONDS)));
        }
        return new WorkerLine(
                address,
                null,
                growth.perSecond(growth.of("vllm:generation_tokens_total")),
                growth.perSecond(growth.of("vllm:prompt_tokens_total")),
                now.value("vllm:num_requests_running"),
                now.value("vllm:num_requests_waiting"),
                now.value("vllm:kv_cache_usage_perc"),
                now.value(RESIDENT, "tier", "slot"),
                slots(now),
                now.value(RESIDENT, "tier", "host"),
                Growth.ratio(growth.of("weft_engine_step_seconds_sum"), steps),
                Growth.ratio(growth.of("weft_engine_step_rows_sum"), steps),
                phases,
                Growth.ratio(
                        growth.of("vllm:prefix_cache_hits_total"),
                        growth.of("vllm:prefix_cache_queries_total")));
    }

    private static OptionalDouble slots(Scrape now) {
        return now.values("vllm:lora_requests_info", "max_lora").stream()
                .filter(slots -> slots.matches("\\d{1,9}"))
                .mapToDouble(Integer::parseInt)
                .max();
    }
}
