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
 * Finds out that the engine of a server hangs whose front end goes on answering {@code /health}:
 * the server owes answers, has sent nobody anything for as long as a single answer may stay away,
 * and has left a request for one token unanswered meanwhile. Nothing shorter would do: a server
 * that reads long prompts is silent, too, and its metrics tell no step that makes no token. Used by
 * the thread that looks at the server; a look never waits for the engine.
 */
public final class EnginePulse {
    /** A prompt that has been silent for too long ends, and the engine goes on with others. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(10);

    private final ServerCalls calls;
    private final String base;
    private final ServerSigns signs;
    private final Duration silence;
    private @Nullable FutureTask<Boolean> probe;
    private boolean hangs;

    /**
     * A pulse that nobody has felt yet.
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

    /** Why the engine can't be used; empty if it can, or if nothing says otherwise. */
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
            // a fault of the question's own says nothing of the engine
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
     * Any answer is a sign, since a server that makes no text refuses at once; and so is a
     * connection that breaks, behind which is another process, or none.
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
            // all that it owed has ended, which would have freed it
            signs.stuck();
        } else {
            hangs = true;
            signs.hung(why());
        }
    }
}
