package dev.weft.inference.server.completion;

/**
 * Sampling for what a request doesn't set: from the checkpoint's generation_config.json, else
 * OpenAI's defaults, as in vLLM ({@code do_sample} doesn't count there).
 *
 * @param topK 0 for all
 */
public record GenerationDefaults(
        double temperature, double topP, int topK, double minP, double repetitionPenalty) {
    /** OpenAI's. */
    public static final GenerationDefaults OPENAI = new GenerationDefaults(1, 1, 0, 0, 1);
}
