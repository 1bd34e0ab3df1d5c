package dev.weft.inference.cpu.batch.schedule;

/**
 * Whether a request has a row, and what it has made of its turn; the admission decides by it who
 * makes room. Owner thread only.
 */
final class RowTurn {
    /** Tokens that a row produces before it makes room for another tenant's. */
    static final int TURN = 64;

    /** Tokens before it makes room for a row of its own tenant that has made room. */
    static final int LONG_TURN = 4 * TURN;

    private final RowTokens tokens;
    private long arrival;
    private boolean hasRun;
    private boolean running;

    /** What it had produced when its turn began, and whether a step has worked on it since. */
    private int producedBefore;

    private boolean touched;

    /** It has lost its row to another tenant, or to a row of its own tenant that had. */
    private boolean madeRoom;

    private long place;

    RowTurn(RowTokens tokens) {
        this.tokens = tokens;
    }

    void arrived(long among) {
        arrival = among;
    }

    /** Its place among all requests, in the order in which they came. */
    long arrival() {
        return arrival;
    }

    /**
     * It has a row from now on.
     *
     * @return whether this is its first turn
     */
    boolean begin() {
        boolean first = !hasRun;
        hasRun = true;
        running = true;
        madeRoom = false;
        producedBefore = tokens.produced();
        touched = false;
        return first;
    }

    /** It waits from now on. */
    void end() {
        running = false;
    }

    /** A step has worked on it. */
    void touch() {
        touched = true;
    }

    /** Whether it has a row. */
    boolean running() {
        return running;
    }

    /** Whether it has, or has had, a row. */
    boolean hasRun() {
        return hasRun;
    }

    /**
     * Whether it may make room for another tenant's. It may if it has advanced by a turn since it
     * got its row: so it advances however often it makes room. It also may if no step has worked on
     * it, since nothing is lost then.
     */
    boolean isOver() {
        return !touched || tokens.produced() - producedBefore >= TURN;
    }

    /** Whether it has advanced so far since it got its row that another can go on in its place. */
    boolean isLong() {
        return touched && tokens.produced() - producedBefore >= LONG_TURN;
    }

    /**
     * It gives its row to another that waits, and goes on in its next turn.
     *
     * @param among its place among all that have
     */
    void makeRoom(long among) {
        madeRoom = true;
        place = among;
    }

    /** Whether it waits because it made room. */
    boolean madeRoom() {
        return madeRoom;
    }

    /** Its place among all that have made room. */
    long place() {
        return place;
    }
}
