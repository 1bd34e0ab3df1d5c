package dev.weft.inference.server.http;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.server.http.bridge.EngineBridge;
import dev.weft.inference.server.http.pooling.PoolingEndpoint;
import dev.weft.inference.server.http.relay.RelayEndpoint;
import dev.weft.inference.server.http.request.Serving;
import dev.weft.inference.server.metrics.ExposedMetrics;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.path.ModelPaths;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.MethodNotAllowedException;
import reactor.core.publisher.Mono;

/** The paths of the API; another method on one of them is a 405, not a 404. */
final class WorkerRoutes {
    private static final String TOKENIZE = "/tokenize";
    private static final String DETOKENIZE = "/detokenize";
    private static final String METRICS = "/metrics";

    private static final Set<String> TEXT =
            Set.of(
                    ModelPaths.CHAT,
                    ModelPaths.TEXT,
                    ModelPaths.MESSAGES,
                    ModelPaths.RESPONSES,
                    ModelPaths.COUNT,
                    TOKENIZE,
                    DETOKENIZE);
    private static final Set<String> POOLING =
            Set.of(ModelPaths.EMBEDDINGS, ModelPaths.RERANK, ModelPaths.SCORE, ModelPaths.CLASSIFY);

    private WorkerRoutes() {}

    /** The paths at which an engine of this process answers. */
    public static Set<String> served(EngineDescription engine) {
        Set<String> served = new HashSet<>(TEXT);
        if (engine.pools()) {
            served.addAll(POOLING);
        }
        return served;
    }

    /** Makes the routes. */
    public static RouterFunction<ServerResponse> of(
            Serving serving, EngineBridge bridge, ProcessMemory memory, ExposedMetrics metrics) {
        CompletionEndpoint completions = new CompletionEndpoint(serving, bridge, memory);
        ModelsEndpoint models =
                new ModelsEndpoint(
                        serving.models().directory(), serving.encoder().budget().contextLength());
        TokenizeEndpoint tokens = new TokenizeEndpoint(serving, memory);
        RouterFunctions.Builder routes =
                RouterFunctions.route()
                        .POST(ModelPaths.CHAT, completions::chat)
                        .POST(ModelPaths.TEXT, completions::text)
                        .POST(ModelPaths.MESSAGES, completions::message)
                        .POST(ModelPaths.RESPONSES, completions::response)
                        .POST(ModelPaths.COUNT, tokens::count)
                        .GET(ModelsEndpoint.PATH, models::list)
                        .GET(ModelsEndpoint.PATH + "/{*id}", models::get)
                        .POST(TOKENIZE, tokens::tokenize)
                        .POST(DETOKENIZE, tokens::detokenize)
                        .GET(METRICS, request -> text(metrics.text(accept(request))));
        pooling(routes, serving, bridge, memory);
        otherMethods(routes, HttpMethod.POST, TEXT.toArray(String[]::new));
        otherMethods(
                routes, HttpMethod.GET, ModelsEndpoint.PATH, ModelsEndpoint.PATH + "/**", METRICS);
        return routes.build();
    }

    /** Routes of vectors and scores; an engine that makes none says so there. */
    private static void pooling(
            RouterFunctions.Builder routes,
            Serving serving,
            EngineBridge bridge,
            ProcessMemory memory) {
        EngineDescription engine = bridge.engine();
        PoolingEndpoint endpoint =
                new PoolingEndpoint(serving, bridge, memory, engine.model().shape().hiddenSize());
        Map<String, HandlerFunction<ServerResponse>> paths =
                Map.of(
                        ModelPaths.EMBEDDINGS,
                        endpoint::embed,
                        ModelPaths.RERANK,
                        endpoint::rerank,
                        ModelPaths.SCORE,
                        endpoint::score,
                        ModelPaths.CLASSIFY,
                        endpoint::classify);
        paths.forEach((path, handler) -> {
            routes.POST(path, engine.pools() ? handler : _ -> Mono.error(notServed(path)));
            otherMethods(routes, HttpMethod.POST, path);
        });
    }

    /** Makes the routes of a worker whose engine is a server beside it. */
    public static RouterFunction<ServerResponse> relayed(
            RelayEndpoint relay,
            ModelDirectory directory,
            int contextLength,
            ExposedMetrics metrics) {
        ModelsEndpoint models = new ModelsEndpoint(directory, contextLength);
        RouterFunctions.Builder routes =
                RouterFunctions.route()
                        .GET(ModelsEndpoint.PATH, models::list)
                        .GET(ModelsEndpoint.PATH + "/{*id}", models::get)
                        .GET(METRICS, request -> text(metrics.text(accept(request))));
        for (String path : RelayEndpoint.PATHS) {
            routes.POST(path, relay::relay);
            otherMethods(routes, HttpMethod.POST, path);
        }
        otherMethods(
                routes, HttpMethod.GET, ModelsEndpoint.PATH, ModelsEndpoint.PATH + "/**", METRICS);
        return routes.build();
    }

    private static ApiException notServed(String path) {
        return new ApiException(
                ErrorCode.NOT_FOUND,
                path
                        + " is not served by this worker's engine, which makes text: the embedded"
                        + " engine serves it, and servers beside a worker may.");
    }

    /**
     * Refuses other methods on exactly these paths, since another route may lie below one of them.
     */
    private static void otherMethods(
            RouterFunctions.Builder routes, HttpMethod allowed, String... paths) {
        for (String path : paths) {
            routes.route(RequestPredicates.path(path), request -> refuse(request, allowed));
        }
    }

    private static Mono<ServerResponse> refuse(ServerRequest request, HttpMethod allowed) {
        return Mono.error(new MethodNotAllowedException(request.method(), Set.of(allowed)));
    }

    private static @Nullable String accept(ServerRequest request) {
        return request.headers().firstHeader(HttpHeaders.ACCEPT);
    }

    private static Mono<ServerResponse> text(ExposedMetrics.Text text) {
        return ServerResponse.ok()
                .contentType(MediaType.valueOf(text.contentType()))
                .bodyValue(text.body());
    }
}
