package dev.weft.inference.server.http;

import dev.weft.model.error.ApiException;
import dev.weft.model.error.ErrorCode;
import java.util.Optional;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** Reads JSON bodies: of the right type, and no larger than is allowed. */
final class RequestBody {
    /** 32 MiB: far more text than any context takes. */
    static final int MOST_BYTES = 32 * 1024 * 1024;

    private RequestBody() {}

    static Mono<byte[]> of(ServerRequest request) {
        ServerHttpRequest http = request.exchange().getRequest();
        Optional<ApiException> fault = fault(http);
        if (fault.isPresent()) {
            return Mono.error(fault.get());
        }
        if (http.getHeaders().getContentLength() > MOST_BYTES) {
            return Mono.error(new DataBufferLimitException("Content-Length over the limit"));
        }
        return DataBufferUtils.join(http.getBody(), MOST_BYTES)
                .map(RequestBody::bytes)
                .defaultIfEmpty(new byte[0]);
    }

    private static Optional<ApiException> fault(ServerHttpRequest request) {
        String found = request.getHeaders().getFirst("Content-Type");
        try {
            MediaType type = found == null ? null : MediaType.parseMediaType(found);
            if (type != null
                    && (type.isCompatibleWith(MediaType.APPLICATION_JSON)
                            || type.getSubtype().endsWith("+json"))) {
                return Optional.empty();
            }
        } catch (InvalidMediaTypeException e) {
            // reported below, as one that is not JSON
        }
        return Optional.of(
                new ApiException(
                        ErrorCode.INVALID_REQUEST,
                        "Header Content-Type is "
                                + (found == null ? "missing" : "'" + found + "'")
                                + "; allowed: application/json"));
    }

    private static byte[] bytes(DataBuffer buffer) {
        try {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }
}
