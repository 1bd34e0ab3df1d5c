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
 * Holds generations back from TensorRT-LLM, whose own queue is first come, first served. It is
 * handed only as many as it needs to keep its batch full; later ones wait here, where tenants take
 * turns. Events' thread.
 */
public final class GenerationGate {
    /**
     * This part (1 in 4) of the batch is handed over beyond it, so that a generation is ready when
     * another ends.
     */
    private static final int AHEAD = 4;

    private final Executor events;
    private final Backlog backlog;
    private final int places;
    private final FairQueue<Guest> queue;

    /** The age of all guests that have not left. */
    private final Map<Guest, Long> arrivals = new HashMap<>();

    private long arrived;
    private int inside;

    /** A generation that waits here. */
    interface Guest {
        String tenant();

        /** The guest may be handed to the model. */
        void enter();

        /** The guest is refused: others come first, and too many wait. */
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

    /** A new guest waits, if only for a moment. */
    void arrive(Guest guest) {
        arrivals.put(guest, arrived++);
        queue.add(guest);
        open();
        if (inside + queue.waiting() > backlog.most()) {
            Optional<Guest> last = queue.leastEntitled(_ -> true);
            last.ifPresent(Guest::refuse);
        }
    }

    /** A guest has ended, whether it waited or ran. */
    void leave(Guest guest) {
        if (!arrivals.containsKey(guest)) {
            return;
        }
        if (queue.remove(guest::equals).isEmpty()) {
            queue.free(guest);
            inside--;
        }
        arrivals.remove(guest);
        // not from within: a guest that enters may leave at once
        events.execute(this::open);
    }

    /** Why a guest is refused. */
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
