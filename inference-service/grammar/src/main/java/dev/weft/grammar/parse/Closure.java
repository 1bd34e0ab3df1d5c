package dev.weft.grammar.parse;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds everything that may come next at a place: bodies that are over lead to the bodies that wait
 * for them, calls lead to bodies. A body that ends with a call leaves no frame behind, so a
 * right-recursive list takes no more room with each item (Leo 1991).
 */
final class Closure {
    private final Expressions pool;
    private final Rests rests;
    private final Frames frames;
    private final ArrayDeque<Item> open = new ArrayDeque<>();
    private final Set<Item> seen = new HashSet<>();
    private final Set<Frame> ended = new HashSet<>();
    private final Map<Integer, Opening> openings = new LinkedHashMap<>();
    private final List<Found> found = new ArrayList<>();
    private final Threads threads;
    private boolean done;

    private record Item(Rest rest, BodyOwner owner) {}

    private record Found(Expression bytes, Rest behind, BodyOwner owner) {}

    /**
     * A closure.
     *
     * @param threads takes what is found
     */
    Closure(Expressions pool, Rests rests, Frames frames, Threads threads) {
        this.pool = pool;
        this.rests = rests;
        this.frames = frames;
        this.threads = threads;
    }

    /** Adds a place from which to go on. */
    void add(Link link) {
        switch (link) {
            case Link.Continue next -> add(next.rest, next.frame);
            case Link.Restart restart -> {
                done |= restart.state.done;
                restart.state.forEach(threads::add);
            }
        }
    }

    void add(Rest rest, BodyOwner owner) {
        Item item = new Item(rest, owner);
        if (seen.add(item)) {
            pool.budget().spend(4);
            open.add(item);
        }
    }

    /** Finds all. Returns whether the answer may end here. */
    boolean run() {
        while (!open.isEmpty()) {
            Item item = open.remove();
            Rest.Moves moves = rests.moves(item.rest);
            for (Rest.Scanned text : moves.texts()) {
                pool.budget().spend(1);
                found.add(new Found(text.bytes(), text.behind(), item.owner));
            }
            for (Rest.Called call : moves.calls()) {
                call(call, item.owner);
            }
            if (moves.ends() && item.owner instanceof Frame frame && ended.add(frame)) {
                done |= frame.root;
                for (Link link : frame.links()) {
                    add(link);
                }
            }
        }
        for (Opening opening : openings.values()) {
            if (!opening.inherits.isEmpty()) {
                pool.budget().spend(opening.inherit());
            }
        }
        Cycles cycles = new Cycles(frames, pool.budget());
        for (Found one : found) {
            Frame frame =
                    switch (one.owner) {
                        case Frame there -> there;
                        case Opening opening -> cycles.frame(opening);
                    };
            threads.add(one.bytes, frames.link(one.behind, frame));
        }
        return done;
    }

    private void call(Rest.Called call, BodyOwner owner) {
        pool.budget().spend(2);
        Opening opening = openings.get(call.rule());
        if (opening == null) {
            opening = new Opening(call.rule());
            openings.put(call.rule(), opening);
            add(rests.start(call.rule()), opening);
        }
        boolean last = call.behind().equals(rests.end());
        switch (owner) {
            case Frame frame when last -> {
                opening.root |= frame.root;
                pool.budget().spend(frame.links().length);
                opening.links.addAll(List.of(frame.links()));
            }
            case Frame frame -> opening.links.add(frames.link(call.behind(), frame));
            case Opening caller when last -> opening.inherits.add(caller);
            case Opening caller -> opening.callers.add(new Opening.Caller(call.behind(), caller));
        }
    }
}
