package dev.weft.catalog.rollout.compare;

import dev.weft.catalog.database.DatabaseException;
import dev.weft.protocol.loop.Turn;
import java.time.Duration;

/**
 * Looks at all rollouts, or at all shadows, every second.
 *
 * @param look looks once at each
 * @param unknown says that a look could not tell how many there are
 */
public record EachSecond(Runnable look, Runnable unknown) implements Turn {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    @Override
    public Duration take() {
        try {
            look.run();
        } catch (DatabaseException e) {
            unknown.run();
            throw e;
        }
        return PERIOD;
    }
}
