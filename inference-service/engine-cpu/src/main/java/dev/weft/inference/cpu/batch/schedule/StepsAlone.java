package dev.weft.inference.cpu.batch.schedule;

/**
 * Has a step now and then verify no guesses, so that the time of such steps stays known. That
 * lowers the rate of tokens by a hundredth at most. Owner thread only.
 */
final class StepsAlone {
    /** The part of the tokens that may be lost. */
    private static final double PRICE = 0.01;

    private int guessed;
    private double gain = 1;

    /** Whether this step is to guess nothing; true once. */
    boolean isDue() {
        if (guessed == 0 || guessed * PRICE < 1 - 1 / gain) {
            return false;
        }
        guessed = 0;
        return true;
    }

    /**
     * Notes whether a step guesses.
     *
     * @param gained tokens in a second over those of a step that guesses nothing; 1 if it guesses
     *     nothing
     */
    void chosen(double gained) {
        guessed = gained > 1 ? guessed + 1 : 0;
        gain = gained;
    }
}
