package dev.weft.inference.server;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/**
 * The engine's counters under the names of the model-server protocol that the Kubernetes Gateway
 * API Inference Extension reads, which are vLLM's.
 */
final class WorkerMetrics implements MeterBinder {
    private final Engine engine;

    WorkerMetrics(Engine engine) {
        this.engine = engine;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "vllm:num_requests_running", "Requests that hold a row", s -> s.running());
        gauge(registry, "vllm:num_requests_waiting", "Requests in the queue", s -> s.waiting());
        gauge(
                registry,
                "vllm:kv_cache_usage_perc",
                "Share of the KV cache in use, 0 to 1",
                s -> s.kvTokensTotal() == 0 ? 0 : (double) s.kvTokensUsed() / s.kvTokensTotal());
        gauge(registry, "weft.adapter.slots.used", "Adapters in slots", s -> s.slotsInUse());
        count(registry, "vllm:prompt_tokens", "Prompt tokens prefilled", s -> s.promptTokens());
        count(registry, "vllm:generation_tokens", "Tokens produced", s -> s.generatedTokens());
        count(
                registry,
                "vllm:prefix_cache_queries",
                "Prompt tokens looked up in the prefix cache",
                s -> s.prefixQueriedTokens());
        count(
                registry,
                "vllm:prefix_cache_hits",
                "Prompt tokens found in the prefix cache",
                s -> s.prefixHitTokens());
        count(
                registry,
                "weft.kv.blocks.evicted",
                "Blocks of the KV cache whose contents gave way to others",
                s -> s.evictedBlocks());
        count(
                registry,
                "vllm:num_preemptions",
                "Times that a request gave up its place in the KV cache to start over",
                s -> s.preemptions());
        count(registry, "weft.engine.steps", "Forward passes", s -> s.steps());
        count(
                registry,
                "weft.engine.steps.mixed",
                "Forward passes whose rows used more than one adapter",
                s -> s.mixedSteps());
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<EngineStatistics> value) {
        Gauge.builder(name, engine, e -> value.applyAsDouble(e.statistics()))
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private void count(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<EngineStatistics> value) {
        FunctionCounter.builder(name, engine, e -> value.applyAsDouble(e.statistics()))
                .description(description)
                .register(registry);
    }
}
