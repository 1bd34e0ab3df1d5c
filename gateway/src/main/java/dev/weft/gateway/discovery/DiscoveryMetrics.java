package dev.weft.gateway.discovery;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Measures what each source of workers knows, and how well it can be asked. */
final class DiscoveryMetrics {
    private final MeterRegistry registry;

    DiscoveryMetrics(MeterRegistry registry, Discovery discovery) {
        this.registry = registry;
        discovery.sources().forEach(name -> measure(name.word(), discovery.known(name)));
        Gauge.builder("weft.gateway.discovery.left.out", discovery, Discovery::leftOut)
                .description("Workers that were found beyond the most that a gateway may know")
                .register(registry);
    }

    private void measure(String source, KnownBySource known) {
        Gauge.builder("weft.gateway.discovery.workers", known, of -> of.workers().size())
                .description("Workers that a source told last")
                .tag("source", source)
                .register(registry);
        Gauge.builder("weft.gateway.discovery.age", known, KnownBySource::age)
                .description("Since a source last answered completely, or since the start")
                .baseUnit("seconds")
                .tag("source", source)
                .register(registry);
        FunctionCounter.builder(
                        "weft.gateway.discovery.failures", known, of -> (double) of.failures())
                .description("Times that a source, or a part of it, could not be asked")
                .tag("source", source)
                .register(registry);
    }
}
