package dev.weft.inference.server.http.body;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * Memory that a request holds while it is read (its body, the body's JSON, the rendered template),
 * or while it is answered. Any thread.
 */
public record RequestMemory(ProcessMemory.Claim claim) implements AutoCloseable {
    /** Bytes of memory for each byte of a body: as it came, joined, and as texts of its JSON. */
    public static final int BYTES_PER_BODY_BYTE = 8;

    /**
     * Takes nothing yet.
     *
     * @throws ApiException if the request's tenant can't be one
     */
    public static RequestMemory of(ProcessMemory memory, ServerRequest request) {
        return new RequestMemory(memory.claim(Sender.of(request.headers()).tenant()));
    }

    /** Takes nothing yet. */
    public static RequestMemory of(ProcessMemory memory, CompletionRequest request) {
        return new RequestMemory(memory.claim(request.owner().tenant()));
    }

    /**
     * Takes memory.
     *
     * @throws ApiException {@code OVERLOADED} if there is none left, {@code REQUEST_TOO_LARGE} if
     *     there never is so much
     */
    public void take(long bytes) {
        if (!claim.more(bytes)) {
            throw claim.neverHas(bytes)
                    ? new ApiException(
                            ErrorCode.REQUEST_TOO_LARGE,
                            "The request takes more memory than this worker has for all requests")
                    : new ApiException(
                            ErrorCode.OVERLOADED,
                            "The worker has no memory left for another request; try again");
        }
    }

    @Override
    public void close() {
        claim.close();
    }
}
