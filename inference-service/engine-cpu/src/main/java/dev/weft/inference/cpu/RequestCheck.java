package dev.weft.inference.cpu;

import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import java.util.List;

/** What a request must hold before it may enter the batch. */
final class RequestCheck {
    private RequestCheck() {}

    static void check(GenerationRequest request, EngineDescription engine) {
        int vocabulary = engine.model().vocabularySize();
        int prompt = request.prompt().size();
        if (prompt >= engine.contextLength()) {
            throw new EngineException(
                    EngineException.Cause.CONTEXT_LENGTH_EXCEEDED,
                    "the prompt has "
                            + prompt
                            + " tokens; with at least one to answer, the context holds "
                            + engine.contextLength());
        }
        request.prompt().forEach(token -> inVocabulary("prompt token", token, vocabulary));
        request.stopTokens().forEach(token -> inVocabulary("stop token", token, vocabulary));
        request.sampling()
                .logitBias()
                .keySet()
                .forEach(token -> inVocabulary("logit_bias token", token, vocabulary));
        for (List<Integer> word : request.sampling().badWords()) {
            word.forEach(token -> inVocabulary("bad_words token", token, vocabulary));
        }
        if (request.topLogProbabilities() > vocabulary) {
            throw invalid(
                    "top log-probabilities "
                            + request.topLogProbabilities()
                            + ": the vocabulary has "
                            + vocabulary);
        }
    }

    private static void inVocabulary(String what, int token, int vocabulary) {
        if (token < 0 || token >= vocabulary) {
            throw invalid(what + " " + token + ": 0 to " + (vocabulary - 1) + " are allowed");
        }
    }

    private static EngineException invalid(String message) {
        return new EngineException(EngineException.Cause.INVALID_REQUEST, message);
    }
}
