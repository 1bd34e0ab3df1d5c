package dev.weft.standalone.top;

import dev.weft.standalone.metrics.Scrape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A worker, over the time between two scrapes. A value that it doesn't report is empty.
 *
 * @param failure why it didn't answer; null if it did
 */
record WorkerLine(
        String address,
        @Nullable String failure,
        Requests requests,
        Kv kv,
        Adapters adapters,
        Steps steps) {
    static final List<String> PHASES = List.of("linear", "lora", "attention", "sample", "other");

    private static final String RESIDENT = "weft_adapter_resident";
    private static final String PHASE_SECONDS = "weft_engine_phase_seconds_total";
    private static final Scrape NOTHING = Scrape.parse(0, "");

    /**
     * Its requests.
     *
     * @param tokensPerSecond tokens produced
     * @param prefillPerSecond tokens of prompts computed
     */
    record Requests(
            OptionalDouble tokensPerSecond,
            OptionalDouble prefillPerSecond,
            OptionalDouble running,
            OptionalDouble waiting) {}

    /**
     * Its KV cache.
     *
     * @param usage share in use, 0 to 1
     * @param prefixHits share of prompt tokens that were found in the prefix cache
     */
    record Kv(OptionalDouble usage, OptionalDouble prefixHits) {}

    /** The number of adapters in its memory, by place. */
    record Adapters(OptionalDouble inSlots, OptionalDouble slots, OptionalDouble inHost) {}

    /**
     * The steps of its engine.
     *
     * @param seconds mean time
     * @param rows mean number of requests
     * @param phases shares of their time, by each of {@link #PHASES}, in that order
     */
    record Steps(OptionalDouble seconds, OptionalDouble rows, Map<String, OptionalDouble> phases) {}

    /** The line of a worker that didn't answer. */
    static WorkerLine failed(String address, String failure) {
        return of(address, failure, new Growth(NOTHING, NOTHING));
    }

    static WorkerLine of(String address, Growth growth) {
        return of(address, null, growth);
    }

    private static WorkerLine of(String address, @Nullable String failure, Growth growth) {
        Scrape now = growth.now();
        OptionalDouble steps = growth.of("weft_engine_step_seconds_count");
        return new WorkerLine(
                address,
                failure,
                new Requests(
                        growth.perSecond(growth.of("vllm:generation_tokens_total")),
                        growth.perSecond(growth.of("vllm:prompt_tokens_total")),
                        now.value("vllm:num_requests_running"),
                        now.value("vllm:num_requests_waiting")),
                new Kv(
                        now.value("vllm:kv_cache_usage_perc"),
                        Growth.ratio(
                                growth.of("vllm:prefix_cache_hits_total"),
                                growth.of("vllm:prefix_cache_queries_total"))),
                new Adapters(
                        now.value(RESIDENT, "tier", "slot"),
                        slots(now),
                        now.value(RESIDENT, "tier", "host")),
                new Steps(
                        Growth.ratio(growth.of("weft_engine_step_seconds_sum"), steps),
                        Growth.ratio(growth.of("weft_engine_step_rows_sum"), steps),
                        phases(growth)));
    }

    private static Map<String, OptionalDouble> phases(Growth growth) {
        OptionalDouble all = growth.of(PHASE_SECONDS);
        Map<String, OptionalDouble> phases = new LinkedHashMap<>();
        for (String phase : PHASES) {
            phases.put(phase, Growth.ratio(growth.of(PHASE_SECONDS, "phase", phase), all));
        }
        return phases;
    }

    private static OptionalDouble slots(Scrape now) {
        return now.values("vllm:lora_requests_info", "max_lora").stream()
                .filter(slots -> slots.matches("\\d{1,9}"))
                .mapToDouble(Integer::parseInt)
                .max();
    }
}
