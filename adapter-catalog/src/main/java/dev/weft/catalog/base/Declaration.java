package dev.weft.catalog.base;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Finds for each base that deployment files declare the one that the catalog has of it. A base
 * stays the same if its name or its repository does, or if it is the only one, before and now: its
 * adapters must not be lost because somebody renames it.
 */
final class Declaration {
    private final List<Base.Facts> open;
    private final List<Base> left;
    private final Map<Base.Facts, Base> same = new HashMap<>();

    private Declaration(List<Base.Facts> declared, List<Base> known) {
        this.open = new ArrayList<>(declared);
        this.left = new ArrayList<>(known);
    }

    /**
     * Matches them.
     *
     * @param declared with different names
     * @return the known base of each declared one that has one
     */
    static Map<Base.Facts, Base> match(List<Base.Facts> declared, List<Base> known) {
        Declaration matching = new Declaration(declared, known);
        matching.by((facts, base) -> facts.name().equals(base.name()));
        matching.by(
                (facts, base) -> base.declared() && facts.checkpoint().equals(base.checkpoint()));
        if (declared.size() == 1 && known.stream().filter(Base::declared).count() == 1) {
            matching.by((_, base) -> base.declared());
        }
        return matching.same;
    }

    private void by(BiPredicate<Base.Facts, Base> rule) {
        for (Base.Facts facts : List.copyOf(open)) {
            Optional<Base> found = left.stream().filter(base -> rule.test(facts, base)).findFirst();
            if (found.isPresent()) {
                same.put(facts, found.get());
                open.remove(facts);
                left.remove(found.get());
            }
        }
    }
}
