package dev.weft.inference.server.http.relay;

import dev.weft.inference.server.http.body.BoundedBody;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.protocol.error.ApiException;
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
     * Memory for each byte of the answer: as it came, joined, and with the client's model, which is
     * written when the first is gone.
     */
    private static final long BYTES_PER_BYTE = 3;

    /**
     * The bytes; an error with {@code REQUEST_FAILED} if they are more than allowed.
     *
     * @param pieces are released
     */
    Mono<byte[]> of(Flux<DataBuffer> pieces) {
        return DataBufferUtils.join(pieces.map(this::paid), mostBytes)
                .onErrorMap(
                        DataBufferLimitException.class, e -> RelayFailures.tooLong(mostBytes, e))
                .map(BoundedBody::bytes)
                .defaultIfEmpty(new byte[0]);
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
