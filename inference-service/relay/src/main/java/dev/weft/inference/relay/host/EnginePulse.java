package dev.weft.inference.relay.host;

import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.AdapterCall;
import dev.weft.inference.relay.dialect.ServerReply;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that a server's engine hangs although its front end goes on answering {@code /health}.
 * The engine hangs if the server owes answers, has sent nothing for as long as a single answer may
 * stay away, and has left a request for one token unanswered meanwhile. A shorter time does not
 * prove it: a server that reads long prompts is silent, too, and its metrics show no step that
 * makes no token. Used by the thread that looks at the server; a look never waits for the engine.
 */
public final class EnginePulse {
    /**
     * Time after the silence: a request that was silent for too long ends then, and the engine goes
     * on with others.
     */
    private static final Duration AFTERWARDS = Duration.ofSeconds(10);

    private final ServerCalls calls;
    private final String base;
    private final ServerSigns signs;
    private final Duration silence;
    private @Nullable FutureTask<Boolean> probe;
    private boolean hangs;

    /**
     * A pulse of an engine that has not been looked at.
     *
     * @param base the server's name of the base
     * @param silence longest time that an answer may stay away
     */
    public EnginePulse(ServerCalls calls, String base, ServerSigns signs, Duration silence) {
        this.calls = calls;
        this.base = base;
        this.signs = signs;
        this.silence = silence;
    }

    /** The reason why the engine can't be used; empty if it is not known to hang. */
    Optional<String> look() {
        Duration third = silence.dividedBy(3);
        FutureTask<Boolean> asked = probe;
        if (!hangs && signs.quiet().compareTo(third) < 0) {
            if (asked != null) {
                asked.cancel(true);
            }
            probe = null;
        } else if (asked == null) {
            probe = ask((hangs ? third : silence.minus(third)).plus(AFTERWARDS));
        } else if (asked.isDone()) {
            probe = null;
            // if the probe itself fails, that says nothing about the engine
            judge(asked.state() != Future.State.SUCCESS || asked.resultNow());
        }
        return hangs ? Optional.of(why()) : Optional.empty();
    }

    private String why() {
        return "its engine hangs: it has sent nothing for %d s, and leaves a request for one token unanswered"
                .formatted(silence.toSeconds());
    }

    private FutureTask<Boolean> ask(Duration deadline) {
        FutureTask<Boolean> task = new FutureTask<>(() -> answers(deadline));
        Thread.ofVirtual().name("engine-pulse").start(task);
        return task;
    }

    /**
     * Whether the engine answers. Any answer counts, since a server that makes no text refuses at
     * once. A broken connection counts too: then the process has ended, or another one has its
     * port.
     */
    private boolean answers(Duration deadline) throws InterruptedException {
        Map<String, Object> oneToken =
                Map.of("model", base, "prompt", List.of(1, 2), "max_tokens", 1, "temperature", 0);
        try {
            ServerReply _ = calls.post(new AdapterCall("/v1/completions", oneToken), deadline);
            return true;
        } catch (HttpTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private void judge(boolean answered) {
        if (answered) {
            hangs = false;
            signs.heard();
        } else if (hangs) {
            // all requests have ended, which would have freed an engine that was only busy
            signs.stuck();
        } else {
            hangs = true;
            signs.hung(why());
        }
    }
}
