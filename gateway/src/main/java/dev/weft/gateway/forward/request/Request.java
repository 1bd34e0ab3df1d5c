package dev.weft.gateway.forward.request;

import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.queue.Newcomer;
import dev.weft.gateway.rollout.shadow.Sampled;
import dev.weft.gateway.routing.RoutingRequest;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.routing.prefix.PrefixChain;
import dev.weft.gateway.trace.RequestTrace;
import dev.weft.protocol.error.ApiException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.server.ServerWebExchange;

/**
 * One request of a client and its progress so far. Its signals come one after the other, from any
 * event-loop thread.
 */
public final class Request {
    /** Other workers that may take the place of the first one. */
    public static final int MOST_RETRIES = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Request.class);
    private static final String ATTRIBUTE = Request.class.getName();

    /** A request may itself take its workers down, so it is not given to a third one. */
    private static final int MOST_LOST = 2;

    private final Newcomer who;
    private final Asked asked;
    private final PrefixChain prefix;
    private final Duration silence;
    private final Closing closing;
    private final RequestTime time;
    private final Tally tally;
    private final RequestTrace trace;
    private final Set<URI> tried = new LinkedHashSet<>();
    private volatile int lost;
    private volatile boolean begun;
    private volatile boolean streamed;
    private volatile @Nullable Sampled sampled;

    /**
     * What a client asks for.
     *
     * @param path of the API
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Asked(Target target, String path, byte[] body) {}

    public Request(
            Newcomer who,
            Asked asked,
            Duration silence,
            Closing closing,
            RequestTime time,
            Tally tally,
            RequestTrace trace) {
        this.who = who;
        this.asked = asked;
        this.prefix = PrefixChain.of(who.tenant(), asked.target(), asked.body());
        this.silence = silence;
        this.closing = closing;
        this.time = time;
        this.tally = tally;
        this.trace = trace;
    }

    /** The request of an exchange whose body was read. */
    public static Request of(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(ATTRIBUTE);
    }

    public void putInto(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    /** The tenant whose request it is. */
    public String tenant() {
        return who.tenant();
    }

    public Target target() {
        return asked.target();
    }

    public byte[] body() {
        return asked.body();
    }

    /** How long a worker may say nothing. */
    public Duration silence() {
        return silence;
    }

    /** Tells when the gateway is to end. */
    public Closing closing() {
        return closing;
    }

    public RequestTrace trace() {
        return trace;
    }

    /** How long it may take. */
    public RequestTime time() {
        return time;
    }

    /** The request as the queue before the workers needs it. */
    Newcomer newcomer() {
        return who;
    }

    /** True if no worker was asked yet. */
    public boolean isNew() {
        return tried.isEmpty();
    }

    /** The request as the choice of its next worker needs it. */
    public RoutingRequest routing() {
        return new RoutingRequest(asked.target(), asked.path(), tried, prefix);
    }

    public void tried(URI worker) {
        tried.add(worker);
        tally.asked();
        Sampled drawn = sampled;
        if (drawn != null) {
            drawn.asked();
        }
    }

    /** When the request was last given to a worker; 0 if it is not drawn to be copied. */
    public long lastTried() {
        Sampled drawn = sampled;
        return drawn == null ? 0 : drawn.start();
    }

    /** Of several attempts at once, the one that began at that moment makes the answer. */
    public void answeredSince(long tried) {
        Sampled drawn = sampled;
        if (drawn != null) {
            drawn.answeredSince(tried);
        }
    }

    /** Counts a worker that was lost with the request in it. Signals come one after the other. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void lostWorker() {
        lost++;
    }

    /**
     * True if another worker may be asked.
     *
     * @param oneMore the request has just lost a worker that it has not counted yet
     */
    public boolean mayTryAgain(boolean oneMore) {
        return tried.size() <= MOST_RETRIES && lost + (oneMore ? 1 : 0) < MOST_LOST;
    }

    /** Notes that the answer is streamed. */
    public void stream() {
        streamed = true;
    }

    /** True if the answer is streamed: its first byte then tells that a worker has begun it. */
    public boolean isStreamed() {
        return streamed;
    }

    /** Notes that the request is drawn to be copied once it has ended. */
    void sampled(Sampled drawn) {
        sampled = drawn;
        tally.account(drawn::ended);
    }

    /**
     * Marks that bytes of the answer go to the client: from here on no other worker can take over.
     */
    public void begin(DataBuffer part) {
        begun = true;
        Sampled drawn = sampled;
        if (drawn != null) {
            drawn.answered(part);
        }
    }

    public boolean begun() {
        return begun;
    }

    /** The account of the request. */
    public Tally tally() {
        return tally;
    }

    /**
     * The client left, before the end of its answer or right at it. The answer's writer takes both
     * for an end.
     */
    public void left() {
        if (!tally.isWhole()) {
            trace.left();
        }
        tally.cancelled();
    }

    /**
     * The answer broke off after its first byte.
     *
     * @param error the error that the client gets
     * @param failure what happened
     * @param silent whether nothing more came, though there was time
     */
    public void broken(ApiException error, Throwable failure, boolean silent) {
        if (silent) {
            tally.fellSilent();
        } else {
            tally.broken(error.code());
        }
        // a key that ended, for instance, is nothing that an operator could mend
        Level level = error.code().status() < 500 ? Level.DEBUG : Level.WARN;
        trace.run(() ->
                LOG.atLevel(level)
                        .log(
                                "answer of '{}' by {} broke off: {}",
                                asked.target().model(),
                                tried,
                                failure.toString()));
    }
}
