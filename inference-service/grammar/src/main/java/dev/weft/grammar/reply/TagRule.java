package dev.weft.grammar.reply;

import java.util.List;

/**
 * Text in which some marks are followed by JSON: vLLM's and XGrammar's structural tags.
 *
 * @param tags each begins with one of the triggers
 * @param triggers texts with which tags begin; free text has none of them
 * @param required whether there has to be a tag
 * @param several whether there may be more than one
 */
public record TagRule(List<Tag> tags, List<String> triggers, boolean required, boolean several) {
    public TagRule {
        tags = List.copyOf(tags);
        triggers = shortest(triggers);
    }

    /** The triggers without those that begin with another one, which would never be met. */
    private static List<String> shortest(List<String> triggers) {
        return triggers.stream()
                .distinct()
                .filter(one ->
                        triggers.stream()
                                .noneMatch(other -> !other.equals(one) && one.startsWith(other)))
                .toList();
    }
}
