package dev.weft.inference.cpu.kv;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Full blocks by their contents. A block is forgotten only when nothing published follows it: a
 * sequence that holds a block holds all before it too, and blocks become idle last one first.
 */
final class PrefixIndex {
    private final Map<Prefix.Key, Prefix.Published> byKey = new HashMap<>();
    private final Prefix.@Nullable Published[] byBlock;

    PrefixIndex(int totalBlocks) {
        this.byBlock = new Prefix.@Nullable Published[totalBlocks];
    }

    Optional<Prefix.Published> find(Prefix.Key key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** Publishes a block, unless another one with the same key is there; then returns that one. */
    Prefix.Published publish(Prefix.Key key, int block) {
        Prefix.Published there = byKey.get(key);
        if (there != null) {
            return there;
        }
        Prefix.Published published = new Prefix.Published(key, block);
        byKey.put(key, published);
        byBlock[block] = published;
        return published;
    }

    boolean holds(int block) {
        return byBlock[block] != null;
    }

    /** Forgets a block that is about to hold something else. */
    void forget(int block) {
        Prefix.Published published = byBlock[block];
        if (published != null) {
            byKey.remove(published.key());
            byBlock[block] = null;
        }
    }
}
