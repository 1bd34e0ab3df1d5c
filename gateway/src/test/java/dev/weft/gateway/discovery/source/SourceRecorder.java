package dev.weft.gateway.discovery.source;

import dev.weft.gateway.worker.ListedWorker;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What a source has told. */
public final class SourceRecorder implements SourceListener {
    /** The workers, in order, those that drain with a mark; and what did not answer. */
    public record News(List<String> workers, String problem) {}

    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();

    @Override
    public void found(Collection<ListedWorker> workers, List<String> problems) {
        news.add(
                new News(
                        workers.stream().map(SourceRecorder::text).sorted().toList(),
                        String.join("; ", problems)));
    }

    @Override
    public void failed(String why) {
        news.add(new News(List.of(), why));
    }

    private static String text(ListedWorker worker) {
        URI address = worker.address();
        return address + (worker.draining() ? " drains" : "");
    }

    /** The next news of that kind, within a minute. */
    public News await(Predicate<News> kind) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        News last = null;
        while (true) {
            News next = news.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw new AssertionError("not within a minute; the last news were " + last);
            }
            if (kind.test(next)) {
                return next;
            }
            last = next;
        }
    }

    /** The next news. */
    public News next() throws InterruptedException {
        return await(_ -> true);
    }

    /** Waits for news of exactly these workers. */
    public void awaitWorkers(String... workers) throws InterruptedException {
        List<String> expected = List.of(workers).stream().sorted().toList();
        await(told -> told.workers().equals(expected) && told.problem().isEmpty());
    }
}
