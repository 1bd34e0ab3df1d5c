package dev.weft.protocol.sse;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One connection to an event stream, read by the thread that opened it. */
public final class EventConnection implements AutoCloseable {
    /** The server answers with something else than events. */
    public static final class NoEventsException extends IOException {
        private final int status;

        NoEventsException(int status, String type) {
            super("answered " + refusal(status, type));
            this.status = status;
        }

        /** The status of its answer. */
        public int status() {
            return status;
        }
    }

    private final EventStreamBody body;
    private final Duration silence;
    private final EventReader reader;

    private EventConnection(EventStreamBody body, Duration silence, int longest) {
        this.body = body;
        this.silence = silence;
        this.reader = new EventReader(longest);
    }

    /**
     * Connects.
     *
     * @param headers sent with the request
     * @param silence longest wait for the answer's head, and later for anything at all
     * @throws IOException if it could not connect; {@link NoEventsException} if the answer is not
     *     200 with an event stream
     */
    public static EventConnection open(
            HttpClient client, URI address, Map<String, String> headers, Duration silence)
            throws IOException, InterruptedException {
        return open(client, address, headers, silence, EventReader.LONGEST);
    }

    /**
     * Connects to a server whose events are short.
     *
     * @param longest event accepted, in bytes
     * @throws IOException as above
     */
    public static EventConnection open(
            HttpClient client,
            URI address,
            Map<String, String> headers,
            Duration silence,
            int longest)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).header("Accept", "text/event-stream");
        headers.forEach(request::header);
        HttpResponse<EventStreamBody> response =
                await(client.sendAsync(request.build(), _ -> new EventStreamBody()), silence);
        String type = response.headers().firstValue("Content-Type").orElse("nothing");
        if (response.statusCode() != 200 || !type.startsWith("text/event-stream")) {
            response.body().cancel();
            throw new NoEventsException(response.statusCode(), type);
        }
        return new EventConnection(response.body(), silence, longest);
    }

    private static String refusal(int status, String type) {
        return status == 401 || status == 403
                ? status + ": services need a token, in the environment variable WEFT_TOKEN"
                : status + " with " + type;
    }

    /**
     * Waits for anything the stream says.
     *
     * @param events gets the events that are complete now, in order; none if it was a heartbeat
     * @throws IOException if the stream ended, broke, is silent for too long, or is not an event
     *     stream
     */
    public void next(EventReader.Listener<IOException> events)
            throws IOException, InterruptedException {
        List<ByteBuffer> pieces = body.next(silence);
        if (pieces.isEmpty()) {
            throw new IOException("ended by the server");
        }
        for (ByteBuffer piece : pieces) {
            reader.read(piece, events);
        }
    }

    /**
     * The id of the event that is being taken, or was taken last; empty if the stream names none.
     */
    public String lastId() {
        return reader.lastId();
    }

    /** Milliseconds the stream asks to wait before the next connection; 0 if it does not say. */
    public long retryMillis() {
        return reader.retryMillis();
    }

    @Override
    public void close() {
        body.cancel();
    }

    private static <T> T await(CompletableFuture<T> answer, Duration limit)
            throws IOException, InterruptedException {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        }
    }
}
