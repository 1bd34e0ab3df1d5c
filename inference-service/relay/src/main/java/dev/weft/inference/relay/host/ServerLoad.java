package dev.weft.inference.relay.host;

import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.call.ServerMetrics;
import dev.weft.inference.relay.dialect.LoadMetrics;
import dev.weft.inference.relay.dialect.ServerReply;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads once a second how busy the server says it is. A figure that it does not report, or no
 * longer reports, is unknown. One loop; any thread may ask.
 */
public final class ServerLoad implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLoad.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** A busy server answers late. */
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    /** A server's figures count until so many looks in a row have failed. */
    private static final int MOST_FAILURES = 3;

    /** A server may show its metrics only once it has had a request. */
    private static final int FAILURES_TO_TELL = 30;

    private final ServerCalls calls;
    private final LoadMetrics metrics;
    private final Set<String> names;
    private final Loop loop;
    private volatile Optional<Told> told = Optional.empty();

    // Only the loop's thread uses these.
    private int failures;
    private int waitedBefore;
    private double seconds;
    private double tokens;

    /**
     * What the server says.
     *
     * @param waiting requests that it does not compute yet, whoever sent them: the smaller number
     *     of this look and the one before
     * @param kvUsage 0 to 1; 0 if it does not say
     * @param stepSeconds mean time between two tokens of a request since the last look; 0 if there
     *     were none, or no look before
     * @param tokens counts since the server started
     */
    public record Told(int waiting, double kvUsage, double stepSeconds, Tokens tokens) {}

    /** Tokens prefilled and produced; empty if the server does not say. */
    public record Tokens(OptionalDouble prompt, OptionalDouble generated) {
        public static final Tokens UNKNOWN =
                new Tokens(OptionalDouble.empty(), OptionalDouble.empty());
    }

    public ServerLoad(ServerCalls calls, LoadMetrics metrics, Loops loops) {
        this.calls = calls;
        this.metrics = metrics;
        this.names = names(metrics);
        this.loop = loops.loop("server-load", this::turn);
    }

    private static Set<String> names(LoadMetrics metrics) {
        Set<String> names = new HashSet<>(metrics.waiting());
        names.addAll(metrics.kvUsage());
        names.addAll(sums(metrics));
        names.addAll(counts(metrics));
        names.addAll(metrics.promptTokens());
        names.addAll(metrics.generatedTokens());
        return names;
    }

    private static List<String> sums(LoadMetrics metrics) {
        return metrics.tokenSeconds().stream().map(name -> name + "_sum").toList();
    }

    private static List<String> counts(LoadMetrics metrics) {
        return metrics.tokenSeconds().stream().map(name -> name + "_count").toList();
    }

    /** Begins to read. */
    public void start() {
        if (!names.isEmpty()) {
            loop.start();
        }
    }

    /** What the server said last; empty if it says nothing. */
    public Optional<Told> told() {
        return told;
    }

    private Duration turn() throws InterruptedException {
        Optional<Told> now = look();
        failures = now.isPresent() ? 0 : failures + 1;
        if (now.isPresent() || failures >= MOST_FAILURES) {
            told = now;
        }
        if (failures == FAILURES_TO_TELL) {
            LOG.info(
                    "the server at {} does not say in /metrics how busy it is: gateways do not see"
                            + " its queue",
                    calls.address());
        }
        return LOOK;
    }

    private Optional<Told> look() throws InterruptedException {
        try {
            ServerReply reply = calls.get("/metrics", DEADLINE);
            return reply.ok() ? read(reply.text()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<Told> read(String text) {
        ServerMetrics said = ServerMetrics.read(text, names);
        OptionalDouble waiting = said.sum(metrics.waiting());
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Told(
                        lasting(count(waiting.getAsDouble())),
                        Math.clamp(said.most(metrics.kvUsage()).orElse(0), 0, 1),
                        step(
                                said.sum(sums(metrics)).orElse(0),
                                said.sum(counts(metrics)).orElse(0)),
                        new Tokens(
                                said.sum(metrics.promptTokens()),
                                said.sum(metrics.generatedTokens()))));
    }

    /**
     * The smaller number of this look and the one before, since a new request waits for a moment
     * anyway, also between two pieces of others' prompts.
     */
    private int lasting(int waiting) {
        int before = waitedBefore;
        waitedBefore = waiting;
        return Math.min(before, waiting);
    }

    private static int count(double value) {
        return (int) Math.clamp(value, 0, Integer.MAX_VALUE);
    }

    /**
     * The mean time between two tokens since the last look; 0 if there were none, or if the server
     * counts from zero again.
     */
    private double step(double secondsNow, double tokensNow) {
        double more = tokensNow - tokens;
        double mean = more > 0 && tokens > 0 ? (secondsNow - seconds) / more : 0;
        seconds = secondsNow;
        tokens = tokensNow;
        return Math.max(0, mean);
    }

    @Override
    public void close() {
        loop.close();
    }
}
