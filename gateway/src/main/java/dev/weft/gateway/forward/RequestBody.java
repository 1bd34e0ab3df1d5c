package dev.weft.gateway.forward;

import dev.weft.model.error.ApiException;
import dev.weft.model.error.ErrorCode;
import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/**
 * Takes a request's body whole, as it came: it is read for its {@code model} and sent again where a
 * worker fails. Copied to the heap, so that no attempt has to count references to it.
 */
final class RequestBody {
    private RequestBody() {}

    /**
     * The body, empty where there is none.
     *
     * @param most bytes accepted; more is a 413
     * @param limit longest time it may take to arrive
     */
    static Mono<byte[]> read(ServerHttpRequest request, int most, Duration limit) {
        if (request.getHeaders().getContentLength() > most) {
            return Mono.error(tooLarge(most));
        }
        return DataBufferUtils.join(request.getBody(), most)
                .map(RequestBody::toBytes)
                .defaultIfEmpty(new byte[0])
                .onErrorMap(DataBufferLimitException.class, _ -> tooLarge(most))
                .timeout(limit, Mono.error(() -> late(limit)));
    }

    private static byte[] toBytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private static ApiException tooLarge(int most) {
        return new ApiException(
                ErrorCode.REQUEST_TOO_LARGE,
                "The body has more than "
                        + most
                        + " bytes, the limit that weft.gateway.max-request-bytes sets.");
    }

    private static ApiException late(Duration limit) {
        return new ApiException(
                ErrorCode.INVALID_REQUEST,
                "The body did not arrive within " + limit.toSeconds() + " s.");
    }
}
