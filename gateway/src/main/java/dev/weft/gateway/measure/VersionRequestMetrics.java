package dev.weft.gateway.measure;

import dev.weft.protocol.feed.ServedVersion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one adapter's label by version, so that a version can be compared with the one
 * before it. A version's label is its number in the catalog. {@link #MOST} versions of an adapter
 * have a label of their own at a time, the first ones that are asked for; the others share one. The
 * series of a version are removed if nobody has asked for it for {@link BusiestAdapters#LINGER}, so
 * that every scraper has seen their last values. Besides, the catalog must no longer have the
 * version, or another version must want its place. No count ever moves. Any thread.
 */
final class VersionRequestMetrics {
    /** Versions of an adapter; two are usual, one that is served and one that is tried. */
    static final int MOST = 8;

    static final String REQUESTS = "weft.gateway.version.requests";
    static final String FIRST_TOKEN = "weft.gateway.version.time.to.first.token";
    static final String PER_TOKEN = "weft.gateway.version.time.per.output.token";

    private final MeterRegistry registry;
    private final String adapter;
    private final int most;
    private final Predicate<ServedVersion> known;
    private final Map<Integer, SeriesMetrics> own = new HashMap<>();
    private @Nullable SeriesMetrics shared;
    private boolean wanted;
    private boolean removed;

    /** The meters of one label; the version is null for the shared one. */
    private final class SeriesMetrics {
        final Tags label;
        final @Nullable ServedVersion version;
        final Map<RequestOutcome, Counter> requests = new EnumMap<>(RequestOutcome.class);
        final Timer firstToken;
        final Timer perToken;
        boolean fresh;
        Instant asked = Instant.MIN;

        SeriesMetrics(@Nullable ServedVersion version) {
            this.version = version;
            String number = version == null ? RequestMetrics.OTHER : "" + version.number();
            label = Tags.of("weft.adapter", adapter, "weft.version", number);
            requests(RequestOutcome.OK);
            firstToken =
                    timer(FIRST_TOKEN, AnswerMetrics.FIRST_TOKENS)
                            .description("To the first event of a stream")
                            .register(registry);
            perToken =
                    timer(PER_TOKEN, AnswerMetrics.TOKEN_TIMES)
                            .description("Of a stream's time, the part of each token")
                            .register(registry);
        }

        void record(Answered answer) {
            fresh = true;
            requests(answer.outcome()).increment();
            if (answer.firstNanos() >= 0) {
                firstToken.record(answer.firstNanos(), TimeUnit.NANOSECONDS);
            }
            OptionalLong perToken = answer.nanosPerToken();
            perToken.ifPresent(nanos -> this.perToken.record(nanos, TimeUnit.NANOSECONDS));
        }

        private Counter requests(RequestOutcome outcome) {
            return requests.computeIfAbsent(
                    outcome,
                    _ ->
                            Counter.builder(REQUESTS)
                                    .description("Requests for a version of an adapter")
                                    .tags(label)
                                    .tag("weft.outcome", outcome.tag())
                                    .register(registry));
        }

        private Timer.Builder timer(String name, Duration[] buckets) {
            return Timer.builder(name).tags(label).serviceLevelObjectives(buckets);
        }

        void close() {
            List<Meter> meters = new ArrayList<>(requests.values());
            meters.add(firstToken);
            meters.add(perToken);
            meters.forEach(registry::remove);
        }
    }

    /**
     * Creates the metrics; no version was asked for yet.
     *
     * @param adapter the label of the adapter
     * @param most versions that have a label of their own
     * @param known the catalog has the version
     */
    VersionRequestMetrics(
            MeterRegistry registry, String adapter, int most, Predicate<ServedVersion> known) {
        this.registry = registry;
        this.adapter = adapter;
        this.most = most;
        this.known = known;
    }

    synchronized void record(ServedVersion version, Answered answer) {
        if (!removed) {
            of(version).record(answer);
        }
    }

    private SeriesMetrics of(ServedVersion version) {
        SeriesMetrics series = own.get(version.number());
        if (series == null && own.size() < most) {
            series = new SeriesMetrics(version);
            own.put(version.number(), series);
        }
        if (series != null) {
            return series;
        }
        wanted = true;
        if (shared == null) {
            shared = new SeriesMetrics(null);
        }
        return shared;
    }

    /** Closes series that nobody needs any more; to be called regularly. */
    synchronized void sweep(Instant now) {
        List<SeriesMetrics> quiet = new ArrayList<>();
        for (SeriesMetrics series : own.values()) {
            if (series.fresh) {
                series.fresh = false;
                series.asked = now;
            } else if (!now.isBefore(series.asked.plus(BusiestAdapters.LINGER))) {
                quiet.add(series);
            }
        }
        List<SeriesMetrics> over = new ArrayList<>(quiet);
        over.removeIf(series -> series.version == null || known.test(series.version));
        if (over.isEmpty() && wanted && own.size() >= most) {
            quiet.stream().min(Comparator.comparing(series -> series.asked)).ifPresent(over::add);
        }
        wanted = false;
        over.forEach(SeriesMetrics::close);
        own.values().removeAll(over);
    }

    /** Takes all meters out of the registry; nothing is recorded any more. */
    synchronized void remove() {
        removed = true;
        own.values().forEach(SeriesMetrics::close);
        own.clear();
        if (shared != null) {
            shared.close();
            shared = null;
        }
    }
}
