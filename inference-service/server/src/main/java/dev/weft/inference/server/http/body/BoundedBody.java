package dev.weft.inference.server.http.body;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.service.stream.GatheredBody;
import java.time.Duration;
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
public final class BoundedBody {
    /** 32 MiB: far more text than any context takes. */
    public static final int MOST_BYTES = 32 * 1024 * 1024;

    /** The longest time for a body to arrive; a gateway sends it at once. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private BoundedBody() {}

    /** The body; its memory is taken as it arrives, and its tree's before there is one. */
    public static Mono<byte[]> of(ServerRequest request, RequestMemory memory) {
        ServerHttpRequest http = request.exchange().getRequest();
        Optional<ApiException> fault = fault(http);
        if (fault.isPresent()) {
            return Mono.error(fault.get());
        }
        if (http.getHeaders().getContentLength() > MOST_BYTES) {
            return Mono.error(new DataBufferLimitException("Content-Length over the limit"));
        }
        return GatheredBody.of(http.getBody().map(buffer -> paid(buffer, memory)), MOST_BYTES)
                .timeout(LONGEST, Mono.error(BoundedBody::late))
                .doOnNext(body -> memory.take(TreeWeight.of(body)));
    }

    private static DataBuffer paid(DataBuffer buffer, RequestMemory memory) {
        try {
            memory.take((long) buffer.readableByteCount() * RequestMemory.BYTES_PER_BODY_BYTE);
            return buffer;
        } catch (ApiException e) {
            DataBufferUtils.release(buffer);
            throw e;
        }
    }

    private static ApiException late() {
        return new ApiException(
                ErrorCode.INVALID_REQUEST,
                "The body did not arrive within " + LONGEST.toSeconds() + " s");
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

    /** Copies the bytes of a buffer and releases it. */
    public static byte[] bytes(DataBuffer buffer) {
        try {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }
}
