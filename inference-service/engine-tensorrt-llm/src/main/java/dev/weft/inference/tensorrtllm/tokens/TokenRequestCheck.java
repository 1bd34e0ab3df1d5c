package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RequestCheck;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.constraint.AnswerGuide;
import dev.weft.inference.tensorrtllm.guide.XGrammarRules;
import java.util.List;
import java.util.Optional;

/** Checks what a request asks of TensorRT-LLM; anything it can't do is refused, never left out. */
final class TokenRequestCheck {
    /** {@code TOP_K_MAX} of TensorRT-LLM's sampling kernels, which reduce a larger top_k to it. */
    private static final int MAX_TOP_K = 1024;

    private final TokenModel model;

    TokenRequestCheck(TokenModel model) {
        this.model = model;
    }

    void check(GenerationRequest request) {
        int vocabulary = model.config().vocabulary().size();
        RequestCheck.length(
                request, Math.min(model.limits().maxInput(), model.limits().contextLength() - 1));
        RequestCheck.tokens(request, vocabulary);
        checkConstraint(request);
        checkSampling(request.sampling());
        checkMinTokens(request);
        if (request.topLogProbabilities() >= 0 && !model.logits() && !model.logProbabilities()) {
            throw EngineException.invalidRequest(
                    "logprobs: TensorRT-LLM would give them as if only the tokens that it"
                            + " samples from existed; the model's config.pbtxt must have the"
                            + " parameter normalize_log_probs \"false\"");
        }
        RequestCheck.topLogProbabilities(request, vocabulary);
        if (request.topLogProbabilities() > 0 && !model.logits()) {
            throw EngineException.invalidRequest(
                    "top log-probabilities %d: this TensorRT-LLM engine gives those of the chosen token"
                                    .formatted(request.topLogProbabilities())
                            + " only; it must be built with --gather_generation_logits");
        }
    }

    private void checkConstraint(GenerationRequest request) {
        if (request.constraint() != null) {
            XGrammarRules guides = model.guides();
            Optional<AnswerGuide> guide = request.constraint().guide();
            if (guides == null || guide.isEmpty()) {
                RequestCheck.noConstraint(request);
            } else {
                guides.of(request, guide.get());
            }
        }
    }

    /**
     * Checks {@code min_tokens}; the tokens asked for first are a part of the second request's
     * prompt.
     */
    private void checkMinTokens(GenerationRequest request) {
        int prompt = request.prompt().size() + request.ending().minTokens();
        if (TokenInputs.heldBack(request)
                && request.ending().minTokens() < request.ending().maxTokens()
                && prompt > model.limits().maxInput()
                && prompt < model.limits().contextLength()) {
            throw EngineException.invalidRequest(
                    "min_tokens %d and the prompt of %d tokens are more than %d tokens together, the most with several stop tokens: this TensorRT-LLM engine is built without enable_chunked_context"
                            .formatted(
                                    request.ending().minTokens(),
                                    request.prompt().size(),
                                    model.limits().maxInput()));
        }
    }

    private static void checkSampling(Sampling sampling) {
        if (sampling.cut().minP() != 0) {
            throw EngineException.invalidRequest(
                    "min_p "
                            + sampling.cut().minP()
                            + ": the model tensorrt_llm has no such setting; allowed: 0");
        }
        for (List<Integer> word : sampling.badWords()) {
            if (word.getLast() == TokenInputs.NEVER_BAD) {
                throw EngineException.invalidRequest(
                        "bad_words with a word that ends in token "
                                + TokenInputs.NEVER_BAD
                                + ": TensorRT-LLM holds back every token but that one");
            }
        }
        if (sampling.cut().topK() > MAX_TOP_K) {
            throw EngineException.invalidRequest(
                    "top_k "
                            + sampling.cut().topK()
                            + ": TensorRT-LLM samples from at most "
                            + MAX_TOP_K
                            + "; allowed: 0 (all) to "
                            + MAX_TOP_K);
        }
    }
}
