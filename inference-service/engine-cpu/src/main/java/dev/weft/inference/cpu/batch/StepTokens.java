package dev.weft.inference.cpu.batch;

import dev.weft.inference.cpu.batch.schedule.StepPlan;
import java.util.List;

/**
 * The tokens that a step computes.
 *
 * @param prompt tokens of prompts whose first token was not produced yet
 * @param prefill these, and those of requests that had to start over
 * @param decode one for each row that continues an answer
 */
record StepTokens(int prompt, int prefill, int decode) {
    /** The tokens of a plan whose rows have not advanced yet. */
    static StepTokens of(List<StepPlan.Part> parts) {
        int prompt = 0;
        int prefill = 0;
        int decode = 0;
        for (StepPlan.Part part : parts) {
            boolean first = part.row().produced() == 0;
            boolean decodes = !first && part.row().decodes();
            prompt += first ? part.tokens() : 0;
            prefill += decodes ? 0 : part.tokens();
            decode += decodes ? part.tokens() : 0;
        }
        return new StepTokens(prompt, prefill, decode);
    }
}
