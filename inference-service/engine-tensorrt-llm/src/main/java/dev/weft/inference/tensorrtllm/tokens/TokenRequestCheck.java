package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.tensorrtllm.stream.RequestCheck;

/** What a request may ask of TensorRT-LLM; the rest is refused, never left out. */
final class TokenRequestCheck {
    /** {@code TOP_K_MAX} of its sampling kernels, which take a larger one for this one. */
    private static final int MAX_TOP_K = 1024;

    private final TokenModel model;

    TokenRequestCheck(TokenModel model) {
        this.model = model;
    }

    void check(GenerationRequest request) {
        int vocabulary = model.config().vocabularySize();
        RequestCheck.length(request, Math.min(model.maxInput(), model.contextLength() - 1));
        RequestCheck.tokens(request, vocabulary);
        checkSampling(request.sampling());
        if (request.minTokens() > 0 && request.stopTokens().size() > 1) {
            throw RequestCheck.invalid(
                    "min_tokens %d with %d stop tokens: TensorRT-LLM holds back one end token only; name"
                                    .formatted(request.minTokens(), request.stopTokens().size())
                            + " one in stop_token_ids with ignore_eos, or leave min_tokens out");
        }
        if (request.topLogProbabilities() > vocabulary) {
            throw RequestCheck.invalid(
                    "top log-probabilities %d: the vocabulary has %d"
                            .formatted(request.topLogProbabilities(), vocabulary));
        }
        if (request.topLogProbabilities() > 0 && !model.logits()) {
            throw RequestCheck.invalid(
                    "top log-probabilities %d: this TensorRT-LLM engine gives those of the chosen token"
                                    .formatted(request.topLogProbabilities())
                            + " only; it must be built with --gather_generation_logits");
        }
    }

    private static void checkSampling(Sampling sampling) {
        if (sampling.minP() != 0) {
            throw RequestCheck.invalid(
                    "min_p "
                            + sampling.minP()
                            + ": the model tensorrt_llm has no such setting; allowed: 0");
        }
        if (sampling.topK() > MAX_TOP_K) {
            throw RequestCheck.invalid(
                    "top_k "
                            + sampling.topK()
                            + ": TensorRT-LLM samples from at most "
                            + MAX_TOP_K
                            + "; allowed: 0 (all) to "
                            + MAX_TOP_K);
        }
    }
}
