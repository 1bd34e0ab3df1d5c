package dev.weft.gateway.measure;

import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.routing.name.Target;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.service.settings.MetricsSettings;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's metrics of requests. The label of an adapter is its name in the catalog, whatever
 * name led to it, and never a client's own invention; see {@link BusiestAdapters} for the number of
 * labels. A base has its served name; an unknown model is {@code unknown}. Any thread.
 */
public final class RequestMetrics {
    static final String UNKNOWN = "unknown";
    static final String OTHER = "other";

    private static final Duration[] WAITS =
            Stream.concat(
                            Stream.of(1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000)
                                    .map(Duration::ofMillis),
                            // up to the longest wait that may be set
                            Stream.of(10, 15, 30, 60, 120, 300, 600, 1800, 3600)
                                    .map(Duration::ofSeconds))
                    .toArray(Duration[]::new);

    private final Clock clock;
    private final boolean counting;
    private final AnswerMetrics unknown;
    private final Map<String, AnswerMetrics> ofBases = new ConcurrentHashMap<>();
    private final MeterRegistry registry;
    private final BusiestAdapters<AdapterMetrics> adapters;
    private final Map<NotForwarded, Counter> refusals;
    private final Map<Wait, Timer> waits;
    private final AtomicInteger inFlight = new AtomicInteger();

    /** The meters of an adapter's label, in all and by version. */
    private record AdapterMetrics(
            String label, LabelMetrics answers, VersionRequestMetrics versions) {
        void record(Target.Adapter target, Answered answer) {
            answers.of(target.base()).record(answer);
            versions.record(target.version(), answer);
        }

        void remove() {
            answers.remove();
            versions.remove();
        }
    }

    /** Series that are known at start exist at once, at 0. */
    public RequestMetrics(
            MeterRegistry registry,
            KnownBases bases,
            CatalogView catalog,
            MetricsSettings settings) {
        clock = registry.config().clock();
        counting = settings.enabled();
        this.registry = registry;
        unknown = new AnswerMetrics(registry, bases.first(), UNKNOWN);
        bases.names().forEach(base -> ofBase(base).register());
        AdapterNames names = new AdapterNames(bases::isBase);
        adapters =
                new BusiestAdapters<>(
                        settings.maxAdapters(),
                        new AdapterMetrics(
                                OTHER,
                                new LabelMetrics(registry, OTHER),
                                new VersionRequestMetrics(registry, OTHER, 0, _ -> true)),
                        id -> catalog.find(id).isPresent(),
                        id -> of(names.take(id), catalog),
                        metrics -> {
                            metrics.remove();
                            names.giveBack(metrics.label);
                        });
        refusals =
                Arrays.stream(NotForwarded.values())
                        .collect(Collectors.toMap(each -> each, each -> refusals(registry, each)));
        waits =
                Arrays.stream(Wait.values())
                        .collect(Collectors.toMap(each -> each, each -> waits(registry, each)));
        Gauge.builder("weft.gateway.requests.in.flight", inFlight, AtomicInteger::get)
                .description("Requests that are being answered")
                .register(registry);
        Gauge.builder("weft.gateway.adapters.labelled", adapters, BusiestAdapters::labelled)
                .description("Adapters that have a label of their own")
                .register(registry);
        Gauge.builder("weft.gateway.adapters.sharing.other", adapters, BusiestAdapters::sharing)
                .description("Adapters asked for of late that share the label other")
                .register(registry);
    }

    /** Counts a request that has come; returns {@link #now()}. */
    long begun() {
        inFlight.incrementAndGet();
        return now();
    }

    /** The number of requests that are being answered. */
    public int inFlight() {
        return inFlight.get();
    }

    /** A key was looked up, and has a holder. */
    public void waitedForKey(long nanos) {
        waited(Wait.KEY, nanos);
    }

    /** The time in nanoseconds, for differences. */
    public long now() {
        return clock.monotonicTime();
    }

    void waited(Wait reason, long nanos) {
        of(waits, reason).record(nanos, TimeUnit.NANOSECONDS);
    }

    void refused(NotForwarded reason) {
        of(refusals, reason).increment();
    }

    /**
     * Counts a request as ended.
     *
     * @param target null if the request named nothing that exists
     */
    void ended(@Nullable Target target, Answered answer) {
        inFlight.decrementAndGet();
        switch (target) {
            case null -> unknown.record(answer);
            case Target.Base base -> ofBase(base.model()).record(answer);
            case Target.Adapter adapter ->
                    adapters.book(
                            adapter.version().adapter(), series -> series.record(adapter, answer));
        }
    }

    private AnswerMetrics ofBase(String base) {
        return ofBases.computeIfAbsent(base, name -> new AnswerMetrics(registry, name, name));
    }

    /** Notes the end of a request that is not counted. */
    void left() {
        inFlight.decrementAndGet();
    }

    /** Lets labels change hands; one thread must call it regularly. */
    void rank(Instant now) {
        adapters.rank(now);
        adapters.each(series -> series.versions.sweep(now));
    }

    /** False if answers are not measured: then nobody needs their token counts. */
    boolean counting() {
        return counting;
    }

    private static boolean isServed(CatalogView catalog, ServedVersion version) {
        return catalog.entries(version.digest()).stream()
                .flatMap(entry -> entry.pinned(version.digest()).stream())
                .anyMatch(each ->
                        each.adapter().equals(version.adapter())
                                && each.number() == version.number());
    }

    private AdapterMetrics of(String label, CatalogView catalog) {
        return new AdapterMetrics(
                label,
                new LabelMetrics(registry, label),
                new VersionRequestMetrics(
                        registry,
                        label,
                        VersionRequestMetrics.MOST,
                        version -> isServed(catalog, version)));
    }

    private static Counter refusals(MeterRegistry registry, NotForwarded reason) {
        return Counter.builder("weft.gateway.refusals")
                .description("Requests refused before a worker was asked")
                .tag("reason", reason.tag())
                .register(registry);
    }

    private static Timer waits(MeterRegistry registry, Wait reason) {
        return Timer.builder("weft.gateway.queue")
                .description("What requests waited for before a worker was asked")
                .tag("reason", reason.tag())
                .serviceLevelObjectives(WAITS)
                .register(registry);
    }

    private static <K, V> V of(Map<K, V> meters, K reason) {
        V meter = meters.get(reason);
        if (meter == null) {
            throw new IllegalArgumentException(reason + " is not measured");
        }
        return meter;
    }
}
