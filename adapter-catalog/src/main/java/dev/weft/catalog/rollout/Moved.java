package dev.weft.catalog.rollout;

/**
 * A rollout that has moved.
 *
 * @param move what has happened
 * @param rollout as it is now
 */
record Moved(Move move, Rollout rollout) {
    /** What happens to a rollout. The names are those of the audit log. */
    enum Move {
        start,
        step,
        pause,
        resume,
        done,
        returned,
        stopped
    }
}
