package dev.weft.inference.server.http.relay;

import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.protocol.error.ApiException;
import dev.weft.service.stream.GatheredBody;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An answer in one piece: it is held until it is whole, in the memory that requests share.
 *
 * @param mostBytes of the answer
 * @param memory of its request
 */
record WholeAnswer(int mostBytes, RequestMemory memory) {
    /**
     * Memory for each byte of the answer: the array that it grows in and the larger one that takes
     * its place, or later the answer and the one with the client's model.
     */
    private static final long BYTES_PER_BYTE = 3;

    /**
     * The bytes; an error with {@code REQUEST_FAILED} if they are more than allowed.
     *
     * @param pieces are released
     */
    Mono<byte[]> of(Flux<DataBuffer> pieces) {
        return GatheredBody.of(pieces.map(this::paid), mostBytes)
                .onErrorMap(
                        DataBufferLimitException.class, e -> RelayFailures.tooLong(mostBytes, e));
    }

    private DataBuffer paid(DataBuffer piece) {
        try {
            memory.take(BYTES_PER_BYTE * piece.readableByteCount());
            return piece;
        } catch (ApiException e) {
            DataBufferUtils.release(piece);
            throw e;
        }
    }
}
