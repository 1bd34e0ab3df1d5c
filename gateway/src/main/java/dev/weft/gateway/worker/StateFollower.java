package dev.weft.gateway.worker;

import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.sse.Backoff;
import dev.weft.protocol.sse.EventConnection;
import dev.weft.protocol.worker.WorkerState;
import dev.weft.protocol.worker.WorkerStateCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the states that one worker tells, in a loop of its own, and connects again if the stream
 * is lost. A worker that tells no states is asked again now and then. If it told some before, it
 * has been replaced, and they count no more.
 */
final class StateFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFollower.class);

    /** A worker says something every second. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    /** Answers of a server that knows nothing of states. */
    private static final Set<Integer> UNKNOWN = Set.of(404, 405, 501);

    private final URI events;
    private final Map<String, String> headers;
    private final HttpClient client;
    private final Consumer<WorkerState> told;
    private final Runnable tellsNone;
    private final Backoff backoff = new Backoff();
    private final Loop loop;
    private boolean complained;

    /**
     * Follows nothing yet.
     *
     * @param token sent to the worker; null for none
     * @param client how it is reached; closed by its owner
     * @param told gets the states on the loop's thread
     * @param tellsNone runs on the loop's thread when the worker answers that it has no states
     */
    StateFollower(
            URI worker,
            @Nullable String token,
            HttpClient client,
            Loops loops,
            Consumer<WorkerState> told,
            Runnable tellsNone) {
        this.events = worker.resolve(WorkerStateCodec.PATH);
        this.headers = token == null ? Map.of() : Map.of("Authorization", "Bearer " + token);
        this.client = client;
        this.told = told;
        this.tellsNone = tellsNone;
        this.loop = loops.loop("worker-states", worker.toString(), this::follow);
    }

    void start() {
        loop.start();
    }

    private Duration follow() throws InterruptedException {
        try (EventConnection connection =
                EventConnection.open(
                        client, events, headers, SILENCE, WorkerStateCodec.MOST_BYTES)) {
            complained = false;
            while (true) {
                loop.goesOn();
                connection.next(this::take);
            }
        } catch (IOException e) {
            if (e instanceof EventConnection.NoEventsException answer
                    && UNKNOWN.contains(answer.status())) {
                tellsNone.run();
            }
            if (!complained) {
                complained = true;
                LOG.info("worker states {}: {}; asked again", events, e.getMessage());
            }
        }
        return backoff.next();
    }

    private void take(String name, byte[] data, int length) throws IOException {
        if (!name.equals(WorkerStateCodec.EVENT)) {
            return;
        }
        try {
            told.accept(WorkerStateCodec.decode(data, length));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        backoff.reset();
    }

    @Override
    public void close() {
        loop.close();
    }
}
