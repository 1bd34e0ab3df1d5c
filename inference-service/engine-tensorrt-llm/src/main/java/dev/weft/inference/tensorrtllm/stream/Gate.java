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
 * Where generations wait for TensorRT-LLM, whose own queue is first come, first served: only as
 * many are handed to it as it needs to keep its batch full, so that who comes later waits here,
 * where tenants take turns. Events' thread.
 */
public final class Gate {
    /** Beyond the batch, so that one is there when another ends: a part of the batch. */
    private static final int AHEAD = 4;

    private final Executor events;
    private final Backlog backlog;
    private final int places;
    private final FairQueue<Guest> queue;

    /** Their age; for all that have not left. */
    private final Map<Guest, Long> arrivals = new HashMap<>();

    private long arrived;
    private int inside;

    /** Who waits here. */
    interface Guest {
        String tenant();

        /** It may be handed to the model. */
        void enter();

        /** Others come first, and too many wait. */
        void refuse();
    }

    /**
     * With nobody in front of it.
     *
     * @param rows of the model's batch
     * @param memory tokens that a tenant may be ahead of another
     */
    Gate(int rows, long memory, Backlog backlog, Executor events) {
        this.places = rows + (rows + AHEAD - 1) / AHEAD;
        this.events = events;
        this.backlog = backlog;
        this.queue =
                new FairQueue<>(
                        Guest::tenant,
                        Comparator.comparing((Guest it) -> arrivals.get(it)),
                        memory);
    }

    /** A new one waits, perhaps for nothing. */
    void arrive(Guest guest) {
        arrivals.put(guest, arrived++);
        queue.add(guest);
        open();
        if (inside + queue.waiting() > backlog.most()) {
            Optional<Guest> last = queue.leastEntitled(_ -> true);
            last.ifPresent(Guest::refuse);
        }
    }

    /** One has ended, wherever it was. */
    void leave(Guest guest) {
        if (!arrivals.containsKey(guest)) {
            return;
        }
        if (queue.remove(guest::equals).isEmpty()) {
            queue.free(guest);
            inside--;
        }
        arrivals.remove(guest);
        // not from within: whoever enters may leave at once
        events.execute(this::open);
    }

    /** Why one is refused. */
    EngineException overShare() {
        return backlog.overShare();
    }

    /** Its tenant was served so many tokens. */
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
