package dev.weft.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.AdmittedRoles;
import dev.weft.inference.server.access.TokenCatalog;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ApplicationContext;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** Lists every route that the worker has, and who may use it if keys are required. */
class WorkerRoutesTest {
    private static final Pattern ROUTE = Pattern.compile("\\((GET|POST) && (/[^)]*)\\)");

    private static TokenCatalog catalog;
    private static TestWorker worker;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        catalog = new TokenCatalog();
        worker = TestWorker.startAsking(data, _ -> TestWorker.bytes("hi"), catalog.address());
    }

    @AfterAll
    static void stop() {
        worker.close();
        catalog.close();
    }

    /** Whoever adds a route has to say below what it needs. */
    @Test
    void theseAreAllRoutes() {
        ApplicationContext context = worker.service.context();
        Set<String> routes = new TreeSet<>();
        context.getBeansOfType(RouterFunction.class)
                .values()
                .forEach(beans ->
                        ROUTE.matcher(beans.toString())
                                .results()
                                .forEach(route -> routes.add(text(route))));
        assertThat(routes)
                .containsExactly(
                        "GET /metrics",
                        "GET /state/v1/events",
                        "GET /v1/models",
                        "GET /v1/models/{*id}",
                        "POST /detokenize",
                        "POST /state/v1/adapters/{digest}/ahead",
                        "POST /tokenize",
                        "POST /v1/chat/completions",
                        "POST /v1/classify",
                        "POST /v1/completions",
                        "POST /v1/embeddings",
                        "POST /v1/messages",
                        "POST /v1/messages/count_tokens",
                        "POST /v1/rerank",
                        "POST /v1/responses",
                        "POST /v1/score");
        assertThat(
                        context.getBean(
                                        "requestMappingHandlerMapping",
                                        RequestMappingHandlerMapping.class)
                                .getHandlerMethods())
                .isEmpty();
        assertThat(context.getBeansOfType(HandlerMapping.class).keySet())
                .containsExactlyInAnyOrder(
                        "requestMappingHandlerMapping",
                        "routerFunctionMapping",
                        "resourceHandlerMapping",
                        "healthEndpointWebFluxHandlerMapping",
                        "webEndpointReactiveHandlerMapping",
                        "controllerEndpointHandlerMapping");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /metrics, admin service",
        "GET, /state/v1/events, admin service",
        "POST, /state/v1/adapters/sha256:0/ahead, admin service",
        "GET, /v1/models, admin service",
        "GET, /v1/models/test-base, admin service",
        "POST, /detokenize, admin service",
        "POST, /tokenize, admin service",
        "POST, /v1/chat/completions, admin service",
        "POST, /v1/completions, admin service",
        "POST, /v1/messages, admin service",
        "POST, /v1/messages/count_tokens, admin service",
        "POST, /v1/responses, admin service",
        "POST, /v1/embeddings, admin service",
        "POST, /v1/rerank, admin service",
        "POST, /v1/score, admin service",
        "POST, /v1/classify, admin service",
        "GET, /actuator, admin service",
        "GET, /actuator/health, admin service",
        "GET, /actuator/prometheus, admin service",
        "GET, /actuator/health/liveness, client viewer owner admin service nobody",
        "GET, /actuator/health/readiness, client viewer owner admin service nobody",
        "GET, /other, ''",
    })
    void eachIsForThese(String method, String path, String allowed) throws Exception {
        assertThat(AdmittedRoles.of(URI.create(worker.service.address() + path), method))
                .isEqualTo(allowed);
    }

    private static String text(MatchResult route) {
        return route.group(1) + " " + route.group(2);
    }
}
