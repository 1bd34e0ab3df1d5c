package dev.weft.inference.cpu.kv;

import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model of the cache's promises, without memory or indices: blocks are their contents. */
final class NaiveCache {
    private record Content(@Nullable AdapterDigest adapter, List<Integer> tokens) {}

    private final int total;
    private final Map<Content, Set<TrackedSequence>> published = new HashMap<>();
    private final List<Content> idle = new ArrayList<>();

    /** The full blocks that each sequence shares, and how many it has for itself. */
    private final Map<TrackedSequence, List<Content>> shared = new HashMap<>();

    private final Map<TrackedSequence, Integer> own = new HashMap<>();
    private int evicted;

    NaiveCache(int totalBlocks) {
        this.total = totalBlocks;
    }

    int evicted() {
        return evicted;
    }

    int usedBlocks() {
        return published.size() - idle.size() + ownBlocks();
    }

    /** Positions that the sequence can take over. */
    int reuse(TrackedSequence sequence) {
        List<Content> held = shared.computeIfAbsent(sequence, _ -> new ArrayList<>());
        int before = held.size();
        if (own.getOrDefault(sequence, 0) > 0) {
            return 0;
        }
        while ((held.size() + 1) * Attention.BLOCK < sequence.length()) {
            Content next = content(sequence, held.size());
            if (!published.containsKey(next)) {
                break;
            }
            hold(sequence, next);
        }
        return (held.size() - before) * Attention.BLOCK;
    }

    boolean reserve(TrackedSequence sequence, int more) {
        int needed = (sequence.computed() + more + Attention.BLOCK - 1) / Attention.BLOCK;
        List<Content> held = shared.computeIfAbsent(sequence, _ -> new ArrayList<>());
        while (held.size() + own.getOrDefault(sequence, 0) < needed) {
            if (published.size() + ownBlocks() == total) {
                if (idle.isEmpty()) {
                    return false;
                }
                published.remove(idle.removeFirst());
                evicted++;
            }
            own.merge(sequence, 1, Integer::sum);
        }
        return true;
    }

    /** The sequence's blocks up to its computed positions are full. */
    void computed(TrackedSequence sequence) {
        List<Content> held = shared.computeIfAbsent(sequence, _ -> new ArrayList<>());
        while ((held.size() + 1) * Attention.BLOCK <= sequence.computed()) {
            own.merge(sequence, -1, Integer::sum);
            hold(sequence, content(sequence, held.size()));
        }
    }

    void release(TrackedSequence sequence) {
        own.remove(sequence);
        List<Content> held = shared.getOrDefault(sequence, new ArrayList<>());
        for (Content content : held.reversed()) {
            Set<TrackedSequence> holders = published.getOrDefault(content, Set.of());
            holders.remove(sequence);
            if (holders.isEmpty()) {
                idle.add(content);
            }
        }
        shared.remove(sequence);
    }

    private void hold(TrackedSequence sequence, Content content) {
        published.computeIfAbsent(content, _ -> new HashSet<>()).add(sequence);
        idle.remove(content);
        shared.computeIfAbsent(sequence, _ -> new ArrayList<>()).add(content);
    }

    private int ownBlocks() {
        return own.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static Content content(TrackedSequence sequence, int block) {
        return new Content(sequence.adapter(), sequence.upTo(block));
    }
}
