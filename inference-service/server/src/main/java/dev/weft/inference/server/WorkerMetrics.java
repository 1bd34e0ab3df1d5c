package dev.weft.inference.server;

import dev.weft.inference.engine.AdapterStatistics;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
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
        bindAdapters(registry);
    }

    /** What the engine's runtime says of itself, in Prometheus' text format. */
    String ofRuntime() {
        return engine.runtimeMetrics();
    }

    private void bindAdapters(MeterRegistry registry) {
        tier(registry, "slot", a -> a.slots(), a -> a.slotBytes(), a -> a.slotEvictions());
        tier(registry, "host", a -> a.hostCache(), a -> a.hostCacheBytes(), a -> a.hostEvictions());
        count(
                registry,
                "weft.adapter.loads",
                "Adapters made ready from their weights",
                s -> s.adapters().loads());
        count(
                registry,
                "weft.adapter.reloads",
                "Adapters that came back from host memory",
                s -> s.adapters().reloads());
    }

    /** A tier is {@code slot}, or {@code host} for those that have left their slot. */
    private void tier(
            MeterRegistry registry,
            String tier,
            ToDoubleFunction<AdapterStatistics> resident,
            ToDoubleFunction<AdapterStatistics> bytes,
            ToDoubleFunction<AdapterStatistics> evictions) {
        Tags tags = Tags.of("tier", tier);
        Gauge.builder(
                        "weft.adapter.resident",
                        engine,
                        e -> resident.applyAsDouble(e.statistics().adapters()))
                .description("Adapters in a tier of memory")
                .tags(tags)
                .strongReference(true)
                .register(registry);
        Gauge.builder(
                        "weft.adapter.memory",
                        engine,
                        e -> bytes.applyAsDouble(e.statistics().adapters()))
                .description("Memory of the adapters in a tier")
                .baseUnit(BaseUnits.BYTES)
                .tags(tags)
                .strongReference(true)
                .register(registry);
        FunctionCounter.builder(
                        "weft.adapter.evictions",
                        engine,
                        e -> evictions.applyAsDouble(e.statistics().adapters()))
                .description("Adapters that have left a tier of memory, downwards")
                .tags(tags)
                .register(registry);
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
