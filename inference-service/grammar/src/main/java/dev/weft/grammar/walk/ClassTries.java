package dev.weft.grammar.walk;

import dev.weft.grammar.expression.EcmaPattern;
import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.expression.PatternException;
import dev.weft.grammar.expression.WorkBudget;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A vocabulary's tries of classes, by the bytes that they tell apart; those of many patterns are
 * the same. Any thread.
 */
final class ClassTries {
    /** One to two megabytes each for a vocabulary of 150,000 tokens. */
    private static final int MOST_KEPT = 8;

    /** Classes of small letters: a trie of more is not much smaller than one of bytes. */
    private static final int MOST_LETTERS = 24;

    /** Making a trie takes as long as so many walks without. */
    private static final int WALKS_OF_ONE = 2;

    private static final int MOST_ASKED = 64;

    private final TokenTrie trie;
    private final int words;
    private final TokenTrie others;
    private final LinkedHashMap<ByteBuffer, ClassTrie> made = new LinkedHashMap<>(16, 0.75f, true);

    /** How often a trie was asked for that was not made. */
    private final LinkedHashMap<ByteBuffer, Integer> asked = new LinkedHashMap<>(16, 0.75f, true);

    /** Most patterns tell no more apart: letters, digits, spaces and what else ASCII has. */
    private final byte[] usual;

    private @Nullable ClassTrie ofUsual;

    /** Tries of the tokens of one. */
    ClassTries(TokenTrie trie, byte[] @Nullable [] bytes) {
        this.trie = trie;
        this.words = (bytes.length + 63) / 64;
        int[] apart = new int[trie.tokens.length];
        int count = 0;
        for (int token : trie.tokens) {
            apart[count] = token;
            count += isApart(bytes[token]) ? 1 : 0;
        }
        this.others = new TokenTrie(Arrays.copyOf(apart, count), bytes);
        this.usual = usual();
    }

    private static byte[] usual() {
        WorkBudget budget = new WorkBudget();
        budget.begin(Long.MAX_VALUE, Long.MAX_VALUE, () -> false);
        Expressions pool = new Expressions(budget, Long.MAX_VALUE);
        List<Expression> all = new ArrayList<>(List.of(pool.text()));
        try {
            for (String one : List.of("\\s", "\\S", ".")) {
                all.add(EcmaPattern.whole(pool, one));
            }
        } catch (PatternException e) {
            throw new IllegalStateException(e);
        }
        for (int b = 0; b < 0x80; b++) {
            if (!Character.isLetterOrDigit(b)) {
                all.add(pool.bytes(b, b));
            }
        }
        all.add(pool.bytes('0', '9'));
        all.add(pool.bytes('A', 'Z'));
        all.add(pool.bytes('a', 'z'));
        return pool.classes(all, 256);
    }

    /** Whether bytes of a usual class are always in one of some others. */
    private boolean isUsual(byte[] classes) {
        if (classes.length == 0) {
            return false;
        }
        int[] meant = new int[256];
        for (int b = 0; b < 256; b++) {
            int own = 1 + (classes[b] & 0xFF);
            int before = meant[usual[b] & 0xFF];
            if (before != 0 && before != own) {
                return false;
            }
            meant[usual[b] & 0xFF] = own;
        }
        return true;
    }

    private static boolean isApart(byte @Nullable [] own) {
        boolean apart = own == null || own.length > ClassTrie.MOST_BYTES;
        for (int i = 0; own != null && i < own.length; i++) {
            apart |= ClassTrie.isApart(own[i]);
        }
        return apart;
    }

    /** The tokens that are in no trie of classes. */
    TokenTrie others() {
        return others;
    }

    /**
     * A trie for what follows a state; it may have to be made, which takes milliseconds.
     *
     * @return null if a trie of all tokens does as well
     */
    synchronized @Nullable ClassTrie of(StringScans.Characters scan) {
        byte[] classes = scan.classes();
        if (isUsual(classes) || isUsual(scan.ownClasses())) {
            ClassTrie known = ofUsual;
            if (known == null) {
                known = new ClassTrie(trie, usual, words);
                ofUsual = known;
            }
            return known;
        }
        if (classes.length == 0 || letters(classes) > MOST_LETTERS) {
            return null;
        }
        ByteBuffer key = ByteBuffer.wrap(classes.clone());
        ClassTrie found = made.get(key);
        if (found == null && asked.merge(key, 1, Integer::sum) > WALKS_OF_ONE) {
            found = new ClassTrie(trie, classes, words);
            asked.remove(key);
            made.put(key, found);
            if (made.size() > MOST_KEPT) {
                made.pollFirstEntry();
            }
        }
        if (asked.size() > MOST_ASKED) {
            asked.pollFirstEntry();
        }
        return found;
    }

    /** How many of the small letters are told apart. */
    private static int letters(byte[] classes) {
        boolean[] seen = new boolean[256];
        int count = 0;
        for (int b = 'a'; b <= 'z'; b++) {
            count += seen[classes[b] & 0xFF] ? 0 : 1;
            seen[classes[b] & 0xFF] = true;
        }
        return count;
    }
}
