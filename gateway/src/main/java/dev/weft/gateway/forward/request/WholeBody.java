package dev.weft.gateway.forward.request;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.service.stream.GatheredBody;
import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Reads a request's whole body unchanged. The gateway takes {@code model} from it, and sends it
 * again if a worker fails. The body is copied to the heap, so that no attempt has to count
 * references to it.
 */
public final class WholeBody {
    /**
     * The array that it grows in, the larger one that takes its place, and later one on its way.
     */
    private static final int COPIES = 3;

    private WholeBody() {}

    /**
     * The body; empty if there is none.
     *
     * @param most bytes accepted; more is a 413
     * @param limit longest time it may take to arrive
     * @param memory for the body, claimed as it arrives; if none is left, the answer is a 503
     * @param loop that of the client's connection
     */
    public static Mono<byte[]> read(
            ServerHttpRequest request,
            int most,
            Duration limit,
            ProcessMemory.Claim memory,
            Scheduler loop) {
        if (request.getHeaders().getContentLength() > most) {
            return Mono.error(tooLarge(most));
        }
        return GatheredBody.of(request.getBody().map(buffer -> paid(buffer, memory)), most)
                .onErrorMap(DataBufferLimitException.class, _ -> tooLarge(most))
                .timeout(Mono.delay(limit, loop), Mono.error(() -> late(limit)));
    }

    private static DataBuffer paid(DataBuffer buffer, ProcessMemory.Claim memory) {
        long bytes = (long) COPIES * buffer.readableByteCount();
        if (memory.more(bytes)) {
            return buffer;
        }
        DataBufferUtils.release(buffer);
        throw new ApiException(
                ErrorCode.OVERLOADED, "The gateway has no memory left for another request.");
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
