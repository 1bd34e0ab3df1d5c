package dev.weft.grammar.parse;

import dev.weft.grammar.budget.WorkBudget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Makes frames and links, each once as long as it isn't forgotten. */
final class Frames {
    private static final int BYTES_OF_LINK = 88;
    private static final int BYTES_OF_FRAME = 120;

    private final WorkBudget budget;
    private final WalkMemory memory;
    private final Map<Key, Link.Continue> links = new HashMap<>();
    private final Map<Ids, List<Frame>> frames = new HashMap<>();
    private int lastLink;
    private int lastFrame;

    private record Key(int rest, int frame) {}

    Frames(WorkBudget budget, WalkMemory memory) {
        this.budget = budget;
        this.memory = memory;
        memory.onForget(() -> {
            links.clear();
            frames.clear();
        });
    }

    /** The frame of the rule that the answer follows. */
    Frame root() {
        return new Frame(++lastFrame, true);
    }

    Link.Continue link(Rest rest, Frame frame) {
        Key key = new Key(rest.id, frame.id);
        Link.Continue known = links.get(key);
        if (known == null) {
            memory.hold(BYTES_OF_LINK);
            known = new Link.Continue(++lastLink, rest, frame);
            links.put(key, known);
        }
        return known;
    }

    Link.Restart restart(ParseState state) {
        return new Link.Restart(++lastLink, state);
    }

    /**
     * Gives frames to openings that wait for each other, or to one alone. All other openings that
     * they wait for have frames already.
     */
    void make(List<Opening> cycle) {
        List<Opening> sorted = new ArrayList<>(cycle);
        sorted.sort(Comparator.comparingInt(one -> one.rule));
        Map<Opening, Integer> places = new HashMap<>();
        sorted.forEach(one -> places.put(one, places.size()));
        Ids key = new Ids(16);
        for (Opening one : sorted) {
            describe(one, places, key);
        }
        budget.spend(key.size());
        List<Frame> known = frames.get(key);
        if (known == null) {
            memory.holdKept((long) BYTES_OF_FRAME * sorted.size() + 12L * key.size());
            known = new ArrayList<>();
            for (Opening one : sorted) {
                known.add(new Frame(++lastFrame, one.root));
            }
            give(sorted, known);
            fill(sorted);
            // last, so that a search that a limit ended is not kept
            frames.put(key, known);
        }
        give(sorted, known);
    }

    private static void give(List<Opening> sorted, List<Frame> known) {
        for (int i = 0; i < sorted.size(); i++) {
            sorted.get(i).frame = known.get(i);
        }
    }

    /**
     * Adds to a key what an opening waits for: callers with frames by their links, others by their
     * place in the cycle.
     */
    private void describe(Opening one, Map<Opening, Integer> places, Ids key) {
        budget.spend(one.links.size() + one.callers.size());
        TreeSet<Link.Continue> outside = new TreeSet<>(one.links);
        List<int[]> inside = new ArrayList<>();
        for (Opening.Caller caller : one.callers) {
            Integer place = places.get(caller.origin());
            if (place == null) {
                outside.add(link(caller.rest(), caller.origin().made()));
            } else {
                inside.add(new int[] {caller.rest().id, place});
            }
        }
        inside.sort(Comparator.<int[]>comparingInt(pair -> pair[0]).thenComparingInt(p -> p[1]));
        key.add(one.root ? 1 : 0);
        key.add(outside.size());
        outside.forEach(link -> key.add(link.id));
        key.add(inside.size());
        for (int[] pair : inside) {
            key.add(pair[0]);
            key.add(pair[1]);
        }
    }

    private void fill(List<Opening> sorted) {
        for (Opening one : sorted) {
            TreeSet<Link.Continue> all = new TreeSet<>(one.links);
            for (Opening.Caller caller : one.callers) {
                all.add(link(caller.rest(), caller.origin().made()));
            }
            one.made().fill(all.toArray(Link.Continue[]::new));
        }
    }
}
