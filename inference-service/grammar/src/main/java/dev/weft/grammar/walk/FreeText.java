package dev.weft.grammar.walk;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.scan.Scan;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that may follow within strings of JSON that are free except for their length. They are
 * the same for all grammars, and found once for each number of characters that are left. Any
 * thread.
 */
final class FreeText {
    private static final int MOST_KEPT = 300;

    private final TokenTrie trie;
    private final byte[] @Nullable [] bytes;
    private final int longest;

    /** {@code [tokens]}: characters that a token puts into a string; -1 if it can't be in one. */
    private final int[] needed;

    /** {@code [tokens]}: bytes up to the string's last quote; 0 if a token has none. */
    private final int[] ends;

    /** {@code [tokens]}: what a token has behind the string's last quote; null for nothing. */
    private final byte[] @Nullable [] behind;

    /** Tokens that have a string's last quote. */
    private final int[] ending;

    /** Those of {@link #ending} with an escape before it. */
    private final int[] escaped;

    /** Those of {@link #ending} that may end another string behind the first one. */
    private final int[] repeating;

    /** The slice of texts of any length; it has all tokens that others have. */
    private final @Nullable Slice whole;

    private final LinkedHashMap<Length, Slice> slices = new LinkedHashMap<>();

    /** How many characters may follow, and how many have to. */
    private record Length(int min, int max) {}

    /**
     * The tokens behind a place in a string.
     *
     * @param inside a bit for each token that stays within the string
     * @param closing tokens that end with the string's last quote
     * @param behind what tokens have behind the string's last quote
     * @param longer how many have something there
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and only read
    record Slice(long[] inside, int[] closing, TokenTrie behind, int longer) {}

    FreeText(TokenTrie trie, byte[] @Nullable [] bytes) {
        this.trie = trie;
        this.bytes = bytes;
        this.longest = trie.longest;
        this.needed = new int[bytes.length];
        this.ends = new int[bytes.length];
        this.behind = new byte[bytes.length][];
        this.ending = walk();
        this.escaped = Arrays.stream(ending).filter(this::isEscaped).toArray();
        this.repeating = Arrays.stream(ending).filter(this::endsTwo).toArray();
        this.whole = make(new Length(0, Integer.MAX_VALUE));
    }

    private boolean isEscaped(int token) {
        byte[] own = bytes[token];
        for (int i = 0; own != null && i < ends[token]; i++) {
            if (own[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    private boolean endsTwo(int token) {
        byte[] own = bytes[token];
        int quotes = 0;
        for (int i = 0; own != null && i < own.length; i++) {
            quotes += own[i] == '"' ? 1 : 0;
        }
        return quotes > 2;
    }

    /**
     * Tokens that end a string and have three quotes or more: they may end a second string, too,
     * which may repeat the first. Not to be changed.
     */
    int[] repeating() {
        return repeating;
    }

    /** Tokens with a string's last quote and an escape before it. Not to be changed. */
    int[] escaped() {
        return escaped;
    }

    /** The slice of a string that goes on with some characters; a maximum of -1 means no limit. */
    synchronized Slice of(int min, int max) {
        // a token has no more characters than bytes
        Length length =
                new Length(
                        Math.min(min, longest + 1),
                        max < 0 || max > longest ? Integer.MAX_VALUE : max);
        Slice found = slices.get(length);
        if (found == null) {
            if (slices.size() >= MOST_KEPT) {
                slices.pollFirstEntry();
            }
            found = make(length);
            slices.put(length, found);
        }
        return found;
    }

    private Slice make(Length length) {
        long[] inside = new long[(bytes.length + 63) / 64];
        for (int token : trie.tokens) {
            int count = needed[token];
            if (ends[token] == 0 && count >= 0 && count <= length.max) {
                inside[token >> 6] |= 1L << token;
            }
        }
        int[] closing = new int[ending.length];
        int[] longer = new int[ending.length];
        int closed = 0;
        int more = 0;
        for (int token : ending) {
            if (needed[token] >= length.min && needed[token] <= length.max) {
                if (behind[token] == null) {
                    closing[closed++] = token;
                } else {
                    longer[more++] = token;
                }
            }
        }
        Slice known = whole;
        if (known != null && known.closing.length == closed && known.longer == more) {
            // few slices are so short that a token with a quote does not fit
            return new Slice(inside, known.closing, known.behind, more);
        }
        return new Slice(
                inside,
                Arrays.copyOf(closing, closed),
                new TokenTrie(Arrays.copyOf(longer, more), behind),
                more);
    }

    /** Goes through all tokens once, with no limit to the length. */
    private int[] walk() {
        Expressions pool = Expressions.unbounded();
        Scan start = new StringScans(pool).of(List.of(pool.text()));
        Arrays.fill(needed, -1);
        int[] found = new int[trie.tokens.length];
        return Arrays.copyOf(found, walk(0, trie.rootEnd, start, 0, 1, found, 0));
    }

    private int walk(
            int from, int to, Scan before, int characters, int depth, int[] found, int count) {
        int n = count;
        for (int node = from; node < to; node++) {
            Scan scan = before.next(trie.label[node] & 0xFF);
            if (scan.isExit()) {
                for (int i = trie.tokenStart[node]; i < trie.subtreeEnd[node]; i++) {
                    found[n++] = trie.tokens[i];
                    end(trie.tokens[i], characters, depth);
                }
            }
            if (scan.isExit() || scan.isDead()) {
                continue;
            }
            boolean whole = scan instanceof StringScans.Characters c && c.isFree();
            int now = characters + (whole ? 1 : 0);
            for (int i = trie.tokenStart[node]; i < trie.tokenEnd[node]; i++) {
                needed[trie.tokens[i]] = now + (whole ? 0 : 1);
            }
            n = walk(trie.childStart[node], trie.childEnd[node], scan, now, depth + 1, found, n);
        }
        return n;
    }

    private void end(int token, int characters, int depth) {
        ends[token] = depth;
        needed[token] = characters;
        byte[] own = bytes[token];
        if (own != null && own.length > depth) {
            behind[token] = Arrays.copyOfRange(own, depth, own.length);
        }
    }
}
