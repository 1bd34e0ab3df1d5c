package dev.weft.gateway.body;

import dev.weft.protocol.path.ModelPaths;
import org.jspecify.annotations.Nullable;

/**
 * The fields that the gateway reads of a request's body.
 *
 * @param model as the client wrote it; not empty
 * @param user the user that the client names: {@code safety_identifier}, else {@code user}; null if
 *     it names none
 * @param mostTokens longest answer, all choices of all prompts together; 0 if the request doesn't
 *     say
 * @param stream the answer is to be streamed
 * @param opening the first user message of its chat; null if the body is not a chat
 */
public record RequestHead(
        String model,
        @Nullable String user,
        long mostTokens,
        boolean stream,
        @Nullable ChatOpening opening) {
    /** The same head, not streamed if the path's answers are not texts: only texts are streamed. */
    public RequestHead at(String path) {
        return ModelPaths.TEXTS.contains(path)
                ? this
                : new RequestHead(model, user, mostTokens, false, opening);
    }
}
