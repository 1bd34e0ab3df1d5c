package dev.weft.inference.server.metrics;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.engine.statistics.AdapterStatistics;
import dev.weft.inference.engine.statistics.BatchStatistics;
import dev.weft.inference.engine.statistics.EngineStatistics;
import dev.weft.inference.engine.statistics.KvStatistics;
import dev.weft.inference.engine.statistics.StepPhase;
import dev.weft.inference.server.completion.WaitingRequests;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The engine's own metrics, all of one moment. Those that an engine does not know are left out.
 * Names that begin with {@code vllm:} are those of the model-server protocol of the Kubernetes
 * Gateway API Inference Extension.
 */
final class EngineMetrics implements MultiCollector {
    private final Engine engine;
    private final WaitingRequests waiting;

    /**
     * The metrics of one engine.
     *
     * @param waiting requests that the engine does not have yet
     */
    EngineMetrics(Engine engine, WaitingRequests waiting) {
        this.engine = engine;
        this.waiting = waiting;
    }

    @Override
    public MetricSnapshots collect() {
        EngineStatistics now = engine.statistics();
        MetricFamilies to = new MetricFamilies();
        requests(to, now);
        kernels(to, engine.description());
        cache(to, now.kv());
        moves(to, now.adapters());
        now.batch()
                .ifPresent(batch -> {
                    batch(to, batch);
                    batch.measured().ifPresent(measured -> measured(to, measured));
                });
        return to.all();
    }

    private void requests(MetricFamilies to, EngineStatistics now) {
        running(to, now.running());
        waiting(to, now.waiting() + waiting.outsideTheEngine());
        to.gauge("weft_tenants_waiting", "Tenants with requests in the queue", waiting.tenants());
        to.gauge(
                "weft_longest_wait_seconds",
                "Time since the arrival of the request that waits for longest",
                waiting.longestSeconds(System.nanoTime()));
        prompt(to, (double) now.tokens().prompt());
        generated(to, (double) now.tokens().generated());
        to.counter(
                "vllm:prefix_cache_queries",
                "Prompt tokens looked up in the prefix cache",
                now.tokens().prefixQueried());
        to.counter(
                "vllm:prefix_cache_hits",
                "Prompt tokens found in the prefix cache",
                now.tokens().prefixHit());
        to.counter("weft_engine_steps", "Forward passes", now.steps());
    }

    private static void kernels(MetricFamilies to, EngineDescription engine) {
        to.info(
                "weft_engine_kernels",
                "What the linear layers run on",
                Labels.of(
                        "engine",
                        engine.engine(),
                        "kernels",
                        engine.kernels().name(),
                        "instruction_set",
                        engine.kernels().instructionSet()));
        engine.kernels()
                .ofPeak()
                .get()
                .ifPresent(part ->
                        to.gauge(
                                "weft_engine_kernels_of_peak",
                                "Part of a core's peak that compiled kernels reached at start,"
                                        + " 0 to 1",
                                part));
    }

    private static void cache(MetricFamilies to, KvStatistics kv) {
        kvUsage(to, kv.usage());
        to.info(
                "vllm:cache_config",
                "Blocks of the KV cache",
                Labels.of(
                        "block_size",
                        String.valueOf(kv.blockTokens()),
                        "num_gpu_blocks",
                        String.valueOf(kv.total())));
        Map<String, Double> states = new LinkedHashMap<>();
        states.put("used", (double) kv.used());
        kv.cached().ifPresent(cached -> states.put("cached", (double) cached));
        states.put("free", (double) kv.free());
        to.gauge("weft_kv_blocks", "Blocks of the KV cache", "state", states);
    }

    static void running(MetricFamilies to, double requests) {
        to.gauge("vllm:num_requests_running", "Requests that hold a row", requests);
    }

    static void waiting(MetricFamilies to, double requests) {
        to.gauge("vllm:num_requests_waiting", "Requests in the queue", requests);
    }

    static void kvUsage(MetricFamilies to, double share) {
        to.gauge("vllm:kv_cache_usage_perc", "Share of the KV cache in use, 0 to 1", share);
    }

    static void prompt(MetricFamilies to, double tokens) {
        to.counter("vllm:prompt_tokens", "Prompt tokens prefilled", tokens);
    }

    static void generated(MetricFamilies to, double tokens) {
        to.counter("vllm:generation_tokens", "Tokens produced", tokens);
    }

    /** How adapters moved between the tiers of a host. */
    static void moves(MetricFamilies to, AdapterStatistics adapters) {
        Map<String, Double> evictions = new LinkedHashMap<>();
        evictions.put("slot", (double) adapters.slots().evictions());
        evictions.put("host", (double) adapters.hostCache().evictions());
        to.counter(
                "weft_adapter_evictions",
                "Adapters that left a tier, downwards",
                "tier",
                evictions);
        to.counter(
                "weft_adapter_reloads",
                "Adapters that came back from host memory",
                adapters.reloads());
    }

    private static void batch(MetricFamilies to, BatchStatistics batch) {
        to.counter(
                "vllm:num_preemptions",
                "Times that a request gave up its place in the KV cache to start over",
                batch.yielded().requests());
        to.counter(
                "weft_kv_blocks_evicted",
                "Blocks of the KV cache whose contents gave way to others",
                batch.yielded().blocks());
        to.counter(
                "weft_engine_steps_mixed",
                "Forward passes whose rows used more than one adapter",
                batch.mixedSteps());
        to.histogram(
                "weft_engine_mask_seconds",
                "Seconds of a mask for a constrained answer, the choice by it included",
                batch.masks().seconds());
        to.counter(
                "weft_engine_rows_sat_out",
                "Steps that ran without a row because its mask was not ready",
                batch.masks().satOut());
        to.counter(
                "vllm:spec_decode_num_drafts",
                "Guesses of the tokens that follow, verified by a step",
                batch.drafts().drafts());
        to.counter(
                "vllm:spec_decode_num_draft_tokens",
                "Tokens that were guessed",
                batch.drafts().tokens());
        to.counter(
                "vllm:spec_decode_num_accepted_tokens",
                "Guessed tokens that became tokens of answers",
                batch.drafts().accepted());
        Map<String, Double> tokens = new LinkedHashMap<>();
        tokens.put("prefill", (double) batch.prefillTokens());
        tokens.put("decode", (double) batch.decodeTokens());
        to.counter("weft_engine_step_tokens", "Tokens computed by steps", "kind", tokens);
    }

    private static void measured(MetricFamilies to, BatchStatistics.Measured measured) {
        to.histogram(
                "weft_engine_step_seconds",
                "Seconds of a forward pass, sampling included",
                measured.seconds());
        to.histogram("weft_engine_step_rows", "Requests in a step", measured.rows());
        Map<String, Double> phases = new LinkedHashMap<>();
        for (StepPhase phase : StepPhase.values()) {
            phases.put(
                    phase.name().toLowerCase(Locale.ROOT),
                    measured.phaseSeconds().getOrDefault(phase, 0.0));
        }
        to.counter(
                "weft_engine_phase_seconds",
                "Wall time of steps by what they did",
                "phase",
                phases);
        to.counter(
                "weft_engine_idle_cpu_seconds",
                "Time that the engine's threads were awake, not asleep, while no step ran",
                measured.idleCpuSeconds());
    }
}
