package dev.weft.standalone.bench.gateway;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests at a fixed rate, whether answers come or not. The time to a request's first event
 * begins when the request is due. Connections are reused.
 */
final class OpenLoop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI target;
    private final byte[] request;
    private final @Nullable Integer events;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();

    /**
     * @param key sent as a bearer token; null for none
     * @param body of each request
     * @param events that an answer must have before its last one; null if a gateway makes events of
     *     its own
     */
    OpenLoop(URI target, @Nullable String key, String body, @Nullable Integer events) {
        this.target = target;
        this.events = events;
        String head =
                """
                POST /v1/chat/completions HTTP/1.1
                Host: %s
                Content-Type: application/json
                Content-Length: %d
                %s
                """
                        .formatted(
                                target.getAuthority(),
                                body.length(),
                                key == null ? "" : "Authorization: Bearer " + key + "\n");
        this.request = (head.replace("\n", "\r\n") + body).getBytes(StandardCharsets.US_ASCII);
    }

    /** The outcome of a run. */
    static final class Result {
        /** Times from a request's due time to its first event, sorted. */
        private final long[] micros;

        private final int requests;
        private final @Nullable String failure;

        private Result(long[] micros, int requests, @Nullable String failure) {
            this.micros = micros;
            this.requests = requests;
            this.failure = failure;
        }

        int requests() {
            return requests;
        }

        int failed() {
            return requests - micros.length;
        }

        /** Why one of the failed requests failed; empty if none did. */
        String failure() {
            return failure == null ? "" : failure;
        }

        double millis(double quantile) {
            return micros.length == 0
                    ? Double.NaN
                    : micros[(int) Math.min(micros.length - 1.0, quantile * micros.length)] / 1e3;
        }
    }

    private final class Run {
        private final long[] nanos;
        private final CountDownLatch open;
        private volatile @Nullable String failure;

        Run(int requests) {
            nanos = new long[requests];
            open = new CountDownLatch(requests);
        }

        void ask(int number, long due) {
            try {
                nanos[number] = exchange() - due;
            } catch (IOException e) {
                failure = e.toString();
                nanos[number] = -1;
            } finally {
                open.countDown();
            }
        }
    }

    /**
     * Sends requests for that time; returns when all are answered, or {@link #PATIENCE} after the
     * last one was sent.
     */
    Result run(int perSecond, Duration time) throws InterruptedException {
        int requests = (int) Math.max(1, perSecond * time.toMillis() / 1_000);
        Run run = new Run(requests);
        long begin = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            int number = i;
            long due = begin + TimeUnit.SECONDS.toNanos(1) * i / perSecond;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            Thread.ofVirtual().start(() -> run.ask(number, due));
        }
        boolean all = run.open.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        long[] micros = new long[requests];
        int answered = 0;
        for (long each : run.nanos.clone()) {
            if (each > 0) {
                micros[answered++] = each / 1_000;
            }
        }
        long[] sorted = Arrays.copyOf(micros, answered);
        Arrays.sort(sorted);
        return new Result(sorted, requests, all ? run.failure : "no answer within " + PATIENCE);
    }

    /**
     * Sends a request, again if a kept connection has ended; returns the time of the first event.
     */
    private long exchange() throws IOException {
        Connection kept = idle.pollFirst();
        if (kept != null) {
            try {
                return exchange(kept);
            } catch (Unanswered e) {
                // servers close connections that nobody has used for a while
            }
        }
        return exchange(new Connection(target));
    }

    private long exchange(Connection connection) throws IOException {
        try {
            long first = connection.ask(request, events);
            idle.addFirst(connection);
            return first;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** The connection ended before the answer's first byte. */
    private static final class Unanswered extends IOException {
        Unanswered() {
            super("no answer");
        }
    }

    private static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final HttpReader in;

        Connection(URI target) throws IOException {
            socket = new Socket(target.getHost(), target.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            in = new HttpReader(socket.getInputStream());
        }

        long ask(byte[] request, @Nullable Integer events) throws IOException {
            socket.getOutputStream().write(request);
            String head = in.head();
            if (head.isEmpty()) {
                throw new Unanswered();
            }
            if (!head.startsWith("HTTP/1.1 200")) {
                throw new IOException(head.lines().findFirst().orElse(""));
            }
            in.begin();
            long first = System.nanoTime();
            int found = in.chunks();
            if (events != null && found != events + 1) {
                throw new IOException(found + " events instead of " + (events + 1));
            }
            return first;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : idle) {
            connection.close();
        }
    }
}
