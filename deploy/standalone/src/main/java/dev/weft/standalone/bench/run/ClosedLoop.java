package dev.weft.standalone.bench.run;

import dev.weft.standalone.bench.load.Load;
import dev.weft.standalone.bench.stream.Endpoint;
import dev.weft.standalone.bench.stream.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A number of streams at once, each of which sends its next request when its last answer has ended.
 * It is for one phase; {@link #run} may be called once.
 */
final class ClosedLoop {
    /** Gets each finished request, on the thread of its stream. */
    interface Listener {
        void over(RequestSample sample);
    }

    private final Endpoint endpoint;
    private final Load load;
    private final int streams;
    private final long requests;
    private final long nanos;
    private final AtomicLong numbers;
    private final Listener listener;

    private final AtomicLong taken = new AtomicLong();
    private final List<RequestSample> samples = new ArrayList<>();
    private int failuresInARow;
    private boolean givenUp;

    /**
     * @param requests the most requests to send
     * @param nanos nanoseconds after which no more are sent
     * @param numbers numbers of requests; they continue from phase to phase, so that no prompt is
     *     repeated
     */
    ClosedLoop(
            Endpoint endpoint,
            Load load,
            int streams,
            long requests,
            long nanos,
            AtomicLong numbers,
            Listener listener) {
        this.endpoint = endpoint;
        this.load = load;
        this.streams = streams;
        this.requests = requests;
        this.nanos = nanos;
        this.numbers = numbers;
        this.listener = listener;
    }

    /** Runs to the end; each request has a deadline, so this ends. */
    List<RequestSample> run() throws InterruptedException {
        long begin = System.nanoTime();
        var over = new CountDownLatch(streams);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < streams; i++) {
            int stream = i;
            threads.add(
                    Thread.ofVirtual()
                            .name("stream-" + stream)
                            .start(() -> {
                                try {
                                    stream(stream, begin);
                                } finally {
                                    over.countDown();
                                }
                            }));
        }
        try {
            over.await(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            throw e;
        }
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    boolean givenUp() {
        synchronized (samples) {
            return givenUp;
        }
    }

    private void stream(int stream, long begin) {
        try {
            while (!givenUp()
                    && System.nanoTime() - begin < nanos
                    && taken.getAndIncrement() < requests) {
                Load.Request request = load.request(numbers.getAndIncrement(), stream);
                long begun = System.nanoTime();
                Outcome outcome = endpoint.send(load.fields().api(), request);
                keep(RequestSample.of(request, begun, System.nanoTime(), outcome));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep(RequestSample sample) {
        synchronized (samples) {
            samples.add(sample);
            failuresInARow = sample.outcome() instanceof Outcome.Failed ? failuresInARow + 1 : 0;
            givenUp |= failuresInARow >= Math.max(20, 2 * streams);
        }
        listener.over(sample);
    }
}
