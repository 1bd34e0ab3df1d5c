package dev.weft.catalog.access;

import dev.weft.access.refusal.Refusal;
import dev.weft.access.refusal.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Writes refusals as problem+json. */
final class ProblemRefusals implements Refusals {
    private static final String RETRY_SECONDS = "5";

    @Override
    public Mono<Void> tell(ServerWebExchange exchange, Refusal refusal) {
        HttpStatus status = HttpStatus.valueOf(refusal.kind().status());
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        switch (refusal.kind()) {
            case TOKEN_NEEDED ->
                    response.getHeaders()
                            .set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"weft\"");
            case UNAVAILABLE -> response.getHeaders().set(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
            case SUSPICIOUS, ROLE_NOT_ENOUGH, NOT_ALLOWED, NOTHING_THERE, CONTENT_TYPE -> {}
        }
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("title", status.getReasonPhrase());
        problem.put("status", status.value());
        problem.put("detail", refusal.detail());
        problem.put("instance", exchange.getRequest().getPath().value());
        byte[] body =
                JsonMapper.shared().writeValueAsString(problem).getBytes(StandardCharsets.UTF_8);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }
}
