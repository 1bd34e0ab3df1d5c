package dev.weft.gateway.worker;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Reads a worker's answer of a bounded size, and drops the connection of a longer one. (The JDK's
 * own bound fails as a lost connection does.)
 */
final class BoundedAnswer implements BodySubscriber<byte[]> {
    /** An answer is longer than that of any worker. */
    static final class TooLongException extends IOException {
        private TooLongException(int most) {
            super("answered with more than " + most + " bytes");
        }
    }

    private final BodySubscriber<byte[]> body = BodySubscribers.ofByteArray();
    private final int most;
    private long size;
    private Flow.@Nullable Subscription bytes;

    private BoundedAnswer(int most) {
        this.most = most;
    }

    /** Answers of up to that many bytes. */
    static BodyHandler<byte[]> upTo(int most) {
        return _ -> new BoundedAnswer(most);
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        bytes = subscription;
        body.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> part) {
        size += part.stream().mapToLong(ByteBuffer::remaining).sum();
        if (size <= most) {
            body.onNext(part);
        } else if (bytes != null) {
            bytes.cancel();
            body.onError(new TooLongException(most));
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.onError(failure);
    }

    @Override
    public void onComplete() {
        body.onComplete();
    }
}
