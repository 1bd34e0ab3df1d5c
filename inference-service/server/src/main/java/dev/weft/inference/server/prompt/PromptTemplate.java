package dev.weft.inference.server.prompt;

import dev.weft.model.error.ApiException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A compiled chat template. Safe for any thread. */
@FunctionalInterface
public interface PromptTemplate {
    /**
     * Text of a prompt.
     *
     * @throws ApiException {@code INVALID_REQUEST} with the template's own words where it refuses
     *     what it is given
     */
    String render(Map<String, @Nullable Object> variables);
}
