package dev.weft.inference.relay.host;

import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.AdapterCall;
import dev.weft.inference.relay.dialect.ServerReply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that the engine of a server hangs whose front end goes on answering {@code /health}:
 * the server owes answers and sends nobody anything, leaves a request for one token unanswered, and
 * no figure of its metrics changes meanwhile. A server that reads a long prompt sends nothing for
 * long, too, but its figures change with each step. Used by the thread that looks at the server; a
 * look never waits for the engine.
 */
public final class EnginePulse {
    private static final Duration FIGURES = Duration.ofSeconds(3);

    /** Metrics that change without the engine. */
    private static final List<String> OF_FRONT_ENDS = List.of("#", "process_", "python_", "http_");

    private final ServerCalls calls;
    private final String base;
    private final ServerSigns signs;
    private final Duration stall;
    private @Nullable Probe probe;
    private boolean hangs;

    /**
     * A pulse that nobody has felt yet.
     *
     * @param base the server's name of the base
     * @param stall a server that sends nothing for so long is asked for a token, and hangs if it
     *     doesn't answer within twice that time
     */
    public EnginePulse(ServerCalls calls, String base, ServerSigns signs, Duration stall) {
        this.calls = calls;
        this.base = base;
        this.signs = signs;
        this.stall = stall;
    }

    /** A request for one token that is under way. */
    private static final class Probe {
        private final FutureTask<Boolean> answered;

        /** The server's figures when it began; null before they were read. */
        private @Nullable String figures;

        Probe(FutureTask<Boolean> answered) {
            this.answered = answered;
        }
    }

    /** Why the engine can't be used; empty if it can, or if nothing says otherwise. */
    Optional<String> look() throws InterruptedException {
        if (!hangs && signs.quiet().compareTo(stall) < 0) {
            stopProbe();
            return Optional.empty();
        }
        Probe now = probe;
        if (now == null) {
            probe = begin();
        } else if (now.answered.isDone()) {
            judge(now);
        } else if (now.figures == null) {
            now.figures = figures();
        }
        return hangs ? Optional.of(trouble()) : Optional.empty();
    }

    private String trouble() {
        return "its engine hangs: it owes answers, has sent nothing for %d s, and leaves a request for one token unanswered"
                .formatted(stall.multipliedBy(3).toSeconds());
    }

    private Probe begin() {
        FutureTask<Boolean> task = new FutureTask<>(this::answers);
        Thread.ofVirtual().name("engine-pulse").start(task);
        return new Probe(task);
    }

    /** Any answer is a sign: a server that makes no text refuses at once. */
    private boolean answers() throws InterruptedException {
        AdapterCall call =
                new AdapterCall(
                        "/v1/completions",
                        Map.of(
                                "model",
                                base,
                                "prompt",
                                List.of(1, 2),
                                "max_tokens",
                                1,
                                "temperature",
                                0));
        try {
            ServerReply _ = calls.post(call, stall.multipliedBy(2));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void judge(Probe done) throws InterruptedException {
        probe = null;
        boolean moves = !figures().equals(done.figures == null ? "" : done.figures);
        if (hasAnswered(done) || moves) {
            hangs = false;
            signs.heard();
        } else if (!hangs) {
            hangs = true;
            signs.hung(trouble());
        }
    }

    private static boolean hasAnswered(Probe done) throws InterruptedException {
        try {
            return done.answered.get();
        } catch (ExecutionException e) {
            return false;
        }
    }

    private void stopProbe() {
        Probe now = probe;
        if (now != null) {
            now.answered.cancel(true);
            probe = null;
        }
    }

    /** What the server says of its engine; empty if it says nothing. */
    private String figures() throws InterruptedException {
        try {
            ServerReply reply = calls.get("/metrics", FIGURES);
            return reply.ok() ? ofEngine(reply.text()) : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static String ofEngine(String text) {
        return text.lines()
                .filter(line -> OF_FRONT_ENDS.stream().noneMatch(line::startsWith))
                .collect(Collectors.joining("\n"));
    }
}
