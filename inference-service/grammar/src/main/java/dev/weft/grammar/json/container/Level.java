package dev.weft.grammar.json.container;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.KeySet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An object or array that is being written. Immutable except for what it remembers. Equal levels of
 * a grammar are the same object as long as its memory allows, so that what they remember is used
 * again.
 */
public final class Level {
    public final Content content;
    public final int depth;

    /** The bytes that {@link Needs} finds for it; negative if they are not known. */
    int needs = -1;

    /** The likeness that {@link KeyPlans} finds for it. */
    @Nullable Likeness likeness;

    boolean knowsLikeness;

    public @Nullable Condition closed;
    public @Nullable Expression keys;
    public @Nullable Position afterValue;
    public @Nullable Position nextKey;

    public Level(Content content) {
        this.content = content;
        this.depth = content.parent == null ? 1 : content.parent.depth + 1;
    }

    /** Lets go of the places behind it, and with them of the levels there. */
    public void forgetWaysOn() {
        afterValue = null;
        nextKey = null;
    }

    /**
     * The part of a level that decides how it may end. Keys that no rule names are left out:
     * another one of them changes nothing but that it can't come again.
     *
     * @param around null at the root
     * @param named keys that are there and that rules name
     * @param others whether there are other keys
     */
    public record Likeness(
            @Nullable Likeness around,
            boolean object,
            Condition condition,
            List<String> named,
            boolean others,
            int index) {}

    /**
     * The content of a level, by which levels are told apart.
     *
     * @param object whether it is an object
     * @param condition what has to hold when it is complete, as far as it does not depend on the
     *     value that is being written in it
     * @param seen keys of an object
     * @param index items of an array that were begun
     * @param key of the value that is being written, if {@code recorded} is kept
     * @param recorded the members or items in it, if an array needs to know whether its items
     *     differ
     */
    public record Content(
            @Nullable Level parent,
            boolean object,
            Condition condition,
            KeySet seen,
            int index,
            @Nullable String key,
            @Nullable JsonNode recorded) {
        public Content with(Condition other) {
            return new Content(parent, object, other, seen, index, key, recorded);
        }

        public Content with(KeySet more, @Nullable String last) {
            return new Content(parent, object, condition, more, index, last, recorded);
        }

        public Content at(int other) {
            return new Content(parent, object, condition, seen, other, key, recorded);
        }

        public Content recording(@Nullable JsonNode other) {
            return new Content(parent, object, condition, seen, index, null, other);
        }
    }
}
