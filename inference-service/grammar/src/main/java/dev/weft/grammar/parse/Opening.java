package dev.weft.grammar.parse;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A rule that is called at a place, until its frame is made. */
final class Opening implements BodyOwner {
    final int rule;

    /** Callers from frames that are there. */
    final TreeSet<Link.Continue> links = new TreeSet<>();

    /** Callers that are about to get a frame, too. */
    final Set<Caller> callers = new LinkedHashSet<>();

    /** Openings that end with this one, so that their callers are its callers, too. */
    final Set<Opening> inherits = new LinkedHashSet<>();

    boolean root;
    @Nullable Frame frame;

    /**
     * Its place in the order in which the search for cycles meets openings; -1 until it is met.
     * {@link #earliest} is the first such place that it leads to.
     */
    int met = -1;

    int earliest;
    boolean onStack;

    /** The rest of the rule behind the call, and the opening that made the call. */
    record Caller(Rest rest, Opening origin) {}

    Opening(int rule) {
        this.rule = rule;
    }

    /**
     * Takes over the callers of all openings that it inherits from, directly or not. Returns the
     * steps of work.
     */
    int inherit() {
        Set<Opening> seen = new LinkedHashSet<>(inherits);
        List<Opening> open = new ArrayList<>(seen);
        while (!open.isEmpty()) {
            Opening one = open.removeLast();
            links.addAll(one.links);
            callers.addAll(one.callers);
            root |= one.root;
            for (Opening more : one.inherits) {
                if (seen.add(more)) {
                    open.add(more);
                }
            }
        }
        return seen.size() + links.size() + callers.size();
    }

    Frame made() {
        Frame known = frame;
        if (known == null) {
            throw new IllegalStateException("rule " + rule + " has no frame yet");
        }
        return known;
    }
}
