package dev.weft.catalog.base;

import dev.weft.protocol.repository.RepositoryRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Matches the bases that deployment files declare with those that the catalog knows. A base stays
 * the same if its name or its repository does: a renamed base must not lose its adapters. If files
 * declared one base and declare one now, these are the same whatever has changed, as long as no
 * adapter was checked against its shape. Later, another name and another repository are another
 * base, whose shape nobody has compared with the adapters.
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
     * Matches the bases.
     *
     * @param declared with different names
     * @return the known base of each declared one, without those that are new
     */
    static Map<Base.Facts, Base> match(List<Base.Facts> declared, List<Base> known) {
        Declaration matching = new Declaration(declared, known);
        matching.by((facts, base) -> facts.name().equals(base.name()));
        matching.by(
                (facts, base) -> base.declared() && facts.checkpoint().equals(base.checkpoint()));
        matching.by((facts, base) -> base.declared() && sameRepository(facts, base));
        if (declared.size() == 1 && known.stream().filter(Base::declared).count() == 1) {
            matching.by((_, base) -> base.declared() && base.shape() == null);
        }
        return matching.same;
    }

    /** Whether both lie in one repository, at whatever revision. */
    private static boolean sameRepository(Base.Facts facts, Base base) {
        RepositoryRef now = facts.checkpoint();
        RepositoryRef before = base.checkpoint();
        return now.source() == before.source() && now.repo().equals(before.repo());
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
