package dev.weft.access.holder;

/**
 * The times at which the catalog was asked whose a token is, and at which its answer came. They are
 * times of one process, and only their differences count.
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
     * True if the other answer had come before this one was asked for, so that the catalog said
     * this later. If two questions overlap, neither answer follows the other.
     */
    public boolean follows(Confirmation other) {
        return asked - other.answered >= 0;
    }
}
