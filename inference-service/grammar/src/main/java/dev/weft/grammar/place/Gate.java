package dev.weft.grammar.place;

/**
 * Closes places that the grammar allows but that are useless to an answer, so that masks leave them
 * out.
 */
public interface Gate {
    /** Lets everything through. */
    Gate OPEN =
            new Gate() {
                @Override
                public boolean isOpen(Trail trail, Place behind) {
                    return true;
                }

                @Override
                public boolean isWide(Trail trail, Place behind, boolean repeats) {
                    return true;
                }
            };

    /**
     * Whether an answer may go on behind a token.
     *
     * @param trail ends with the token
     * @param behind the place there
     */
    boolean isOpen(Trail trail, Place behind);

    /**
     * Whether an answer may go on behind each token that stays within a string, however the token
     * spells its text. Asked only of a string that may end at once.
     *
     * @param behind the place behind the string
     * @param repeats whether the answer may have to repeat the string to end
     */
    boolean isWide(Trail trail, Place behind, boolean repeats);
}
