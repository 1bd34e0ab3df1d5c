package dev.weft.inference.relay.host;

import dev.weft.inference.relay.adapter.RelayName;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Places in a server's memory: an adapter has one from before the server is told of it until after
 * the server has forgotten it. Any thread.
 */
final class Places {
    private final int most;
    private final Set<RelayName> taken = new HashSet<>();

    Places(int most) {
        this.most = most;
    }

    /**
     * Takes a place, unless the adapter has one; waits while all are taken.
     *
     * @return false if none came free within the time
     */
    synchronized boolean take(RelayName name, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!taken.contains(name) && taken.size() >= most) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        taken.add(name);
        return true;
    }

    /** Frees the place of an adapter that has left the server or can't be made to. */
    synchronized void leave(RelayName name) {
        if (taken.remove(name)) {
            notifyAll();
        }
    }

    synchronized boolean has(RelayName name) {
        return taken.contains(name);
    }

    /** Adapters that have a place. */
    synchronized Set<RelayName> taken() {
        return Set.copyOf(taken);
    }
}
