package dev.weft.gateway.forward.attempt;

import dev.weft.gateway.forward.request.Request;
import dev.weft.gateway.forward.request.Waiting;
import dev.weft.gateway.queue.RequestQueues;
import dev.weft.gateway.rollout.shadow.Copies;
import dev.weft.gateway.routing.RoutingDecision;
import dev.weft.gateway.routing.RoutingRequest;
import dev.weft.gateway.routing.WorkerChoice;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.worker.Lease;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Finds a worker for each request, at once or after a wait for one with room. Copies of shadows
 * make room for requests. Any thread.
 */
final class WorkerSelection {
    private final WorkerChoice choice;
    private final WorkerPool workers;
    private final RequestQueues queues;
    private final Waiting waiting;
    private final Copies copies;

    WorkerSelection(
            WorkerChoice choice,
            WorkerPool workers,
            RequestQueues queues,
            Waiting waiting,
            Copies copies) {
        this.choice = choice;
        this.workers = workers;
        this.queues = queues;
        this.waiting = waiting;
        this.copies = copies;
    }

    /** A worker with room; empty if there is none, or if another request waits for one already. */
    Optional<RoutingDecision> atOnce(Request request) {
        if (!queues.of(base(request)).isEmpty()) {
            return Optional.empty();
        }
        List<WorkerSnapshot> all = workers.snapshot();
        RoutingRequest asked = request.routing().among(all);
        return withRoom(asked, asked.forgiving(all));
    }

    /** A worker with room, else any; empty if none is ready to serve the request. */
    Optional<RoutingDecision> any(Request request) {
        List<WorkerSnapshot> all = workers.snapshot();
        RoutingRequest asked = request.routing().among(all);
        List<WorkerSnapshot> may = asked.forgiving(all);
        return withRoom(asked, may).or(() -> choice.choose(asked, may));
    }

    /**
     * True if another worker may take the request.
     *
     * @param lost the request has just lost a worker that it has not counted yet
     */
    boolean hasOther(Request request, boolean lost) {
        return request.mayTryAgain(lost) && any(request).isPresent();
    }

    private Optional<RoutingDecision> withRoom(RoutingRequest asked, List<WorkerSnapshot> all) {
        return choice.choose(asked, queues.rooms().withRoom(all));
    }

    /** Completes when a worker has room for the request; see {@link Waiting#forRoom}. */
    Mono<Void> room(Request request, ServerWebExchange exchange) {
        copies.makeRoom(base(request));
        return waiting.forRoom(base(request), request, exchange);
    }

    /**
     * Gives the request a place at a worker, which the caller must give back; empty if the worker
     * is known no longer.
     */
    Optional<Lease> lease(URI worker, Request request) {
        Optional<Lease> lease = workers.lease(worker, adapter(request));
        copies.makeRoomAt(worker);
        return lease;
    }

    /** Gives the place back; somebody may wait for it. */
    void giveBack(Lease lease, Request request) {
        lease.close();
        queues.of(base(request)).roomMayHaveCome();
    }

    private static String base(Request request) {
        return request.target().base();
    }

    private static @Nullable AdapterDigest adapter(Request request) {
        return switch (request.target()) {
            case Target.Base _ -> null;
            case Target.Adapter adapter -> adapter.version().digest();
        };
    }
}
