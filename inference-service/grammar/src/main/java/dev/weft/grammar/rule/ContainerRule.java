package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A rule about an object or an array as a whole. Immutable. */
public sealed interface ContainerRule {
    /** No maximum. */
    int UNBOUNDED = Integer.MAX_VALUE;

    /** Whether what may follow depends on how many members there are. */
    boolean counts();

    /** A rule about objects; each object of this type is a rule of its own. */
    public final class OfObject implements ContainerRule {
        public final Map<String, ValueRule> properties;
        public final List<OfPattern> patterns;
        public final ValueRule additional;

        /** Required keys in the order of the properties; keys that are no properties come last. */
        public final Set<String> required;

        public final int min;
        public final int max;

        /** Rule of keys; null for none. */
        public final @Nullable ValueRule names;

        /** If rules hold together, the order of the one with the least rank comes first. */
        public final int rank;

        /** A rule of rank 0. */
        public OfObject(
                Map<String, ValueRule> properties,
                List<OfPattern> patterns,
                ValueRule additional,
                Set<String> required,
                Counted counted,
                @Nullable ValueRule names) {
            this(properties, patterns, additional, required, counted, names, 0);
        }

        public OfObject(
                Map<String, ValueRule> properties,
                List<OfPattern> patterns,
                ValueRule additional,
                Set<String> required,
                Counted counted,
                @Nullable ValueRule names,
                int rank) {
            this.properties = properties;
            this.patterns = patterns;
            this.additional = additional;
            this.required = new LinkedHashSet<>(properties.keySet());
            this.required.retainAll(required);
            this.required.addAll(required);
            this.min = counted.min;
            this.max = counted.max;
            this.names = names;
            this.rank = rank;
        }

        @Override
        public boolean counts() {
            return min > 0 || max != UNBOUNDED;
        }
    }

    /** The least and the most members of a container. */
    record Counted(int min, int max) {
        public static final Counted ANY = new Counted(0, UNBOUNDED);
    }

    /** Keys that match an expression have values that follow a rule. */
    record OfPattern(Expression keys, ValueRule value) {}

    /** A rule about the items of arrays; each object of this type is a rule of its own. */
    public final class OfArray implements ContainerRule {
        public final List<ValueRule> prefix;
        final ValueRule items;
        public final int min;
        public final int max;

        public OfArray(List<ValueRule> prefix, ValueRule items, Counted counted) {
            this.prefix = prefix;
            this.items = items;
            this.min = counted.min;
            this.max = counted.max;
        }

        @Override
        public boolean counts() {
            return true;
        }

        /** The number up to which items are counted: behind it all items are alike. */
        int horizon() {
            int most = Math.max(prefix.size(), min);
            return max == UNBOUNDED ? most : Math.max(most, max + 1);
        }

        public ValueRule at(int index) {
            return index < prefix.size() ? prefix.get(index) : items;
        }
    }

    /**
     * A number of items follow a rule.
     *
     * @param found number of such items so far
     */
    record OfContained(ValueRule item, int min, int max, int found) implements ContainerRule {
        @Override
        public boolean counts() {
            return true;
        }
    }

    /**
     * All items differ.
     *
     * @param seen a rule that the items so far follow, and nothing else
     */
    record OfUnique(ValueRule seen) implements ContainerRule {
        @Override
        public boolean counts() {
            return true;
        }
    }
}
