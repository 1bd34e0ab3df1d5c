package dev.weft.gateway.limit.allowance;

/** What a request holds of its allowances. Any thread calls one method, once; neither blocks. */
public interface Grant {
    /** Nothing is held. */
    Grant NONE =
            new Grant() {
                @Override
                public void end(long tokens) {}

                @Override
                public void undo() {}
            };

    /**
     * The request is over: its stream comes free, and its estimate gives way to what it used.
     *
     * @param tokens that it used; more than the estimate may leave the allowance below 0, from
     *     where it has to grow back
     */
    void end(long tokens);

    /** The request is not made after all. */
    void undo();
}
