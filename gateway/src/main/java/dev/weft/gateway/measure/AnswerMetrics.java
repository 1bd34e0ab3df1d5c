package dev.weft.gateway.measure;

import dev.weft.protocol.usage.Operation;
import dev.weft.protocol.usage.TokenCount;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one label, with the names and buckets of OpenTelemetry's conventions for GenAI.
 * Meters are made when first needed and kept, so that a request costs no look-up in the registry.
 * Any thread.
 */
final class AnswerMetrics {
    static final String DURATION = "gen_ai.server.request.duration";
    static final String FIRST_TOKEN = "gen_ai.server.time_to_first_token";
    static final String PER_TOKEN = "gen_ai.server.time_per_output_token";
    static final String TOKENS = "gen_ai.client.token.usage";

    private static final Duration[] DURATIONS =
            seconds(
                    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96,
                    81.92);
    static final Duration[] FIRST_TOKENS =
            seconds(
                    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5,
                    7.5, 10);
    static final Duration[] TOKEN_TIMES =
            seconds(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5);

    /** Powers of 4 from 1 to 4^13. */
    private static final double[] TOKEN_COUNTS =
            DoubleStream.iterate(1, count -> count * 4).limit(14).toArray();

    private record Ending(Operation operation, RequestOutcome outcome, String errorType) {
        // A record's own methods go through method handles, and every answer calls these.

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Ending(var thatOperation, var thatOutcome, var thatType)
                    && operation == thatOperation
                    && outcome == thatOutcome
                    && errorType.equals(thatType);
        }

        @Override
        public int hashCode() {
            return (operation.hashCode() * 31 + outcome.hashCode()) * 31 + errorType.hashCode();
        }
    }

    private record StreamMetrics(Timer firstToken, Timer perToken) {}

    private record TokenMetrics(DistributionSummary input, DistributionSummary output) {}

    private final MeterRegistry registry;
    private final Tags label;
    private final Map<Ending, Timer> durations = new ConcurrentHashMap<>();
    private final Map<Operation, StreamMetrics> streams = new ConcurrentHashMap<>();
    private final Map<Operation, TokenMetrics> usages = new ConcurrentHashMap<>();

    /**
     * Creates the metrics; nothing was measured yet.
     *
     * @param base served name of the base model, from which all answers come
     * @param adapter the label
     */
    AnswerMetrics(MeterRegistry registry, String base, String adapter) {
        this.registry = registry;
        this.label =
                Tags.of(
                        "gen_ai.provider.name", "weft",
                        "gen_ai.request.model", base,
                        "gen_ai.response.model", base,
                        "weft.adapter", adapter);
    }

    /** Makes the meters of successful answers, so that they exist before the first one. */
    void register() {
        for (Operation operation : Operation.values()) {
            duration(new Ending(operation, RequestOutcome.OK, ""));
            stream(operation);
            usage(operation);
        }
    }

    void record(Answered answer) {
        Operation operation = answer.operation();
        duration(new Ending(operation, answer.outcome(), answer.errorType()))
                .record(answer.nanos(), TimeUnit.NANOSECONDS);
        TokenCount told = answer.told();
        if (answer.firstNanos() >= 0) {
            StreamMetrics stream = stream(operation);
            stream.firstToken.record(answer.firstNanos(), TimeUnit.NANOSECONDS);
            answer.nanosPerToken()
                    .ifPresent(nanos -> stream.perToken.record(nanos, TimeUnit.NANOSECONDS));
        }
        if (told != null) {
            TokenMetrics usage = usage(operation);
            usage.input.record((double) told.input());
            usage.output.record((double) told.output());
        }
    }

    /** Takes all meters out of the registry; nothing may be recorded any more. */
    void remove() {
        durations.values().forEach(this::remove);
        for (StreamMetrics stream : streams.values()) {
            remove(stream.firstToken);
            remove(stream.perToken);
        }
        for (TokenMetrics usage : usages.values()) {
            remove(usage.input);
            remove(usage.output);
        }
    }

    private void remove(Meter meter) {
        registry.remove(meter);
    }

    private Timer duration(Ending ending) {
        return durations.computeIfAbsent(
                ending,
                _ ->
                        timer(DURATION, DURATIONS, ending.operation)
                                .description(
                                        "From a request's first byte to the last of its answer")
                                .tag("weft.outcome", ending.outcome.tag())
                                .tag("error.type", ending.errorType)
                                .register(registry));
    }

    private StreamMetrics stream(Operation operation) {
        return streams.computeIfAbsent(
                operation,
                _ ->
                        new StreamMetrics(
                                timer(FIRST_TOKEN, FIRST_TOKENS, operation)
                                        .description("To the first event of a stream")
                                        .register(registry),
                                timer(PER_TOKEN, TOKEN_TIMES, operation)
                                        .description(
                                                "Of a stream's time after its first event, the"
                                                        + " part of each token after the first")
                                        .register(registry)));
    }

    private TokenMetrics usage(Operation operation) {
        return usages.computeIfAbsent(
                operation,
                _ -> new TokenMetrics(tokens(operation, "input"), tokens(operation, "output")));
    }

    private DistributionSummary tokens(Operation operation, String type) {
        return DistributionSummary.builder(TOKENS)
                .description("Tokens of a request, as its client was told")
                .tags(label)
                .tag("gen_ai.operation.name", operation.tag())
                .tag("gen_ai.token.type", type)
                .serviceLevelObjectives(TOKEN_COUNTS)
                .register(registry);
    }

    private Timer.Builder timer(String name, Duration[] buckets, Operation operation) {
        return Timer.builder(name)
                .tags(label)
                .tag("gen_ai.operation.name", operation.tag())
                .serviceLevelObjectives(buckets);
    }

    private static Duration[] seconds(double... seconds) {
        return DoubleStream.of(seconds)
                .mapToObj(each -> Duration.ofMillis(Math.round(each * 1000)))
                .toArray(Duration[]::new);
    }
}
