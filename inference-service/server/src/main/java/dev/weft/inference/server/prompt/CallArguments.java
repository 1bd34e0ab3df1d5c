package dev.weft.inference.server.prompt;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of an earlier call, as {@link CallForm} hands them to a template.
 *
 * @param values as JSON's values; not copied, since they may hold null
 * @param text the client's own JSON object
 */
public record CallArguments(Map<String, @Nullable Object> values, String text) {
    /** No arguments. */
    public static final CallArguments NONE = new CallArguments(Map.of(), "{}");
}
