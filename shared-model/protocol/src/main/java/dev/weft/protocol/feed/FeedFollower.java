package dev.weft.protocol.feed;

import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.sse.Backoff;
import dev.weft.protocol.sse.EventConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link CatalogView} up to date from {@code GET <catalog>/feed/v1/events}, in a loop of
 * its own, for as long as it is open.
 *
 * <p>The follower connects again if the connection is lost, if it says nothing for 30 s (the
 * catalog's heartbeat comes every 10 s), or if an answer can't be read. It first waits for a
 * growing, randomised pause, and then resumes after the last event seen, by that event's id. If a
 * sequence number is missing, the next connection asks for a whole snapshot. Meanwhile the view
 * keeps what it has.
 */
public final class FeedFollower implements AutoCloseable {
    /** The header in which a follower gives its name. */
    public static final String NAME_HEADER = "weft-follower";

    private static final Logger LOG = LoggerFactory.getLogger(FeedFollower.class);
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final URI events;
    private final @Nullable String token;
    private final String name;
    private final CatalogView view;
    private final Clock clock;
    private final Duration silence;
    private final Backoff backoff = new Backoff();
    private final CountDownLatch initialised = new CountDownLatch(1);
    private final HttpClient client;
    private volatile boolean closed;
    private volatile boolean connected;
    private volatile @Nullable Instant lastHeard;
    private final Loop loop;
    private boolean started;

    /**
     * True if events may be missing from the view: the next connection must not resume. Own thread
     * only.
     */
    private boolean wantsSnapshot = true;

    /** Id of the last event of the view; empty if the catalog gave none. Own thread only. */
    private String lastId = "";

    /** True if a line was logged that the catalog can't be followed. Own thread only. */
    private boolean complained;

    /**
     * Follows nothing yet.
     *
     * @param name under which the catalog shows its lag; letters, digits and {@code ._:-}
     * @param clock for {@link #lastHeard()}
     * @param loops the service's
     * @throws IllegalArgumentException if the address is not one of HTTP
     */
    public FeedFollower(
            CatalogEndpoint catalog, String name, CatalogView view, Clock clock, Loops loops) {
        this(catalog, name, view, clock, SILENCE, loops);
    }

    FeedFollower(
            CatalogEndpoint catalog,
            String name,
            CatalogView view,
            Clock clock,
            Duration silence,
            Loops loops) {
        this.client = catalog.client().connectTimeout(CONNECT_TIMEOUT).build();
        this.token = catalog.token();
        this.name = name;
        this.events = catalog.address().resolve("/feed/v1/events");
        if (events.getHost() == null || !Set.of("http", "https").contains(events.getScheme())) {
            throw new IllegalArgumentException(
                    "catalog '"
                            + catalog.address()
                            + "': an address like http://127.0.0.1:8081 is allowed");
        }
        this.view = view;
        this.clock = clock;
        this.silence = silence;
        this.loop = loops.loop("feed-follower", this::follow);
    }

    /** Starts to follow; returns at once, whether the catalog is running or not. */
    public synchronized void start() {
        if (started || closed) {
            throw new IllegalStateException("follower of " + events + " was already started");
        }
        started = true;
        loop.start();
    }

    /** For tests: waits until the view has seen a snapshot; false if it has not in time. */
    public boolean awaitInitialised(Duration limit) throws InterruptedException {
        return initialised.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** True if the catalog has answered and its stream is being read. */
    public boolean connected() {
        return connected;
    }

    /** The time when the catalog last said something, heartbeats included. */
    public Optional<Instant> lastHeard() {
        return Optional.ofNullable(lastHeard);
    }

    /** Stops following; the view stays as it is. */
    @Override
    public synchronized void close() {
        closed = true;
        loop.close();
        client.shutdownNow();
        connected = false;
    }

    private Duration follow() throws InterruptedException {
        try {
            readUntilLost();
        } catch (IOException e) {
            lost(e);
        } catch (RuntimeException | Error e) {
            connected = false;
            wantsSnapshot = true;
            throw e;
        }
        return backoff.next();
    }

    private void lost(IOException e) {
        boolean first = connected || !complained;
        connected = false;
        complained = true;
        if (!closed && first) {
            LOG.warn(
                    "catalog feed {}: {}; it is tried again, and {} names stay known",
                    events,
                    e.getMessage(),
                    view.size());
        }
    }

    private void readUntilLost() throws IOException, InterruptedException {
        String resumeAfter =
                wantsSnapshot ? null : lastId.isEmpty() ? Long.toString(view.sequence()) : lastId;
        try (EventConnection connection =
                EventConnection.open(client, events, headers(resumeAfter), silence)) {
            connected = true;
            if (complained) {
                complained = false;
                LOG.info("catalog feed {}: connected", events);
            }
            while (true) {
                loop.goesOn();
                connection.next(
                        (event, data, length) -> take(connection.lastId(), event, data, length));
                lastHeard = clock.instant();
                if (connection.retryMillis() > 0) {
                    backoff.atLeast(connection.retryMillis());
                }
            }
        }
    }

    private Map<String, String> headers(@Nullable String resumeAfter) {
        Map<String, String> headers = new HashMap<>();
        if (token != null) {
            headers.put("Authorization", "Bearer " + token);
        }
        headers.put(NAME_HEADER, name);
        if (resumeAfter != null) {
            headers.put("Last-Event-ID", resumeAfter);
        }
        return headers;
    }

    private void take(String id, String name, byte[] data, int length) throws IOException {
        CatalogEvent event;
        try {
            event = FeedCodec.decode(name, data, length);
        } catch (IllegalArgumentException e) {
            wantsSnapshot = true;
            throw new IOException(e.getMessage(), e);
        }
        boolean whole = event instanceof CatalogEvent.Snapshot;
        if (!whole && (wantsSnapshot || event.sequence() > view.sequence() + 1)) {
            wantsSnapshot = true;
            throw new IOException(
                    "event "
                            + event.sequence()
                            + " does not follow event "
                            + view.sequence()
                            + ", a snapshot is needed");
        }
        view.apply(event);
        if (event.sequence() == view.sequence()) {
            lastId = id;
        }
        wantsSnapshot = false;
        backoff.reset();
        initialised.countDown();
    }
}
