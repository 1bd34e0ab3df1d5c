package dev.weft.protocol.loop;

import java.time.Duration;

/** One round of a loop's work. */
@FunctionalInterface
public interface Turn {
    /**
     * Does the work that is due. Whatever it throws is logged and counted, and the next turn comes
     * after a growing pause.
     *
     * @return how long to wait until the next turn
     * @throws InterruptedException if the loop is closed
     */
    Duration take() throws Exception;
}
