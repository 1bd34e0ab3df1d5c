package dev.weft.grammar.production;

import java.util.LinkedHashSet;
import java.util.Set;

/** Finds which rules a body calls. */
public final class CalledRules {
    private CalledRules() {}

    /** The numbers of the rules that a body calls, each once. */
    public static Set<Integer> in(Part body) {
        Set<Integer> found = new LinkedHashSet<>();
        add(body, found);
        return found;
    }

    private static void add(Part part, Set<Integer> found) {
        switch (part) {
            case Part.Text _ -> {}
            case Part.Call call -> found.add(call.rule());
            case Part.Sequence sequence -> sequence.parts().forEach(one -> add(one, found));
            case Part.Either either -> either.parts().forEach(one -> add(one, found));
            case Part.Repeated repeated -> add(repeated.part(), found);
        }
    }
}
