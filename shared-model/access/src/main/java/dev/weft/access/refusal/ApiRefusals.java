package dev.weft.access.refusal;

import dev.weft.access.key.SentKey;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.function.BiConsumer;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Reports refusals in OpenAI's envelope, which the service's own handler of errors writes. */
public final class ApiRefusals implements Refusals {
    private final BiConsumer<ServerWebExchange, ApiException> refused;

    /**
     * @param refused is called for each
     */
    public ApiRefusals(BiConsumer<ServerWebExchange, ApiException> refused) {
        this.refused = refused;
    }

    @Override
    public Mono<Void> tell(ServerWebExchange exchange, Refusal refusal) {
        return Mono.defer(() -> {
            ApiException error = error(exchange, refusal);
            refused.accept(exchange, error);
            return Mono.error(error);
        });
    }

    private static ApiException error(ServerWebExchange exchange, Refusal refusal) {
        return switch (refusal.kind()) {
            case SUSPICIOUS -> new ApiException(ErrorCode.INVALID_REQUEST, refusal.detail());
            case TOKEN_NEEDED ->
                    new ApiException(
                            ErrorCode.INVALID_API_KEY,
                            SentKey.isIn(exchange.getRequest())
                                    ? "Incorrect API key provided."
                                    : refusal.detail());
            case ROLE_NOT_ENOUGH ->
                    new ApiException(
                            ErrorCode.INVALID_API_KEY,
                            "This API key is not for this address: " + refusal.detail() + ".");
            case NOT_ALLOWED -> new ApiException(ErrorCode.FORBIDDEN, refusal.detail());
            case CONTENT_TYPE ->
                    new ApiException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, refusal.detail());
            case UNAVAILABLE -> new ApiException(ErrorCode.ACCESS_UNAVAILABLE, refusal.detail());
            case NOTHING_THERE ->
                    new ApiException(
                            ErrorCode.NOT_FOUND,
                            "There is no %s %s."
                                    .formatted(
                                            exchange.getRequest().getMethod(),
                                            exchange.getRequest().getPath()));
        };
    }
}
