package dev.weft.inference.server.http.relay;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.host.RelayHost;
import dev.weft.inference.relay.host.ServerWatch;
import dev.weft.inference.server.beside.AdapterTemplates;
import dev.weft.inference.server.beside.RelayedRequests;
import dev.weft.inference.server.beside.SaltedPaths;
import dev.weft.inference.server.completion.RequestTimes;
import dev.weft.inference.server.http.body.BoundedBody;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.residency.AdapterLeases;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    private final RelayedRequests requests;

    /** A request that has begun, and the memory that is held for it. */
    private record Begun(long request, RequestMemory memory) {}

    /** The server beside the worker, and how it is reached. */
    public record Beside(
            ServerConnection connection,
            RelayHost host,
            ServerWatch watch,
            Dialect dialect,
            SaltedPaths salted,
            RelayedRequests requests) {}

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
    public record Patience(Duration adapter, Duration silence) {}

    RelayEndpoint(Beside beside, Serves serves, Patience patience, ProcessMemory memory) {
        this.beside = beside;
        this.requests = beside.requests();
        this.serves = serves;
        this.patience = patience;
        this.memory = memory;
    }

    /**
     * The paths that a server answers.
     *
     * @param its the paths that it says it has; empty if it doesn't say
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
        return requests.size();
    }

    /**
     * Relays a request. Nothing is sent before the server answers, so a failure until then is an
     * ordinary error.
     */
    public Mono<ServerResponse> relay(ServerRequest request) {
        return ServerResponse.ok()
                .body((response, _) ->
                        Mono.using(
                                () -> begin(request),
                                begun ->
                                        BoundedBody.of(request, begun.memory)
                                                .flatMap(body ->
                                                        new RelayedCall(
                                                                        beside,
                                                                        serves,
                                                                        patience,
                                                                        begun.memory,
                                                                        request,
                                                                        response)
                                                                .answer(body)),
                                this::end));
    }

    private Begun begin(ServerRequest request) {
        RequestMemory held = RequestMemory.of(memory, request);
        return new Begun(requests.begin(Sender.of(request.headers()).tenant()), held);
    }

    private void end(Begun begun) {
        requests.end(begun.request);
        begun.memory.close();
    }
}
