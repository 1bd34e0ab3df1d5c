package dev.weft.inference.cpu.batch.cost;

/**
 * What a step's time depends on.
 *
 * @param decoding rows that continue an answer, drafted tokens among them
 * @param prompt rows of prompts
 * @param attended cached positions that attention reads, all rows together
 */
public record StepShape(int decoding, int prompt, long attended) {
    public static final StepShape EMPTY = new StepShape(0, 0, 0);

    public int rows() {
        return decoding + prompt;
    }

    /** Adds a row that continues an answer at this position. */
    public StepShape withDecoding(int position) {
        return new StepShape(decoding + 1, prompt, attended + position + 1);
    }

    /** Adds so many drafted tokens; each reads about as much as a row that decodes does. */
    public StepShape withDrafts(int tokens) {
        long reads = decoding == 0 ? 0 : attended / decoding;
        return new StepShape(decoding + tokens, prompt, attended + tokens * reads);
    }

    /** Adds these positions of a prompt. */
    public StepShape withPrompt(int from, int tokens) {
        long reads = (long) tokens * from + (long) tokens * (tokens + 1) / 2;
        return new StepShape(decoding, prompt + tokens, attended + reads);
    }
}
