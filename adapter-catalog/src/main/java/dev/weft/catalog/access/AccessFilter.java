package dev.weft.catalog.access;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** Lets requests on that may go on, and says to handlers who asks. */
final class AccessFilter implements WebFilter, Ordered {
    static final String REQUESTER = Requester.class.getName();

    private static final Logger LOG = LoggerFactory.getLogger(AccessFilter.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String BEARER = "bearer ";

    private final Callers callers;
    private final Scheduler threads =
            Schedulers.fromExecutorService(
                    Executors.newThreadPerTaskExecutor(
                            Thread.ofVirtual().name("catalog-access-", 0).factory()));

    AccessFilter(Callers callers) {
        this.callers = callers;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 100;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        Need need = Need.of(request.getMethod().name(), request.getPath().value());
        if (need == Need.NOTHING) {
            return chain.filter(exchange);
        }
        String token = token(request.getHeaders());
        String tenant = request.getQueryParams().getFirst("tenant");
        return Mono.fromCallable(() -> callers.admit(token, need, tenant))
                .subscribeOn(threads)
                .onErrorResume(e -> {
                    LOG.error("who asks can't be told", e);
                    return Mono.just(
                            new Admission.Refused(503, "the catalog's database does not answer"));
                })
                .flatMap(admission ->
                        switch (admission) {
                            case Admission.Admitted(Requester requester) -> {
                                exchange.getAttributes().put(REQUESTER, requester);
                                yield chain.filter(exchange);
                            }
                            case Admission.Refused refused -> refuse(exchange, refused);
                        });
    }

    private static @Nullable String token(HttpHeaders headers) {
        String header = headers.getFirst(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : null;
    }

    private static Mono<Void> refuse(ServerWebExchange exchange, Admission.Refused refused) {
        HttpStatus status = HttpStatus.valueOf(refused.status());
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (status == HttpStatus.UNAUTHORIZED) {
            response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"weft\"");
        }
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("title", status.getReasonPhrase());
        problem.put("status", status.value());
        problem.put("detail", refused.detail());
        problem.put("instance", exchange.getRequest().getPath().value());
        byte[] body = JSON.writeValueAsString(problem).getBytes(StandardCharsets.UTF_8);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }
}
