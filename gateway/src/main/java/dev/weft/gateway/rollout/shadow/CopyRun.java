package dev.weft.gateway.rollout.shadow;

import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.measure.RequestOutcome;
import dev.weft.gateway.queue.RequestQueues;
import dev.weft.gateway.rollout.shadow.text.AnswerComparison;
import dev.weft.gateway.routing.RoutingDecision;
import dev.weft.gateway.routing.RoutingRequest;
import dev.weft.gateway.routing.WorkerChoice;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.routing.prefix.PrefixChain;
import dev.weft.gateway.worker.Lease;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.shadow.CopyOutcome;
import dev.weft.protocol.shadow.Likeness;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of one copy: tokens, a worker, its answer. Its outcome does not count for the worker's
 * health: it never keeps clients' requests from a worker. Runs on the copy's own thread.
 */
final class CopyRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CopyRun.class);

    /** How many times as long as the served answer a copy takes that counts as failed. */
    private static final int FAR = 2;

    private final CopyClient client;
    private final WorkerChoice choice;
    private final WorkerPool workers;
    private final RequestQueues queues;
    private final Duration longest;

    /**
     * @param longest that a copy may take
     */
    CopyRun(
            CopyClient client,
            WorkerChoice choice,
            WorkerPool workers,
            RequestQueues queues,
            Duration longest) {
        this.client = client;
        this.choice = choice;
        this.workers = workers;
        this.queues = queues;
        this.longest = longest;
    }

    /**
     * What became of a copy.
     *
     * @param tokens that it used
     * @param answer of the candidate; null if there is nothing to compare
     */
    record Result(CopyOutcome outcome, long tokens, @Nullable Answered answer, Likeness likeness) {
        static Result nothing(CopyOutcome outcome) {
            return new Result(outcome, 0, null, Likeness.NONE);
        }

        Result used(long used) {
            return new Result(outcome, used, answer, likeness);
        }
    }

    /**
     * Makes a copy.
     *
     * @param served the served version's answer
     * @param sent hears of the copy while a worker has it
     * @param ended hears when none has it any more
     */
    Result run(Sampled request, Answered served, Consumer<Copy> sent, Consumer<Copy> ended) {
        Spending spending = Spending.of(request.shadow().budget(), request.request(), served);
        if (spending == null) {
            return Result.nothing(CopyOutcome.noTokens);
        }
        try (spending) {
            Place place = place(request);
            return place == null
                    ? Result.nothing(CopyOutcome.busy)
                    : run(request, served, new At(place, spending), sent, ended);
        }
    }

    private Result run(
            Sampled request, Answered served, At at, Consumer<Copy> sent, Consumer<Copy> ended) {
        String base = request.candidate().base();
        Copy copy =
                new Copy(
                        Thread.currentThread(),
                        at.place.worker,
                        base,
                        at.place.lease,
                        System.nanoTime() + longest.toNanos(),
                        new AtomicReference<>());
        try {
            sent.accept(copy);
            at.spending.sent();
            Result result = answer(copy, request, served, at.spending);
            return result.used(at.spending.end(result.outcome() != CopyOutcome.busy));
        } finally {
            ended.accept(copy);
            at.place.lease.close();
            queues.of(base).roomMayHaveCome();
        }
    }

    /** The place and the tokens of a copy that a worker has. */
    private record At(Place place, Spending spending) {}

    private record Place(URI worker, Lease lease) {}

    private @Nullable Place place(Sampled request) {
        Target.Adapter candidate = request.candidate();
        if (!queues.of(candidate.base()).isEmpty()) {
            return null;
        }
        AdapterDigest digest = candidate.version().digest();
        List<WorkerSnapshot> all = workers.snapshot();
        RoutingRequest asked =
                new RoutingRequest(candidate, request.request().path(), Set.of(), PrefixChain.NONE)
                        .among(all);
        Optional<RoutingDecision> chosen =
                choice.choose(asked, Spare.of(asked.forgiving(all), digest));
        if (chosen.isEmpty()) {
            return null;
        }
        URI worker = chosen.get().worker().address();
        // without the adapter: copies don't make the candidate one that clients ask for
        return workers.lease(worker, null).map(lease -> new Place(worker, lease)).orElse(null);
    }

    private Result answer(Copy copy, Sampled request, Answered served, Spending spending) {
        long start = System.nanoTime();
        try {
            CopyClient.Answer answer =
                    client.send(
                            copy.worker(),
                            request.request(),
                            request.candidate(),
                            longest,
                            spending);
            return isBusy(answer)
                    ? Result.nothing(CopyOutcome.busy)
                    : compared(answer, request, served, spending);
        } catch (IOException | InterruptedException e) {
            LOG.debug("a copy for {} ended: {}", request.candidate().version().pin(), e.toString());
            return ended(copy.stopped().get(), e, served, System.nanoTime() - start);
        }
    }

    /**
     * True if the worker takes no more requests, or is lost. That says nothing of the candidate: a
     * client's request would go to another worker.
     */
    private static boolean isBusy(CopyClient.Answer answer) {
        return answer.status() == ErrorCode.RATE_LIMITED.status()
                || answer.status() == ErrorCode.WORKER_FAILED.status()
                || (answer.status() == ErrorCode.OVERLOADED.status()
                        && !answer.error().equals(ErrorCode.ADAPTER_UNAVAILABLE.code()));
    }

    private static Result compared(
            CopyClient.Answer answer, Sampled request, Answered served, Spending spending) {
        if (answer.error().equals(ErrorCode.CONSTRAINT_FAILED.code())) {
            // this depends on the tokens drawn; if the served answer fails so, there is no copy
            return Result.nothing(CopyOutcome.leftOut);
        }
        if (!answer.isOk()) {
            return failed(CopyOutcome.failed, served, answer.nanos());
        }
        boolean both = served.outcome() == RequestOutcome.OK;
        return new Result(
                CopyOutcome.answered,
                0,
                new Answered(
                        served.operation(),
                        RequestOutcome.OK,
                        "",
                        answer.nanos(),
                        0,
                        answer.firstNanos(),
                        spending.told()),
                both
                        ? AnswerComparison.of(
                                request.request().body().bytes(),
                                request.said(),
                                served.told(),
                                answer.said(),
                                spending.told())
                        : Likeness.NONE);
    }

    /**
     * A candidate that takes far longer than the served version has failed; one that was broken off
     * for others has not.
     */
    private Result ended(
            @Nullable CopyOutcome stopped, Exception why, Answered served, long nanos) {
        if (stopped == CopyOutcome.cut) {
            return served.nanos() < nanos / FAR
                    ? failed(CopyOutcome.cut, served, nanos)
                    : Result.nothing(CopyOutcome.cut);
        }
        if (stopped != null) {
            return Result.nothing(stopped);
        }
        return switch (why) {
            case CopyClient.TooMuchException _ -> Result.nothing(CopyOutcome.cut);
            case CopyClient.LostWorkerException _ -> Result.nothing(CopyOutcome.busy);
            case InterruptedException _ -> Result.nothing(CopyOutcome.yielded);
            default -> failed(CopyOutcome.failed, served, nanos);
        };
    }

    private static Result failed(CopyOutcome outcome, Answered served, long nanos) {
        return new Result(
                outcome,
                0,
                new Answered(
                        served.operation(),
                        RequestOutcome.FAILED,
                        outcome.name(),
                        nanos,
                        0,
                        -1,
                        null),
                Likeness.NONE);
    }

    @Override
    public void close() {
        client.close();
    }
}
