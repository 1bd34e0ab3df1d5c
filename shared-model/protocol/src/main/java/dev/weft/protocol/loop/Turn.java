package dev.weft.protocol.loop;

import java.time.Duration;

/** What a loop does over and over. */
@FunctionalInterface
public interface Turn {
    /**
     * Does what is due. Whatever it throws is logged and counted, and the next turn comes after a
     * pause that grows.
     *
     * @return how long to wait until the next turn
     * @throws InterruptedException where the loop is closed
     */
    Duration take() throws Exception;
}
