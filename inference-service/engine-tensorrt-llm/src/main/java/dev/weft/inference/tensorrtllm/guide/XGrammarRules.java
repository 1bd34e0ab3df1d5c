package dev.weft.inference.tensorrtllm.guide;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.constraint.AnswerGuide;
import dev.weft.inference.engine.constraint.GuideException;
import dev.weft.inference.engine.constraint.GuideRules;
import java.util.Set;

/**
 * What a model whose config.pbtxt names XGrammar can be asked.
 *
 * @param stopTokens with which XGrammar lets an answer end ({@code stop_token_ids} of its tokenizer
 *     info). It fails, and with it all requests, if one goes on behind such a token
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
     * @throws EngineException {@code INVALID_REQUEST} if it has none, or can't have one with what
     *     else it asks
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
