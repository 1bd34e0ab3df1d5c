package dev.weft.inference.engine.constraint;

/**
 * Which answers an engine can be told to give by an {@link AnswerGuide}. Such an engine takes
 * constraints that have one, and tests each token with them. Any thread.
 */
public interface GuideRules {
    /**
     * Checks that the engine's grammar holds answers to a guide.
     *
     * @throws GuideException says what in the guide it does not hold them to
     */
    void check(AnswerGuide guide) throws GuideException;
}
