package dev.weft.inference.engine;

import java.util.List;

/** Refuses requests that no engine takes, before they may wait. */
public final class RequestCheck {
    private RequestCheck() {}

    /** Refuses tokens that are not in the vocabulary. */
    public static void tokens(GenerationRequest request, int vocabulary) {
        request.prompt().forEach(token -> inVocabulary("prompt token", token, vocabulary));
        request.ending().heldBack().forEach(token -> inVocabulary("stop token", token, vocabulary));
        request.sampling()
                .logitBias()
                .keySet()
                .forEach(token -> inVocabulary("logit_bias token", token, vocabulary));
        for (List<Integer> word : request.sampling().badWords()) {
            word.forEach(token -> inVocabulary("bad_words token", token, vocabulary));
        }
    }

    /** Refuses more log-probabilities than the vocabulary has tokens. */
    public static void topLogProbabilities(GenerationRequest request, int vocabulary) {
        if (request.topLogProbabilities() > vocabulary) {
            throw EngineException.invalidRequest(
                    "top log-probabilities %d: the vocabulary has %d"
                            .formatted(request.topLogProbabilities(), vocabulary));
        }
    }

    /** Refuses a constraint; for engines that say they take none. */
    public static void noConstraint(GenerationRequest request) {
        if (request.constraint() != null) {
            throw EngineException.invalidRequest(
                    "this engine can't constrain the tokens of an answer");
        }
    }

    /** Refuses a request for a vector; for engines that say they make none. */
    public static void noPooling(GenerationRequest request) {
        if (request.pooled() != null) {
            throw EngineException.invalidRequest("this engine makes no vectors of prompts");
        }
    }

    /** Refuses a prompt of more than {@code longest} tokens. */
    public static void length(GenerationRequest request, int longest) {
        int prompt = request.prompt().size();
        if (prompt > longest) {
            throw new EngineException(
                    EngineException.Cause.CONTEXT_LENGTH_EXCEEDED,
                    "the prompt has %d tokens; the engine takes prompts of at most %d"
                            .formatted(prompt, longest));
        }
    }

    private static void inVocabulary(String what, int token, int vocabulary) {
        if (token < 0 || token >= vocabulary) {
            throw EngineException.invalidRequest(
                    what + " " + token + ": 0 to " + (vocabulary - 1) + " are allowed");
        }
    }
}
