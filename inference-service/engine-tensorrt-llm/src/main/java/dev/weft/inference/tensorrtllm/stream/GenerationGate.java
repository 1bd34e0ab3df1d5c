package dev.weft.inference.tensorrtllm.stream;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.fair.Backlog;
import dev.weft.inference.engine.fair.FairQueue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Holds generations back from TensorRT-LLM, whose own queue is first come, first served.
 * TensorRT-LLM gets only as many as it needs to keep its batch full. Later ones wait here, and
 * tenants take turns. Events' thread.
 */
public final class GenerationGate {
    /**
     * A quarter more than the batch is handed over, so that a generation is ready when another
     * ends.
     */
    private static final int AHEAD = 4;

    private final Executor events;
    private final Backlog backlog;
    private final int places;
    private final FairQueue<Guest> queue;

    /** The number of each guest that has not left, in order of arrival. */
    private final Map<Guest, Long> arrivals = new HashMap<>();

    private long arrived;
    private int inside;

    /** A generation that waits here. */
    interface Guest {
        String tenant();

        /** Hands the guest to the model. */
        void enter();

        /** Ends the guest, since others come first and too many wait. */
        void refuse();
    }

    /**
     * A gate without guests.
     *
     * @param rows of the model's batch
     * @param memory how many tokens a tenant may be ahead of another
     */
    GenerationGate(int rows, long memory, Backlog backlog, Executor events) {
        this.places = rows + (rows + AHEAD - 1) / AHEAD;
        this.events = events;
        this.backlog = backlog;
        this.queue =
                new FairQueue<>(
                        Guest::tenant,
                        Comparator.comparing((Guest it) -> arrivals.get(it)),
                        memory);
    }

    /** Adds a new guest, which waits if only for a moment. */
    void arrive(Guest guest) {
        arrivals.put(guest, arrived++);
        queue.add(guest);
        open();
        if (inside + queue.waiting() > backlog.most()) {
            Optional<Guest> last = queue.leastEntitled(_ -> true);
            last.ifPresent(Guest::refuse);
        }
    }

    /** Removes a guest that has ended, whether it waited or ran. */
    void leave(Guest guest) {
        if (!arrivals.containsKey(guest)) {
            return;
        }
        if (queue.remove(guest::equals).isEmpty()) {
            queue.free(guest);
            inside--;
        }
        arrivals.remove(guest);
        // later, not within this call: a guest that enters may leave at once
        events.execute(this::open);
    }

    /** The error of a guest that is refused. */
    EngineException overShare() {
        return backlog.overShare();
    }

    /** Counts tokens that the guest's tenant was served. */
    void served(Guest guest, int tokens) {
        queue.served(guest, tokens);
    }

    private void open() {
        while (inside < places && queue.waiting() > 0) {
            queue.next()
                    .ifPresent(guest -> {
                        queue.place(guest);
                        inside++;
                        guest.enter();
                    });
        }
    }
}
