package dev.weft.gateway.error;

import dev.weft.protocol.error.AnthropicErrors;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorBodies;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.error.ShouldRetry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/**
 * Answers every failure in the envelope of its path's interface. If a response has begun, only its
 * connection is closed, so that nobody takes the part that was sent for the whole.
 */
final class ErrorWriter implements WebExceptionHandler, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorWriter.class);

    @Override
    public int getOrder() {
        return -2; // before the framework's own handler
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            return Mono.error(failure);
        }
        ServerHttpRequest request = exchange.getRequest();
        String asked = request.getMethod() + " " + request.getPath();
        ApiException error = Failures.error(failure, asked);
        boolean clientLeft = Failures.code(failure).isEmpty();
        if (error != failure && error.code() == ErrorCode.INTERNAL && !clientLeft) {
            LOG.error("{} failed", asked, failure);
        }
        response.setStatusCode(HttpStatusCode.valueOf(error.code().status()));
        HttpHeaders headers = response.getHeaders();
        headers.clearContentHeaders();
        headers.setContentType(MediaType.APPLICATION_JSON);
        error.code().retryAfter().ifPresent(seconds -> retryAfter(headers, seconds));
        ShouldRetry.of(error.code()).ifPresent(retry -> headers.set(ShouldRetry.HEADER, retry));
        if (failure instanceof MethodNotAllowedException wrongMethod) {
            headers.setAllow(wrongMethod.getSupportedMethods());
        }
        byte[] body =
                ErrorBodies.of(
                        error,
                        request.getPath().value(),
                        headers.getFirst(AnthropicErrors.REQUEST_ID));
        headers.setContentLength(body.length);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }

    /** Sets the header, unless it is set already, or the refusal says that no later time helps. */
    private static void retryAfter(HttpHeaders headers, int seconds) {
        boolean never = ShouldRetry.NO.equals(headers.getFirst(ShouldRetry.HEADER));
        if (!never && !headers.containsHeader(HttpHeaders.RETRY_AFTER)) {
            headers.set(HttpHeaders.RETRY_AFTER, "" + seconds);
        }
    }
}
