package dev.weft.gateway.rollout.shadow;

import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.measure.Pace;
import dev.weft.gateway.rollout.shadow.text.Said;
import dev.weft.gateway.routing.name.Target;
import java.io.ByteArrayOutputStream;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.springframework.core.io.buffer.DataBuffer;

/**
 * A request that was drawn to be copied. It hears what its client is sent. Its signals come one
 * after the other, from any thread, and never wait.
 */
public final class Sampled {
    /** Bytes of an answer that are kept; a longer answer is compared by its numbers only. */
    static final int MOST_BYTES = 256 * 1024;

    private final RunningShadow shadow;
    private final Target.Adapter candidate;
    private final CopiedRequest asked;
    private final LongSupplier nanos;
    private final BiConsumer<Sampled, Answered> ended;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    private boolean whole = true;
    private long start;
    private long first = -1;

    /**
     * A request.
     *
     * @param candidate the version that its copy is for
     * @param ended hears of its end
     */
    Sampled(
            RunningShadow shadow,
            Target.Adapter candidate,
            CopiedRequest asked,
            LongSupplier nanos,
            BiConsumer<Sampled, Answered> ended) {
        this.shadow = shadow;
        this.candidate = candidate;
        this.asked = asked;
        this.nanos = nanos;
        this.ended = ended;
        this.start = nanos.getAsLong();
    }

    /** A worker gets the request. The wait before does not depend on the version. */
    public synchronized void asked() {
        start = nanos.getAsLong();
        first = -1;
    }

    /** The moment at which a worker was last given the request. */
    public synchronized long start() {
        return start;
    }

    /** Of several attempts at once, the one that began at that moment makes the answer. */
    public synchronized void answeredSince(long asked) {
        start = asked;
    }

    /** A part of the answer goes to the client, who gets it as it is. */
    public synchronized void answered(DataBuffer part) {
        if (first < 0) {
            first = nanos.getAsLong() - start;
        }
        if (!whole || answer.size() + part.readableByteCount() > MOST_BYTES) {
            whole = false;
            return;
        }
        try (DataBuffer.ByteBufferIterator buffers = part.readableByteBuffers()) {
            while (buffers.hasNext()) {
                var bytes = buffers.next();
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                answer.writeBytes(copy);
            }
        }
    }

    /** The request has ended. */
    public void ended(Answered served) {
        ended.accept(this, served);
    }

    RunningShadow shadow() {
        return shadow;
    }

    Target.Adapter candidate() {
        return candidate;
    }

    /** The request that is copied. */
    CopiedRequest request() {
        return asked;
    }

    /** The answer, timed from when a worker was asked. */
    synchronized Answered timed(Answered served) {
        boolean began = asked.stream() && first >= 0;
        return new Answered(
                served.operation(),
                served.outcome(),
                served.errorType(),
                nanos.getAsLong() - start,
                served.isAsked() ? 0 : -1,
                began ? served.pace().beginningAt(first) : asked.stream() ? Pace.NONE : Pace.WHOLE,
                served.told());
    }

    /** What the client was sent. */
    synchronized Said said() {
        return new Said(answer.toByteArray(), asked.stream(), whole);
    }
}
