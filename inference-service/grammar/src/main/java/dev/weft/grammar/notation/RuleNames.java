package dev.weft.grammar.notation;

import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.production.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of rules and terminals, by number in the order in which they are met. */
final class RuleNames {
    private final TextCursor text;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<Named> all = new ArrayList<>();

    /** A name, and what is known of it. */
    static final class Named {
        final String name;

        /** Where it is met first. */
        final int met;

        /** Where it is defined; -1 if it isn't. */
        int defined = -1;

        @Nullable Part body;

        Named(String name, int met) {
            this.name = name;
            this.met = met;
        }

        Part body() {
            Part known = body;
            if (known == null) {
                throw new IllegalStateException(name + " is not defined");
            }
            return known;
        }
    }

    RuleNames(TextCursor text) {
        this.text = text;
    }

    /** The number of a name that is met. */
    int of(String name, int place) {
        Integer known = numbers.get(name);
        if (known == null) {
            known = all.size();
            numbers.put(name, known);
            all.add(new Named(name, place));
        }
        return known;
    }

    void define(String name, int place, Part body) throws GrammarException {
        Named named = all.get(of(name, place));
        if (named.defined >= 0) {
            throw text.invalid(place, "'" + GrammarErrors.shortened(name) + "' is defined twice");
        }
        named.defined = place;
        named.body = body;
    }

    boolean isDefined(String name) {
        Integer number = numbers.get(name);
        return number != null && all.get(number).defined >= 0;
    }

    Named get(int number) {
        return all.get(number);
    }

    int size() {
        return all.size();
    }

    /** Refuses names without a definition. */
    void check() throws GrammarException {
        for (Named named : all) {
            if (named.defined < 0) {
                throw text.invalid(
                        named.met, "'" + GrammarErrors.shortened(named.name) + "' is not defined");
            }
        }
    }

    /**
     * The number of the rule that the answer follows.
     *
     * @throws GrammarException if there is none
     */
    int root(String name) throws GrammarException {
        if (!isDefined(name)) {
            throw text.invalid(
                    0,
                    "there is no rule '%s', which says what the whole answer is".formatted(name));
        }
        return of(name, 0);
    }
}
