package dev.weft.gateway.rollout.shadow;

import dev.weft.access.client.ServiceClient;
import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.rollout.shadow.text.Said;
import dev.weft.gateway.routing.name.Target;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import dev.weft.protocol.worker.RequestHeaders;
import dev.weft.protocol.worker.TimeLeft;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends copies to workers over connections of their own, and reads what comes back. Any thread; an
 * interrupt breaks an exchange off.
 */
final class CopyClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final int REFUSED = 400;

    private final ServiceClient workers;
    private final HttpClient http;

    /**
     * A client.
     *
     * @param token of this gateway, for workers that ask for one; null for none
     */
    CopyClient(@Nullable String token, ServiceTls tls) {
        this.http =
                tls.client()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
        this.workers = new ServiceClient(token, http);
    }

    /**
     * An answer of a candidate.
     *
     * @param error the code that its worker tells, of an error or of what ended a stream; empty if
     *     it tells none
     * @param broken the worker ended a stream with an error
     * @param firstNanos until the first event of a stream; negative if none came
     */
    record Answer(
            int status, String error, boolean broken, Said said, long firstNanos, long nanos) {
        boolean isOk() {
            return status < REFUSED && !broken;
        }
    }

    /** The worker was lost before it answered. */
    static final class LostWorkerException extends IOException {
        LostWorkerException(IOException cause) {
            super(cause.toString(), cause);
        }
    }

    /** A worker sends more bytes than are read, or uses more tokens than are left. */
    static final class TooMuchException extends IOException {
        TooMuchException(String message) {
            super(message);
        }
    }

    /**
     * Sends a copy and waits for the end of its answer.
     *
     * @param limit time that the worker is told; the caller breaks the copy off when it is over
     * @param spending hears of tokens
     * @throws IOException if there is no whole answer
     */
    Answer send(
            URI worker,
            CopiedRequest asked,
            Target.Adapter candidate,
            Duration limit,
            Spending spending)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        HttpResponse<InputStream> head = head(request(worker, asked, candidate, limit));
        AnswerReader reader = new AnswerReader(spending, start);
        try (InputStream body = head.body()) {
            boolean events =
                    head.headers()
                            .firstValue("Content-Type")
                            .filter(type -> type.startsWith("text/event-stream"))
                            .isPresent();
            if (events) {
                reader.events(body);
            } else {
                reader.whole(body);
                head.headers()
                        .firstValue(AnswerNotes.USAGE)
                        .flatMap(TokenCount::parse)
                        .ifPresent(reader::told);
            }
            String ended = reader.error();
            return new Answer(
                    head.statusCode(),
                    ended == null ? head.headers().firstValue(AnswerNotes.ERROR).orElse("") : ended,
                    ended != null,
                    reader.said(events),
                    reader.firstNanos(),
                    System.nanoTime() - start);
        }
    }

    private HttpResponse<InputStream> head(HttpRequest request)
            throws IOException, InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            boolean late =
                    e instanceof HttpTimeoutException
                            && !(e instanceof HttpConnectTimeoutException);
            throw late ? e : new LostWorkerException(e);
        }
    }

    private HttpRequest request(
            URI worker, CopiedRequest asked, Target.Adapter candidate, Duration limit) {
        String type = asked.contentType() == null ? "application/json" : asked.contentType();
        return workers.request(worker.resolve(asked.path()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(asked.body().bytes()))
                .timeout(limit)
                .header("Content-Type", type)
                .header(RequestHeaders.TENANT, asked.tenant())
                .header(RequestHeaders.ADAPTER, candidate.version().digest().toString())
                .header(AnswerNotes.ASK, AnswerNotes.ASKED)
                .header(TimeLeft.HEADER, TimeLeft.text(limit))
                .build();
    }

    @Override
    public void close() {
        workers.close();
    }
}
