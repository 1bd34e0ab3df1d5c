package dev.weft.inference.engine.constraint;

/**
 * Says which {@link AnswerGuide}s an engine can enforce. Such an engine takes constraints that have
 * a guide, and also tests each token with the constraint. Any thread.
 */
public interface GuideRules {
    /**
     * Checks that the engine's grammar enforces a guide.
     *
     * @throws GuideException names the part of the guide that the grammar does not enforce
     */
    void check(AnswerGuide guide) throws GuideException;
}
