package dev.weft.inference.server.http.relay;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.host.RelayHost;
import dev.weft.inference.relay.host.ServerWatch;
import dev.weft.inference.server.beside.AdapterTemplates;
import dev.weft.inference.server.completion.RequestTimes;
import dev.weft.inference.server.completion.TenantCounts;
import dev.weft.inference.server.http.body.BoundedBody;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.residency.AdapterLeases;
import dev.weft.protocol.worker.WorkerLoad;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Relays a request: finds its model, leases the adapter, and passes the answer on. */
public final class RelayEndpoint {
    /** The paths that are relayed. */
    public static final List<String> PATHS = RelayRoutes.ALL;

    private final Beside beside;
    private final Serves serves;
    private final Patience patience;
    private final ProcessMemory memory;
    private final AtomicInteger requests = new AtomicInteger();
    private final TenantCounts tenants = new TenantCounts();

    /** The server beside the worker, and how it is reached. */
    public record Beside(
            ServerConnection connection, RelayHost host, ServerWatch watch, Dialect dialect) {}

    /** What the worker knows of models and tenants. */
    public record Serves(
            ModelDirectory models,
            AdapterLeases leases,
            AdapterTemplates templates,
            TenantSalt salt,
            RequestTimes times) {}

    /**
     * How long requests wait.
     *
     * @param adapter for an adapter
     * @param silence for the next byte of an answer
     */
    public record Patience(Duration adapter, Duration silence, Clock clock) {}

    public RelayEndpoint(Beside beside, Serves serves, Patience patience, ProcessMemory memory) {
        this.beside = beside;
        this.serves = serves;
        this.patience = patience;
        this.memory = memory;
    }

    /**
     * The paths that a server answers.
     *
     * @param its those that it has; empty if it doesn't say
     */
    public static Set<String> served(Set<String> its) {
        Set<String> served = new HashSet<>(PATHS);
        if (!its.isEmpty()) {
            served.retainAll(its);
        }
        return served;
    }

    /** Requests that have not ended. */
    public int requests() {
        return requests.get();
    }

    /** The same by tenant; the server beside knows which of them wait. */
    public WorkerLoad.Holders holders() {
        return new WorkerLoad.Holders(requests.get(), tenants.byTenant());
    }

    /** Nothing is sent before the server answers: a failure until then is an ordinary error. */
    public Mono<ServerResponse> relay(ServerRequest request) {
        return ServerResponse.ok()
                .body((response, _) ->
                        Mono.using(
                                () -> begun(request),
                                held ->
                                        BoundedBody.of(request, held)
                                                .flatMap(body ->
                                                        new RelayedCall(
                                                                        beside, serves, patience,
                                                                        held, request, response)
                                                                .answer(body)),
                                held -> ended(request, held)));
    }

    private RequestMemory begun(ServerRequest request) {
        RequestMemory held = RequestMemory.of(memory, request);
        requests.incrementAndGet();
        tenants.more(Sender.of(request.headers()).tenant());
        return held;
    }

    private void ended(ServerRequest request, RequestMemory held) {
        requests.decrementAndGet();
        tenants.less(Sender.of(request.headers()).tenant());
        held.close();
    }
}
