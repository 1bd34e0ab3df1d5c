package dev.weft.standalone.bench.stream;

import dev.weft.protocol.error.InvalidJson;
import dev.weft.protocol.sse.EventReader;
import dev.weft.protocol.sse.EventWriter;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads one answer and notes when its text came. All events of one piece have the piece's time of
 * arrival. One thread at a time calls it, as the HTTP client promises.
 */
final class StreamReader implements BodySubscriber<Outcome> {
    private static final byte[] DONE = EventWriter.DONE.getBytes(StandardCharsets.US_ASCII);

    private final long sent;
    private final LongSupplier nanoClock;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final EventReader events = new EventReader();
    private final EventScan scan = new EventScan();
    private final LongList gaps;

    private long now;
    private long first = -1;
    private long last;
    private int textEvents;
    private int promptTokens = -1;
    private int outputTokens = -1;
    private @Nullable String finishReason;
    private @Nullable Failure failure;
    private boolean done;

    /**
     * @param sent when the request was sent, by {@code nanoClock}
     * @param expectedTokens expected tokens of the answer
     */
    StreamReader(long sent, LongSupplier nanoClock, int expectedTokens) {
        this.sent = sent;
        this.nanoClock = nanoClock;
        this.gaps = new LongList(Math.min(expectedTokens, 1024));
    }

    @Override
    public CompletionStage<Outcome> getBody() {
        return outcome;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        now = nanoClock.getAsLong();
        try {
            for (ByteBuffer piece : pieces) {
                events.read(piece, this::event);
            }
        } catch (ProtocolException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onError(Throwable error) {
        end(Failure.of(error));
    }

    @Override
    public void onComplete() {
        now = nanoClock.getAsLong();
        try {
            events.end(this::event);
            end(Failure.brokeOff());
        } catch (ProtocolException e) {
            end(Failure.of(e));
        }
    }

    private void event(String name, byte[] data, int length) {
        if (length == DONE.length && Arrays.equals(data, 0, length, DONE, 0, length)) {
            done = true;
            return;
        }
        scan.read(data, length);
        if (scan.isError() || name.equals("error")) {
            failure = Failure.errorEvent(new String(data, 0, length, StandardCharsets.UTF_8));
        }
        if (scan.hasText()) {
            text();
        }
        if (scan.hasUsage()) {
            usage(data, length);
        }
        if (scan.finishReason() != null) {
            finishReason = scan.finishReason();
        }
    }

    private void text() {
        if (textEvents++ == 0) {
            first = now;
        } else {
            gaps.add(now - last);
        }
        last = now;
    }

    private void usage(byte[] data, int length) {
        try {
            JsonNode usage = JsonMapper.shared().readTree(data, 0, length).path("usage");
            promptTokens = usage.path("prompt_tokens").asInt(promptTokens);
            outputTokens = usage.path("completion_tokens").asInt(outputTokens);
        } catch (JacksonException e) {
            failure = Failure.errorEvent("an event is not JSON: " + InvalidJson.words(e));
        }
    }

    /** Ends the answer; an error within the stream says more than the way it ended. */
    private void end(Failure otherwise) {
        if (failure != null) {
            outcome.complete(new Outcome.Failed(failure));
        } else if (!done) {
            outcome.complete(new Outcome.Failed(otherwise));
        } else {
            outcome.complete(
                    new Outcome.Answered(
                            (first < 0 ? now : first) - sent,
                            gaps.toArray(),
                            textEvents,
                            promptTokens,
                            outputTokens < 0 ? textEvents : outputTokens,
                            finishReason));
        }
    }
}
