package dev.weft.access.holder;

/**
 * When the catalog was asked whose a token is, and when its answer was here; times of one process,
 * of which only differences count.
 *
 * @param asked in nanoseconds
 * @param answered in nanoseconds, not before {@code asked}
 */
public record Confirmation(long asked, long answered) {
    public Confirmation {
        if (answered - asked < 0) {
            throw new IllegalArgumentException("answered at " + answered + ", asked at " + asked);
        }
    }

    /**
     * True if the other answer was here before this one was asked for: the catalog said this later.
     * Neither follows the other if it was asked twice at once.
     */
    public boolean follows(Confirmation other) {
        return asked - other.answered >= 0;
    }
}
