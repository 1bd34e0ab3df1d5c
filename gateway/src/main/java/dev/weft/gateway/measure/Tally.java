package dev.weft.gateway.measure;

import dev.weft.gateway.error.Failures;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.trace.RequestTrace;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.usage.Operation;
import dev.weft.protocol.usage.TokenCount;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps account of one request and books it once, with the first outcome that is reported. Its
 * signals come one after the other, but the end may come from another thread than the events.
 */
public final class Tally {
    /** The client left: nobody's error. */
    public static final String CANCELLED = "cancelled";

    /** OpenTelemetry's word for an error without a name of its own. */
    public static final String OTHER_ERROR = "_OTHER";

    /** Hears once how a request ended. */
    @FunctionalInterface
    public interface Account {
        /** The request is over. */
        void ended(Answered answer);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Tally.class);

    private final RequestMetrics metrics;
    private final Operation operation;
    private final RequestTrace trace;
    private final long start;
    private final AtomicBoolean booked = new AtomicBoolean();
    private volatile @Nullable Target target;
    private volatile @Nullable String workersError;
    private volatile @Nullable TokenCount told;
    private final AtomicReference<@Nullable Account> account = new AtomicReference<>();
    private volatile boolean uncounted;
    private volatile boolean unstreamed;
    private volatile long firstNanos = -1;
    private volatile long lastNanos = -1;
    private volatile boolean kept;

    /**
     * The tokens told before the client kept the worker waiting; null if there were none, or only
     * one event came before.
     */
    private volatile @Nullable TokenCount toldInTime;

    private volatile long askedNanos = -1;
    private volatile BooleanSupplier expired = () -> false;

    /** Status of an answer that the client has from its first byte to its last; 0 before. */
    private volatile int wholeStatus;

    private long mark;

    public Tally(RequestMetrics metrics, Operation operation, RequestTrace trace) {
        this.metrics = metrics;
        this.operation = operation;
        this.trace = trace;
        this.start = metrics.begun();
        this.mark = start;
    }

    /** True if somebody wants to know the tokens that its client is told. */
    public boolean counts() {
        return metrics.counting() || account.get() != null || trace != RequestTrace.NONE;
    }

    /**
     * Adds an account that hears of the end, even if the request is over already, and even if other
     * accounts fail.
     */
    public void account(Account hears) {
        Account surely = answer -> tell(hears, answer);
        Account _ =
                account.accumulateAndGet(
                        surely,
                        (before, added) ->
                                before == null || added == null
                                        ? added
                                        : answer -> {
                                            before.ended(answer);
                                            added.ended(answer);
                                        });
        if (booked.get()) {
            hear(answered(RequestOutcome.CANCELLED, CANCELLED, null));
        }
    }

    /** The outcome of the request if its client left now. Any thread. */
    public Answered soFar() {
        return answered(RequestOutcome.CANCELLED, CANCELLED, told);
    }

    private void tell(Account hears, Answered answer) {
        try {
            hears.ended(answer);
        } catch (RuntimeException | Error e) {
            trace.run(() -> LOG.error("an account of a request was not closed", e));
        }
    }

    private void hear(Answered answer) {
        Account hears = account.getAndSet(null);
        if (hears != null) {
            hears.ended(answer);
        }
    }

    private Answered answered(RequestOutcome outcome, String error, @Nullable TokenCount count) {
        long nanos = metrics.now() - start;
        return new Answered(operation, outcome, error, nanos, askedNanos, pace(count), count);
    }

    private Pace pace(@Nullable TokenCount count) {
        if (firstNanos < 0) {
            return unstreamed ? Pace.WHOLE : Pace.NONE;
        }
        return new Pace(firstNanos, lastNanos, kept ? toldInTime : count);
    }

    /** It is Weft's own request, which no metric of requests counts. */
    public void uncounted() {
        uncounted = true;
    }

    /**
     * The client has bounded the request's time: nobody else is to blame if it is over.
     *
     * @param over whether that time is over
     */
    public void expires(BooleanSupplier over) {
        expired = over;
    }

    /** Its answer is to come as a whole, and not as a stream. */
    public void wantsWhole() {
        unstreamed = true;
    }

    /** Notes what its model stands for. */
    public void known(Target known) {
        target = known;
    }

    /** Books the time since the last such call, or since its start, as waiting. */
    public void waited(Wait reason) {
        long now = metrics.now();
        long waited = now - mark;
        trace.run(() -> metrics.waited(reason, waited));
        mark = now;
    }

