package dev.weft.gateway.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Queues the events of a watch: the client's threads add them, and the source's loop takes them. A
 * watch of one Service brings few events, and ends after half a minute.
 */
final class SliceEvents implements Watcher<EndpointSlice> {
    /** An event. */
    sealed interface Event {
        /** The slice is new, or was changed to this. */
        record Put(EndpointSlice slice) implements Event {}

        /** The slice is no longer there. */
        record Gone(EndpointSlice slice) implements Event {}

        /** Nothing has happened for a while. */
        record Quiet() implements Event {}

        /** The watch can't go on. */
        record End() implements Event {}
    }

    private static final Duration QUIET = Duration.ofSeconds(5);

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    @Override
    public void eventReceived(Action action, EndpointSlice slice) {
        switch (action) {
            case ADDED, MODIFIED -> events.add(new Event.Put(slice));
            case DELETED -> events.add(new Event.Gone(slice));
            case ERROR -> events.add(new Event.End());
            case BOOKMARK -> {} // says that nothing has happened
        }
    }

    @Override
    public void onClose() {
        events.add(new Event.End());
    }

    @Override
    public void onClose(WatcherException cause) {
        events.add(new Event.End());
    }

    /** The next event; {@link Event.Quiet} if none comes within 5 s. */
    Event next() throws InterruptedException {
        Event next = events.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
        return next == null ? new Event.Quiet() : next;
    }
}
