package dev.weft.protocol.sse;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an endless response. One thread pulls it piece by piece, with a limit on silence,
 * which the JDK's own handlers lack once the headers have arrived.
 */
final class EventStreamBody implements BodySubscriber<EventStreamBody> {
    private sealed interface Signal {
        record Piece(List<ByteBuffer> bytes) implements Signal {}

        record Failed(Throwable cause) implements Signal {}

        record Complete() implements Signal {}
    }

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<EventStreamBody> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscribed) {
        subscription = subscribed;
        subscribed.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        signals.add(new Signal.Piece(bytes));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Signal.Failed(cause));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.Complete());
    }

    /**
     * Waits for the next piece.
     *
     * @return empty if the other side ended the stream
     * @throws IOException if the connection broke, or nothing came within {@code silence}
     */
    List<ByteBuffer> next(Duration silence) throws IOException, InterruptedException {
        Signal signal = signals.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
        return switch (signal) {
            case null -> throw new IOException("silent for " + silence.toSeconds() + " s");
            case Signal.Complete() -> List.of();
            case Signal.Failed(Throwable cause) -> throw new IOException(cause);
            case Signal.Piece(List<ByteBuffer> bytes) -> {
                Flow.Subscription from = subscription;
                if (from != null) {
                    from.request(1);
                }
                yield bytes;
            }
        };
    }

    /** Closes the connection. */
    void cancel() {
        Flow.Subscription from = subscription;
        if (from != null) {
            from.cancel();
        }
    }
}
