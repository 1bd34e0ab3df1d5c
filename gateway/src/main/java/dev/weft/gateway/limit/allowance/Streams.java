package dev.weft.gateway.limit.allowance;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The streams of each key that run at this gateway. Any thread. */
final class Streams {
    private final Map<Long, Integer> running = new ConcurrentHashMap<>();

    /**
     * Counts one more stream if fewer than {@code most} run, else returns false. The caller must
     * give it back.
     */
    boolean take(long key, int most) {
        boolean[] taken = {false};
        running.compute(
                key,
                (_, now) -> {
                    int before = now == null ? 0 : now;
                    taken[0] = before < most;
                    return taken[0] ? Integer.valueOf(before + 1) : now;
                });
        return taken[0];
    }

    void giveBack(long key) {
        running.computeIfPresent(key, (_, now) -> now <= 1 ? null : Integer.valueOf(now - 1));
    }
}
