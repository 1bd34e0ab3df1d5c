package dev.weft.grammar;

import org.jspecify.annotations.Nullable;

/** Walks bytes of tokens through a grammar. The machine's lock is held. */
final class TokenWalk {
    private TokenWalk() {}

    /** Goes on with all bytes; null if one is not allowed, and the trail is to be cut then. */
    static TokenMatcher.@Nullable Place walk(Trail trail, TokenMatcher.Place place, byte[] bytes) {
        Position position = place.position();
        int start = place.start();
        for (byte value : bytes) {
            int b = value & 0xFF;
            trail.add(value);
            Scan scan = position.scan().next(b);
            if (scan.isDead()) {
                return null;
            }
            if (scan.isExit()) {
                Position next = position.spot().exit(position.scan(), b, trail, start);
                if (next == null) {
                    return null;
                }
                start = trail.length() - 1;
                position = next;
            } else {
                position = new Position(position.spot(), scan);
            }
        }
        return new TokenMatcher.Place(position, start, trail.length(), false);
    }

    /** Marks all tokens that may follow a place. */
    static void mask(TokenTrie trie, Trail trail, TokenMatcher.Place place, long[] bits) {
        Spot[] spots = new Spot[trie.longest + 1];
        Scan[] scans = new Scan[trie.longest + 1];
        int[] starts = new int[trie.longest + 1];
        spots[0] = place.position().spot();
        scans[0] = place.position().scan();
        starts[0] = place.start();
        int base = place.length();
        int node = 0;
        while (node < trie.size()) {
            int depth = trie.depth[node];
            int b = trie.label[node] & 0xFF;
            Scan scan = scans[depth - 1].next(b);
            if (scan.isDead()) {
                node = trie.subtreeEnd[node];
                continue;
            }
            trail.cut(base + depth - 1);
            trail.add((byte) b);
            spots[depth] = spots[depth - 1];
            scans[depth] = scan;
            starts[depth] = starts[depth - 1];
            if (scan.isExit()) {
                Position next =
                        spots[depth - 1].exit(scans[depth - 1], b, trail, starts[depth - 1]);
                if (next == null) {
                    node = trie.subtreeEnd[node];
                    continue;
                }
                spots[depth] = next.spot();
                scans[depth] = next.scan();
                starts[depth] = base + depth - 1;
            }
            for (int i = trie.tokenStart[node]; i < trie.tokenStart[node + 1]; i++) {
                bits[trie.tokens[i] >> 6] |= 1L << trie.tokens[i];
            }
            node++;
        }
    }
}
