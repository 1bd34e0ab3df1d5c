package dev.weft.gateway.discovery.dns;

import dev.weft.gateway.discovery.source.SourceListener;
import dev.weft.gateway.discovery.source.SourceName;
import dev.weft.gateway.discovery.source.WorkerSource;
import dev.weft.gateway.worker.ListedWorker;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks names up again and again, in a loop of its own. */
final class DnsSource implements WorkerSource {
    /** Finds workers by names. One thread. */
    interface Finder {
        /** All workers known now, with the earlier ones of names that got no answer. */
        List<ListedWorker> find(Look look) throws InterruptedException;
    }

    private final SourceName name;
    private final DnsClient client;
    private final Finder finder;
    private final Duration refresh;
    private final Loop loop;
    private @Nullable SourceListener listener;

    /**
     * A source that does not look yet.
     *
     * @param client of the finder; the source closes it
     * @param refresh longest time between two looks
     */
    DnsSource(SourceName name, DnsClient client, Finder finder, Duration refresh, Loops loops) {
        this.name = name;
        this.client = client;
        this.finder = finder;
        this.refresh = refresh;
        this.loop = loops.loop("worker-discovery", name.word(), this::look, client::close);
    }

    @Override
    public SourceName name() {
        return name;
    }

    @Override
    public void start(SourceListener listener) {
        this.listener = listener;
        loop.start();
    }

    private Duration look() throws InterruptedException {
        Look look = new Look(refresh);
        List<ListedWorker> workers = finder.find(look);
        if (listener != null) {
            listener.found(workers, look.problems());
        }
        return look.pause();
    }

    @Override
    public void close() {
        loop.close();
        client.close();
    }
}
