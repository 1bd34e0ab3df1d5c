package dev.weft.inference.cpu.batch.schedule;

/**
 * Keeps whether a request has a row, and how far it has come in its turn. The admission uses this
 * to decide which row makes room. Owner thread only.
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

    /**
     * Tokens produced when the turn began; {@link #touched} tells whether a step has worked on the
     * request since.
     */
    private int producedBefore;

    private boolean touched;

    /**
     * Whether the request has lost its row to another tenant, or to a request of its own tenant
     * that had lost its row in that way.
     */
    private boolean madeRoom;

    private long place;

    RowTurn(RowTokens tokens) {
        this.tokens = tokens;
    }

    void arrived(long among) {
        arrival = among;
    }

    /** The request's number in the order in which all requests came. */
    long arrival() {
        return arrival;
    }

    /**
     * Begins a turn: the request has a row from now on.
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

    /** Ends a turn: the request waits from now on. */
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
     * Whether the request may make room for another tenant's. It may once it has produced a turn's
     * tokens since it got its row, so that it advances however often it makes room. It also may if
     * no step has worked on it, since nothing is lost then.
     */
    boolean isOver() {
        return !touched || tokens.produced() - producedBefore >= TURN;
    }

    /** Whether it has advanced so far since it got its row that another can go on in its place. */
    boolean isLong() {
        return touched && tokens.produced() - producedBefore >= LONG_TURN;
    }

    /**
     * Notes that the request gives its row to one that waits, and goes on in its next turn.
     *
     * @param among its number among all requests that have made room
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
