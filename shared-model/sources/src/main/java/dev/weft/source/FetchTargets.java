package dev.weft.source;

import dev.weft.source.fetch.FetchContext;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets fetches into the same folder wait for each other. A folder is forgotten when no fetch uses
 * it or waits for it. Safe for any thread.
 */
final class FetchTargets {
    private final ConcurrentMap<Path, Target> targets = new ConcurrentHashMap<>();

    /** A fetch that holds its target folder. */
    interface Fetch {
        Fetched run() throws SourceException;
    }

    /**
     * A folder in use.
     *
     * @param fetches those that hold the lock or wait for it
     */
    private record Target(ReentrantLock lock, int fetches) {
        Target with(int more) {
            return new Target(lock, fetches + more);
        }
    }

    /**
     * Fetches when no other fetch uses the folder.
     *
     * @throws SourceException if another one does for longer than this one may take
     */
    Fetched alone(FetchContext context, Fetch fetch) throws SourceException {
        Target used =
                targets.compute(
                        context.target(),
                        (_, known) ->
                                known == null ? new Target(new ReentrantLock(), 1) : known.with(1));
        try {
            return locked(context, used.lock, fetch);
        } finally {
            targets.computeIfPresent(
                    context.target(), (_, known) -> known.fetches == 1 ? null : known.with(-1));
        }
    }

    private static Fetched locked(FetchContext context, ReentrantLock lock, Fetch fetch)
            throws SourceException {
        try {
            if (!lock.tryLock(context.attempts().nanosLeft(), TimeUnit.NANOSECONDS)) {
                throw new SourceException(
                        SourceFault.TIMEOUT,
                        context.ref() + ": another fetch into " + context.target() + " goes on");
            }
        } catch (InterruptedException e) {
            throw context.attempts().interrupted(e);
        }
        try {
            return fetch.run();
        } finally {
            lock.unlock();
        }
    }

    /** How many folders are in use. */
    int used() {
        return targets.size();
    }
}
