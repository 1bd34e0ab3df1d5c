package dev.weft.gateway.worker;

import java.net.URI;

/**
 * Hears of workers that the gateway gets to know, and of those that it forgets. Calls come one at a
 * time, on any thread, and must not block.
 */
public interface WorkerWatcher {
    /** A worker is on the list from now on. */
    void joined(URI worker);

    /** A worker has left the list, and has no request any more. */
    void left(URI worker);
}
