package dev.weft.gateway.limit.allowance;

/** What a request holds. One of its methods is called, once, by any thread; neither blocks. */
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
     * @param tokens that it used; beyond the estimate they leave the allowance below nothing, which
     *     has to grow back first
     */
    void end(long tokens);

    /** The request is not made after all. */
    void undo();
}
