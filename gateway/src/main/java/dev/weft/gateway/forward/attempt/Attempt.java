package dev.weft.gateway.forward.attempt;

import dev.weft.gateway.forward.request.Request;
import dev.weft.gateway.forward.request.RequestTime;
import dev.weft.gateway.measure.StreamNotes;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.worker.Lease;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.usage.TokenCount;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One attempt of a request at a worker. It ends before its answer if the gateway closes, the worker
 * is given up or silent for too long, the request's time is over, or its key is not valid any more.
 * All signals come on the event loop of the answer.
 */
final class Attempt {
    private final Request request;
    private final Lease lease;
    private final Silence silence;
    private final Race.@Nullable Side side;
    private final long tried;
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private boolean streaming;
    private boolean givenUp;

    /** Whether the client took a while to ask for further parts of the answer. Any thread. */
    private volatile boolean keptWaiting;

    /**
     * Begins to measure how long the worker is silent.
     *
     * @param side the side of a race that this attempt is; null if no other one runs beside it
     */
    Attempt(Request request, Lease lease, Race.@Nullable Side side) {
        this.request = request;
        this.lease = lease;
        this.side = side;
        this.tried = request.lastTried();
        this.silence = new Silence(request.silence(), request.time().loop());
    }

    /**
     * Makes the attempt. Completes with the answer; fails if the attempt has to end before the
     * first byte.
     */
    Mono<Void> make(Mono<Void> answer) {
        Mono<Void> end =
                Mono.firstWithSignal(over(), silence.tooLong())
                        .onErrorResume(this::isUnderWay, this::endAnswer)
                        .doOnError(_ -> givenUp = true); // the answer is cancelled then
        return Mono.firstWithSignal(answer, end);
    }

    /**
     * Never completes; fails when the gateway closes, gives the worker up, or the request's time is
     * over, on the event loop of the answer.
     */
    private Mono<Void> over() {
        Mono<Void> lost =
                Mono.fromFuture(lease.lost(), true)
                        .flatMap(
                                why -> Mono.error(new AttemptFailed(AttemptFailed.Kind.HUNG, why)));
        RequestTime time = request.time();
        Mono<Void> closes = request.closing().signal();
        return Mono.firstWithSignal(closes, lost, time.over()).publishOn(time.loop());
    }

    private boolean isUnderWay(Throwable ignored) {
        return request.begun();
    }

    /** Has {@link #ended} fail, so that the answer's own stream ends as its client expects. */
    private Mono<Void> endAnswer(Throwable why) {
        Sinks.EmitResult _ = ended.tryEmitError(why);
        return Mono.never();
    }

    /** The answer's body; nothing of it if another attempt makes the answer. */
    Flux<DataBuffer> ours(Flux<DataBuffer> body) {
        return side == null ? body : body.filter(part -> makesAnswer(side) || drop(part));
    }

    private boolean makesAnswer(Race.Side own) {
        if (!own.hasWon() && own.wins()) {
            request.answeredSince(tried);
        }
        return own.hasWon();
    }

    private static boolean drop(DataBuffer part) {
        DataBufferUtils.release(part);
        return false;
    }

    /** Another attempt at the request runs beside this. */
    boolean hasCompany() {
        return side != null && side.hasCompany();
    }

    /**
     * The answer has no reader any more: this attempt was given up, another one makes it, or the
     * client left.
     */
    void left() {
        if (!givenUp && (side == null || !side.hasLost())) {
            request.left();
        }
    }

    /**
     * The answer broke off after its first byte. Silence within an answer says nothing of the
     * worker: it may be that the client does not read on.
     */
    void broke(Throwable why) {
        if (why instanceof AttemptFailed failed && failed.kind() == AttemptFailed.Kind.BROKEN) {
            lease.failed();
        } else {
            lease.brokeOff();
        }
    }

    /** Hears the worker's notes; an error that it makes of a stream counts as one before it. */
    StreamNotes.Listener notes(Tally tally) {
        return new StreamNotes.Listener() {
            @Override
            public void told(TokenCount count) {
                tally.told(count);
            }

            @Override
            public void failed(String code) {
                tally.failed(code);
                if (code.equals(ErrorCode.WORKER_FAILED.code())) {
                    lease.failed();
                } else {
                    lease.brokeOff();
                }
            }
        };
    }

    /** Never completes; fails when an answer that is under way has to end. */
    Mono<Void> ended() {
        return ended.asMono();
    }

    /** Notes that the answer is a stream and that its first event came. */
    void streams() {
        if (!streaming) {
            streaming = true;
            lease.began(request.body().length);
        }
    }

    /**
     * The client keeps its worker waiting: what comes from now on may have been sent long before.
     */
    void keptWaiting() {
        keptWaiting = true;
    }

    /** Notes that something came from the worker. */
    void heard() {
        if (!keptWaiting) {
            lease.heard();
        }
        silence.heard();
    }
}
