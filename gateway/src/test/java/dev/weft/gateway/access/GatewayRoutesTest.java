package dev.weft.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.AdmittedRoles;
import dev.weft.access.holder.Role;
import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.ApplicationContext;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** Checks who may use each route of the gateway if keys are asked for. */
class GatewayRoutesTest {
    private FakeCatalog catalog;
    private FakeWorker worker;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        for (Role role : Role.values()) {
            catalog.tokens.put(
                    role.name(), role.ofTenant() ? Optional.of("default") : Optional.empty());
        }
        worker = new FakeWorker(Gateways.BASE, 0);
        gateway = Gateways.startWithKeys(catalog.address(), Clock.systemUTC(), worker.address());
    }

    @AfterEach
    void stop() {
        gateway.close();
        worker.close();
        catalog.close();
    }

    /** Whoever adds a route has to add its rule below. */
    @Test
    void theseAreAllRoutes() {
        ApplicationContext context = Gateways.context(gateway);
        Set<String> found = new TreeSet<>();
        context.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(route -> found.add(text(route)));
        context.getBean(RouteLocator.class)
                .getRoutes()
                .toStream()
                .forEach(route -> found.add(route.getPredicate().toString()));
        context.getBeansOfType(RouterFunction.class).forEach((name, _) -> found.add(name));
        assertThat(found)
                .containsExactly(
                        "GET /v1/models",
                        "GET /v1/models/{*id}",
                        "Paths: [/v1/chat/completions, /v1/completions, /v1/messages,"
                            + " /v1/messages/count_tokens, /v1/responses, /v1/embeddings,"
                            + " /v1/rerank, /v1/score, /v1/classify], match trailing slash: true");
        assertThat(context.getBeansOfType(HandlerMapping.class).keySet())
                .containsExactlyInAnyOrder(
                        "requestMappingHandlerMapping",
                        "routePredicateHandlerMapping",
                        "routerFunctionMapping",
                        "resourceHandlerMapping",
                        "healthEndpointWebFluxHandlerMapping",
                        "webEndpointReactiveHandlerMapping",
                        "controllerEndpointHandlerMapping");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/models, client viewer owner admin",
        "GET, /v1/models/sql, client viewer owner admin",
        "POST, /v1/chat/completions, client viewer owner admin",
        "POST, /v1/completions, client viewer owner admin",
        "POST, /v1/messages, client viewer owner admin",
        "POST, /v1/messages/count_tokens, client viewer owner admin",
        "POST, /v1/responses, client viewer owner admin",
        "POST, /v1/embeddings, client viewer owner admin",
        "POST, /v1/rerank, client viewer owner admin",
        "POST, /v1/score, client viewer owner admin",
        "POST, /v1/classify, client viewer owner admin",
        "GET, /actuator, admin service",
        "GET, /actuator/health, admin service",
        "GET, /actuator/prometheus, admin service",
        "GET, /actuator/health/liveness, client viewer owner admin service nobody",
        "GET, /actuator/health/readiness, client viewer owner admin service nobody",
        "GET, /other, ''",
    })
    void eachIsForThese(String method, String path, String allowed) throws Exception {
        assertThat(AdmittedRoles.of(gateway.address().resolve(path), method)).isEqualTo(allowed);
    }

    private static String text(RequestMappingInfo route) {
        return Stream.of(
                        route.getMethodsCondition().getMethods().stream(),
                        route.getPatternsCondition().getPatterns().stream())
                .flatMap(part -> part)
                .map(Object::toString)
                .collect(Collectors.joining(" "));
    }
}
