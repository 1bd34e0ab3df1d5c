package dev.weft.access.rule;

import java.util.Set;
import org.springframework.boot.actuate.endpoint.ApiVersion;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.ReactiveHealthEndpointWebExtension;
import org.springframework.boot.health.contributor.Status;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Liveness and readiness at the service's own port, without details, if the rest of the actuator
 * has a port of its own. Spring Boot can do that only under other names.
 */
public final class Probes {
    /** Their paths, at either port. */
    static final String LIVENESS = "/actuator/health/liveness";

    static final String READINESS = "/actuator/health/readiness";

    private static final Set<String> NAMES = Set.of("liveness", "readiness");

    private Probes() {}

    public static RouterFunction<ServerResponse> routes(ReactiveHealthEndpointWebExtension health) {
        return RouterFunctions.route()
                .GET(
                        "/actuator/health/{name}",
                        request -> NAMES.contains(request.pathVariable("name")),
                        request -> answer(health, request))
                .build();
    }

    private static Mono<ServerResponse> answer(
            ReactiveHealthEndpointWebExtension health, ServerRequest request) {
        return health.health(
                        ApiVersion.LATEST,
                        WebServerNamespace.SERVER,
                        SecurityContext.NONE,
                        false,
                        request.pathVariable("name"))
                .flatMap(found -> {
                    HealthDescriptor status = found.getBody();
                    return ServerResponse.status(found.getStatus())
                            .contentType(MediaType.APPLICATION_JSON)
                            .bodyValue(
                                    "{\"status\":\"%s\"}"
                                            .formatted(
                                                    status == null
                                                            ? Status.UNKNOWN.getCode()
                                                            : status.getStatus().getCode()));
                });
    }
}
