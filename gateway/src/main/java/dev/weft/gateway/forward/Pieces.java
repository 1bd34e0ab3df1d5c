package dev.weft.gateway.forward;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.publisher.Flux;

/** Joins buffers that come each in a publisher of its own, since each is to be flushed. */
final class Pieces {
    private Pieces() {}

    /**
     * The buffers one after the other. A cancelled stream discards a buffer that it has not passed
     * on, but none that it has: its receiver has released it, and a second release would take the
     * memory from another request that reads the same piece of the network's.
     */
    static Flux<DataBuffer> flat(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        // No prefetch: a buffer that waits inside a publisher could not be released on cancel. The
        // publisher is hidden, since concatMap, when cancelled, discards the value of a publisher
        // that it knows to have one, passed on or not (reactor-core 3.8.8).
        return Flux.from(body).concatMap(piece -> Flux.<DataBuffer>from(piece).hide(), 0);
    }
}
