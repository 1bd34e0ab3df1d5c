package dev.weft.grammar.walk;

import dev.weft.grammar.expression.DigitRun;
import dev.weft.grammar.place.Gate;
import dev.weft.grammar.place.Place;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.Scan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Walks bytes of tokens through a grammar. The machine's lock is held. */
public final class TokenWalk {
    private final TokenVocabulary vocabulary;
    private final Trail trail;
    private final Place place;
    private final Gate gate;
    private final long[] bits;

    private TokenWalk(
            TokenVocabulary vocabulary, Trail trail, Place place, Gate gate, long[] bits) {
        this.vocabulary = vocabulary;
        this.trail = trail;
        this.place = place;
        this.gate = gate;
        this.bits = bits;
    }

    /** Goes on with all bytes; null if one is not allowed, and the trail is to be cut then. */
    public static @Nullable Place walk(Trail trail, Place place, byte[] bytes) {
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
                start = trail.length() - 1 - next.before();
                position = next;
            } else {
                position = new Position(position.spot(), scan);
            }
        }
        return Place.of(position, start, trail.length());
    }

    /**
     * The text with which an answer goes on as long as it has no choice. That a string may spell a
     * character in several ways does not count as a choice.
     *
     * @param most bytes
     */
    public static byte[] forced(Trail trail, Place place, int most) {
        @Nullable Place at = place;
        byte only = 0;
        int from = trail.length();
        while (at != null && trail.length() - from < most) {
            int length = trail.length();
            @Nullable Place next = null;
            for (byte b : at.position().scan().few()) {
                Place behind = walk(trail, at, new byte[] {b});
                trail.cut(length);
                if (behind != null && next != null) {
                    return trail.copy(from, length);
                }
                if (behind != null) {
                    next = behind;
                    only = b;
                }
            }
            if (next != null) {
                trail.add(only);
            }
            at = next;
        }
        return trail.copy(from, trail.length());
    }

    /**
     * Marks all tokens that may follow a place; {@code bits} are 0 before.
     *
     * @param gate only tokens that it lets through are marked
     */
    public static void mask(
            TokenVocabulary vocabulary, Trail trail, Place place, Gate gate, long[] bits) {
        TokenWalk walk = new TokenWalk(vocabulary, trail, place, gate, bits);
        if (gate.equals(Gate.OPEN)) {
            walk.mask();
        } else {
            walk.gated();
        }
    }

    /**
     * Looks at every token. If the gate is wide, the tokens of a free string are marked without a
     * look.
     */
    private void gated() {
        Spot spot = place.position().spot();
        if (place.position().scan() instanceof StringScans.Characters scan
                && scan.mostFree() != 0
                && scan.leastFree() == 0
                && spot.takesAnyText()) {
            Position next = spot.exitBehindAny(scan, trail, place.start());
            if (next != null
                    && gate.isWide(
                            trail,
                            Place.of(next, place.length(), place.length()),
                            spot.mayBeRepeated())) {
                free(scan, vocabulary.freeText().of(0, scan.mostFree()), spot);
                return;
            }
        }
        TokenTrie trie = vocabulary.trie();
        tree(trie, 0, trie.rootEnd, 0, place.position(), place.start());
    }

    private void mask() {
        Spot spot = place.position().spot();
        if (place.position().scan() instanceof StringScans.Characters scan) {
            int most = scan.mostFree();
            if (most != 0 && spot.takesAnyText()) {
                free(scan, vocabulary.freeText().of(scan.leastFree(), most), spot);
                return;
            }
            lexeme(scan).leave(this::exit);
            trail.cut(place.length());
            repeating(spot);
            return;
        }
        if (place.position().scan() instanceof WholeScan scan) {
            scan.mark(vocabulary, bits);
            return;
        }
        TokenTrie trie = vocabulary.trie();
        tree(trie, 0, trie.rootEnd, 0, place.position(), place.start());
    }

    /** Marks the tokens that stay within a string. */
    private LexemeMask lexeme(StringScans.Characters scan) {
        LexemeMask known = scan.mask(vocabulary);
        if (known != null) {
            known.copyTo(bits);
            return known;
        }
        LexemeMask found = new LexemeMask(scan, vocabulary.strings(), bits);
        scan.keep(found, vocabulary);
        return found;
    }

    /** Goes on behind the last quote of a string. */
    private void exit(TokenTrie trie, int node, int depth, Scan scan) {
        trail.cut(place.length());
        byte[] text = trie.text(node);
        for (int d = 0; d < depth; d++) {
            trail.add(text[d]);
        }
        Position next = place.position().spot().exitForMask(scan, trail, place.start());
        if (next != null) {
            mark(trie, node, next, place.length() + depth - 1);
            tree(
                    trie,
                    trie.childStart[node],
                    trie.childEnd[node],
                    depth,
                    next,
                    place.length() + depth - 1);
        }
    }

    /** Marks tokens within a string that is free except for its length. */
    private void free(Scan scan, FreeText.Slice slice, Spot spot) {
        System.arraycopy(slice.inside(), 0, bits, 0, slice.inside().length);
        behind(scan, slice, spot);
    }

    private void behind(Scan scan, FreeText.Slice slice, Spot spot) {
        if (slice.closing().length == 0 && slice.behind().size() == 0) {
            return;
        }
        Position next = spot.exitBehindAny(scan, trail, place.start());
        if (next != null) {
            trail.cut(place.length());
            trail.add((byte) '"');
            if (gate.isOpen(trail, Place.of(next, place.length(), trail.length()))) {
                for (int token : slice.closing()) {
                    bits[token >> 6] |= 1L << token;
                }
            }
            tree(slice.behind(), 0, slice.behind().rootEnd, 0, next, place.length());
            trail.cut(place.length());
        }
        repeating(spot);
        ownEnds(scan, spot);
    }

    /** Looks again at the tokens that end the string with one of {@link Spot#ownEnds}. */
    private void ownEnds(Scan scan, Spot spot) {
        List<String> ends = spot.ownEnds(trail, place.start());
        if (ends.isEmpty()) {
            return;
        }
        TokenTrie trie = vocabulary.trie();
        for (String end : ends) {
            byte[] path = StringScans.quoted(end.getBytes(StandardCharsets.UTF_8));
            int node = trie.node(path);
            if (node >= 0) {
                for (int i = trie.tokenStart[node]; i < trie.subtreeEnd[node]; i++) {
                    bits[trie.tokens[i] >> 6] &= ~(1L << trie.tokens[i]);
                }
                exit(trie, node, path.length, scan);
                trail.cut(place.length());
            }
        }
        // tokens with an escape may spell such an end in another way
        for (int token : vocabulary.freeText().escaped()) {
            look(token);
        }
    }

    /**
     * Looks again at marked tokens that may end two strings, if the lexeme's text decides what
     * follows.
     */
    private void repeating(Spot spot) {
        if (spot.looksBack()) {
            for (int token : vocabulary.freeText().repeating()) {
                if ((bits[token >> 6] >>> token & 1) != 0) {
                    look(token);
                }
            }
        }
    }

    /** Walks a token alone, and marks it or clears its mark. */
    private void look(int token) {
        Place behind = walk(trail, place, Objects.requireNonNull(vocabulary.bytes(token)));
        boolean allowed = behind != null && gate.isOpen(trail, behind);
        trail.cut(place.length());
        long others = bits[token >> 6] & ~(1L << token);
        bits[token >> 6] = allowed ? others | 1L << token : others;
    }

    /** Marks a node's tokens if the gate is open behind them; the trail ends with them. */
    private void mark(TokenTrie trie, int node, Position behind, int start) {
        if (trie.tokenStart[node] < trie.tokenEnd[node]
                && gate.isOpen(trail, Place.of(behind, start, trail.length()))) {
            mark(trie, node);
        }
    }

    private void mark(TokenTrie trie, int node) {
        for (int i = trie.tokenStart[node]; i < trie.tokenEnd[node]; i++) {
            bits[trie.tokens[i] >> 6] |= 1L << trie.tokens[i];
        }
    }

    /**
     * Walks siblings of a trie and what is below them.
     *
     * @param above depth of the node above them
     * @param position at that node, at which the trail ends, too
     */
    private void tree(
            TokenTrie trie, int from, int to, int above, Position position, int lexemeStart) {
        new Descent(trie, trail.length() - above)
                .walk(from, to, above + 1, position.spot(), position.scan(), lexemeStart);
        trail.cut(place.length());
    }

    /** A way down a trie. */
    private final class Descent {
        private final TokenTrie trie;
        private final byte[] path;

        /** Length of the trail at the root. */
        private final int base;

        Descent(TokenTrie trie, int base) {
            this.trie = trie;
            this.base = base;
            this.path = new byte[trie.longest + 1];
            for (int i = base; i < trail.length(); i++) {
                path[i - base] = trail.at(i);
            }
        }

        private void mark(int node, int depth, Spot spot, Scan scan, int start) {
            if (gate.equals(Gate.OPEN)) {
                TokenWalk.this.mark(trie, node);
            } else if (trie.tokenStart[node] < trie.tokenEnd[node]) {
                trail.cut(Math.min(base, trail.length()));
                trail.addAll(path, depth);
                TokenWalk.this.mark(trie, node, new Position(spot, scan), start);
            }
        }

        void walk(int from, int to, int depth, Spot spot, Scan scan, int start) {
            DigitRun digits = gate.equals(Gate.OPEN) ? scan.digits() : null;
            if (digits != null) {
                new Digits(spot, scan, start, depth).walk(from, to, depth, digits);
                return;
            }
            for (int node = from; node < to; node++) {
                step(node, depth, spot, scan, start);
            }
        }

        /** Walks a node and what is below it. */
        private void step(int node, int depth, Spot spot, Scan scan, int start) {
            byte label = trie.label[node];
            Scan next = scan.next(label & 0xFF);
            if (next.isDead()) {
                return;
            }
            path[depth - 1] = label;
            if (!next.isExit()) {
                mark(node, depth, spot, next, start);
                below(node, depth, spot, next, start);
                return;
            }
            trail.cut(Math.min(base, trail.length()));
            trail.addAll(path, depth);
            Position behind = spot.exit(scan, label & 0xFF, trail, start);
            if (behind != null) {
                int begin = base + depth - 1 - behind.before();
                mark(node, depth, behind.spot(), behind.scan(), begin);
                below(node, depth, behind.spot(), behind.scan(), begin);
            }
        }

        private void below(int node, int depth, Spot spot, Scan scan, int start) {
            int from = trie.childStart[node];
            int to = trie.childEnd[node];
            if (from < to) {
                walk(from, to, depth + 1, spot, scan, start);
            }
        }

        /** Digits of a number, without the states between them. */
        private final class Digits {
            private final Spot spot;
            private final Scan first;
            private final int start;
            private final int top;

            /**
             * Digits behind a state.
             *
             * @param top depth of the state's children
             */
            Digits(Spot spot, Scan first, int start, int top) {
                this.spot = spot;
                this.first = first;
                this.start = start;
                this.top = top;
            }

            void walk(int from, int to, int depth, DigitRun run) {
                @Nullable Scan before = null;
                for (int node = from; node < to; node++) {
                    byte label = trie.label[node];
                    if (run.left() > 0 && label >= '0' && label <= '9') {
                        digit(node, depth, run.next(label));
                        continue;
                    }
                    if (before == null) {
                        before = state(depth);
                    }
                    step(node, depth, spot, before, start);
                }
            }

            private void digit(int node, int depth, @Nullable DigitRun behind) {
                if (behind != null) {
                    path[depth - 1] = trie.label[node];
                    TokenWalk.this.mark(trie, node);
                    walk(trie.childStart[node], trie.childEnd[node], depth + 1, behind);
                }
            }

            /** The state whose children are at a depth. */
            private Scan state(int depth) {
                Scan at = first;
                for (int i = top; i < depth; i++) {
                    at = at.next(path[i - 1] & 0xFF);
                }
                return at;
            }
        }
    }
}
