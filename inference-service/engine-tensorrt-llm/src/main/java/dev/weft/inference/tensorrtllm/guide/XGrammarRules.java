package dev.weft.inference.tensorrtllm.guide;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.constraint.AnswerGuide;
import dev.weft.inference.engine.constraint.GuideException;
import dev.weft.inference.engine.constraint.GuideRules;
import java.util.Set;

/**
 * The guides that a model enforces whose config.pbtxt names XGrammar.
 *
 * @param stopTokens tokens with which XGrammar lets an answer end ({@code stop_token_ids} of its
 *     tokenizer info). If an answer goes on after one, XGrammar fails, and all requests with it
 */
public record XGrammarRules(Set<Integer> stopTokens) implements GuideRules {
    public XGrammarRules {
        stopTokens = Set.copyOf(stopTokens);
    }

    @Override
    public void check(AnswerGuide guide) throws GuideException {
        Guide.of(guide);
    }

    /**
     * The guide of a request that has a constraint.
     *
     * @throws EngineException {@code INVALID_REQUEST} if XGrammar can't enforce it, or not together
     *     with the request's other parameters
     */
    public Guide of(GenerationRequest request, AnswerGuide answer) {
        if (!request.ending().stopTokens().containsAll(stopTokens)) {
            throw EngineException.invalidRequest(
                    "ignore_eos together with a form of the answer: TensorRT-LLM's XGrammar ends"
                            + " the answer with the end token; allowed: one of them");
        }
        if (request.ending().minTokens() > 0) {
            throw EngineException.invalidRequest(
                    "min_tokens %d together with a form of the answer: TensorRT-LLM would leave no token once the answer is complete; allowed: 0"
                            .formatted(request.ending().minTokens()));
        }
        try {
            return Guide.of(answer);
        } catch (GuideException e) {
            throw EngineException.invalidRequest(
                    "%s (at '%s', keyword '%s')"
                            .formatted(e.getMessage(), e.pointer(), e.keyword()));
        }
    }
}
