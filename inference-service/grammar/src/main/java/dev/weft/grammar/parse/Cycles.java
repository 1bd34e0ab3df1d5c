package dev.weft.grammar.parse;

import dev.weft.grammar.budget.WorkBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Makes the frames of openings in the order in which they wait for each other, those of a cycle at
 * once (Tarjan 1972; without recursion, as a grammar may have any number of rules).
 */
final class Cycles {
    private final Frames frames;
    private final WorkBudget budget;
    private final ArrayDeque<Opening> stack = new ArrayDeque<>();
    private int met;

    /** An opening that is being visited, and its callers that are left. */
    private record Visit(Opening opening, Iterator<Opening.Caller> callers) {
        static Visit of(Opening opening) {
            return new Visit(opening, opening.callers.iterator());
        }
    }

    Cycles(Frames frames, WorkBudget budget) {
        this.frames = frames;
        this.budget = budget;
    }

    /** The frame of an opening. */
    Frame frame(Opening start) {
        if (start.met < 0) {
            search(start);
        }
        return start.made();
    }

    private void search(Opening start) {
        ArrayDeque<Visit> visits = new ArrayDeque<>();
        visits.push(meet(start));
        while (!visits.isEmpty()) {
            Visit visit = visits.getFirst();
            budget.spend(1);
            if (visit.callers.hasNext()) {
                Opening next = visit.callers.next().origin();
                if (next.met < 0) {
                    visits.push(meet(next));
                } else if (next.onStack) {
                    visit.opening.earliest = Math.min(visit.opening.earliest, next.met);
                }
                continue;
            }
            visits.pop();
            leave(visit.opening);
            if (!visits.isEmpty()) {
                Opening above = visits.getFirst().opening;
                above.earliest = Math.min(above.earliest, visit.opening.earliest);
            }
        }
    }

    private Visit meet(Opening opening) {
        opening.met = met;
        opening.earliest = met++;
        opening.onStack = true;
        stack.push(opening);
        return Visit.of(opening);
    }

    private void leave(Opening opening) {
        if (opening.earliest != opening.met) {
            return;
        }
        List<Opening> cycle = new ArrayList<>();
        Opening one;
        do {
            one = stack.pop();
            one.onStack = false;
            cycle.add(one);
        } while (!one.equals(opening));
        frames.make(cycle);
    }
}