    /** A worker is given the request. */
    public void asked() {
        if (askedNanos < 0) {
            askedNanos = metrics.now() - start;
        }
    }

    /** An event of a stream came, and goes to the client. */
    public void streaming() {
        if (kept) {
            return;
        }
        long now = metrics.now() - start;
        if (firstNanos < 0) {
            firstNanos = now;
        }
        lastNanos = now;
    }

    /** The client did not take further events for a while: from here on they come as it reads. */
    public void keptWaiting() {
        if (!kept && firstNanos >= 0) {
            toldInTime = lastNanos > firstNanos ? told : null;
            kept = true;
        }
    }

    /** The tokens of the answer, or of a stream so far, go to the client. */
    public void told(TokenCount count) {
        told = count;
    }

    /** The worker ends the stream with an error event of that code. */
    public void failed(String code) {
        ErrorCode.ofCode(code)
                .ifPresentOrElse(this::broken, () -> book(RequestOutcome.BROKEN, OTHER_ERROR));
    }

    /** The worker's answer is an error, or will be one. */
    public void workersError(String code) {
        workersError = known(code);
    }

    /** The answer ended by itself with that status. */
    public void ended(int status) {
        RequestOutcome outcome = RequestOutcome.ofStatus(status);
        String error = workersError;
        book(outcome, outcome == RequestOutcome.OK ? "" : error == null ? unnamed(status) : error);
    }

    private static String unnamed(int status) {
        return status == ErrorCode.TIMEOUT.status() ? ErrorCode.TIMEOUT.code() : OTHER_ERROR;
    }

    /**
     * The stream had begun, and ends with an error. A 4xx counts as refused. A timeout counts as
     * timed out, unless the client has kept the stream waiting. Any other error counts as broken.
     */
    public void broken(ErrorCode error) {
        RequestOutcome other =
                error == ErrorCode.TIMEOUT && !kept
                        ? RequestOutcome.TIMED_OUT
                        : RequestOutcome.BROKEN;
        book(error.status() < 500 ? RequestOutcome.REFUSED : other, error);
    }

    /**
     * Nothing more came of an answer that had begun. A client that stops to read can't be told from
     * a worker that stops to write.
     */
    public void fellSilent() {
        book(RequestOutcome.BROKEN, ErrorCode.TIMEOUT.code());
    }

    /** The last byte of the answer goes to the client, who may leave with it. */
    public void whole(int status) {
        wholeStatus = status;
    }

    /** True if a client that leaves now has its whole answer. */
    public boolean isWhole() {
        return wholeStatus != 0;
    }

    /** The client left. */
    public void cancelled() {
        if (isWhole()) {
            ended(wholeStatus);
        } else {
            book(RequestOutcome.CANCELLED, CANCELLED);
        }
    }

    /** A failure reached the end of the chain; a lost connection is the client's. */
    public void failed(Throwable failure) {
        Failures.code(failure).ifPresentOrElse(this::failed, this::cancelled);
    }

    private void failed(ErrorCode code) {
        book(RequestOutcome.of(code), code);
    }

    /** Books an error. If no worker was asked before, it is a refusal, too. */
    private void book(RequestOutcome found, ErrorCode error) {
        if (book(found, error.code()) && askedNanos < 0) {
            metrics.refused(NotForwarded.of(error));
        }
    }

    /** A code, or {@link #OTHER_ERROR}: the tags stay few, whatever a worker sends. */
    private static String known(String code) {
        return ErrorCode.ofCode(code).map(ErrorCode::code).orElse(OTHER_ERROR);
    }

    private boolean book(RequestOutcome found, String error) {
        boolean late = error.equals(ErrorCode.TIMEOUT.code()) && expired.getAsBoolean();
        RequestOutcome outcome = late ? RequestOutcome.EXPIRED : found;
        if (!booked.compareAndSet(false, true)) {
            return false;
        }
        TokenCount count = told;
        Answered answer = answered(outcome, error, count);
        hear(answer);
        if (count != null) {
            trace.usage(count.input(), count.output());
        }
        trace.outcome(outcome.tag(), error.isEmpty() ? null : error, outcome.failed());
        trace.run(() -> {
            if (uncounted) {
                metrics.left();
            } else {
                metrics.ended(target, answer);
            }
        });
        return true;
    }
}
