package dev.weft.service.stream;

import java.util.Arrays;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gathers a body's pieces in one array, and gives each piece back as it comes: a client chooses how
 * small pieces are, and each that is kept would cost more than its bytes. Memory is at most three
 * times the bytes, while the array grows.
 */
public final class GatheredBody {
    private static final int LEAST_ROOM = 1024;

    private final int most;
    private byte[] room = new byte[0];
    private int size;

    private GatheredBody(int most) {
        this.most = most;
    }

    /**
     * The bytes of all pieces, none if there is none.
     *
     * @param most bytes accepted; more end it with {@link DataBufferLimitException}
     */
    public static Mono<byte[]> of(Flux<DataBuffer> pieces, int most) {
        return pieces.collect(() -> new GatheredBody(most), GatheredBody::add)
                .map(GatheredBody::bytes)
                .doOnDiscard(DataBuffer.class, DataBufferUtils::release);
    }

    /** A piece that it does not take is discarded, and so released, by the operator around it. */
    private void add(DataBuffer piece) {
        int count = piece.readableByteCount();
        if (count > most - size) {
            throw new DataBufferLimitException("more than " + most + " bytes");
        }
        reserve(size + count);
        piece.read(room, size, count);
        size += count;
        DataBufferUtils.release(piece);
    }

    private void reserve(int needed) {
        if (needed > room.length) {
            long doubled = Math.max(LEAST_ROOM, 2L * room.length);
            room = Arrays.copyOf(room, (int) Math.max(needed, Math.min(doubled, most)));
        }
    }

    private byte[] bytes() {
        return size == room.length ? room : Arrays.copyOf(room, size);
    }
}
