package dev.weft.inference.server.constraint;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.limit.GrammarOptions;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps compiled grammars and drops the least recently used one first. A tenant finds only its own:
 * a grammar keeps what its walks find, and no tenant may exhaust another's. Any thread.
 */
final class GrammarCache {
    /** Bytes that an entry takes besides its text and its grammar. */
    private static final long ENTRY_BYTES = 512;

    private final long mostBytes;
    private final long mostOfOne;
    private final Map<Key, Grammar> kept = new LinkedHashMap<>(16, 0.75f, true);

    /** All that a grammar depends on, and who asked. */
    record Key(
            String tenant,
            AnswerForm.Kind kind,
            String text,
            GrammarOptions.Whitespace whitespace,
            GrammarOptions.KeyOrder keyOrder,
            GrammarOptions.Numbers numbers) {
        static Key of(String tenant, HeldReply asked) {
            return new Key(
                    tenant,
                    asked.kind(),
                    asked.key(),
                    asked.whitespace(),
                    asked.keyOrder(),
                    asked.numbers());
        }
    }

    /**
     * Keeps none yet.
     *
     * @param mostBytes the most bytes of all grammars together
     * @param mostOfOne the most bytes of a grammar that a request begins with: answers that follow
     *     the grammar add to it, and a request fails if its answer fills it
     */
    GrammarCache(long mostBytes, long mostOfOne) {
        this.mostBytes = mostBytes;
        this.mostOfOne = mostOfOne;
    }

    /**
     * The grammar that is kept under a key; null if there is none, or if it has grown too large for
     * another answer.
     */
    synchronized @Nullable Grammar get(Key key) {
        Grammar known = kept.get(key);
        if (known != null && known.bytes() > mostOfOne) {
            kept.remove(key);
            return null;
        }
        return known;
    }

    /** Keeps a grammar; others go until all fit again. Grammars grow with what walks find. */
    synchronized void put(Key key, Grammar grammar) {
        kept.put(key, grammar);
        long bytes = bytes();
        Iterator<Map.Entry<Key, Grammar>> eldest = kept.entrySet().iterator();
        while (bytes > mostBytes && eldest.hasNext()) {
            Map.Entry<Key, Grammar> next = eldest.next();
            bytes -= bytes(next.getKey(), next.getValue());
            eldest.remove();
        }
    }

    synchronized void remove(Key key) {
        kept.remove(key);
    }

    synchronized int size() {
        return kept.size();
    }

    /** Bytes of all. */
    synchronized long bytes() {
        long sum = 0;
        for (Map.Entry<Key, Grammar> one : kept.entrySet()) {
            sum += bytes(one.getKey(), one.getValue());
        }
        return sum;
    }

    private static long bytes(Key key, Grammar grammar) {
        return ENTRY_BYTES + 2L * key.text().length() + grammar.bytes();
    }
}
