package dev.weft.grammar.expression;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Texts that ended expressions lately. States of one pattern often end alike, and to try a few
 * texts costs less than a search.
 */
final class KnownEndings {
    private static final int MOST = 6;
    private static final int MOST_BYTES = 64;

    private final Derivatives derivatives;
    private final Deque<byte[]> texts = new ArrayDeque<>();

    KnownEndings(Derivatives derivatives) {
        this.derivatives = derivatives;
    }

    /** Keeps what a search found; null if it found nothing. */
    void add(byte @Nullable [] found) {
        if (found != null
                && found.length <= MOST_BYTES
                && texts.stream().noneMatch(known -> Arrays.equals(known, found))) {
            texts.addFirst(found);
            if (texts.size() > MOST) {
                texts.removeLast();
            }
        }
    }

    /** Whether one of the texts leads to something that surely matches. */
    boolean matchOne(Expression start) {
        for (byte[] text : texts) {
            if (leads(start, text)) {
                texts.remove(text);
                texts.addFirst(text);
                return true;
            }
        }
        return false;
    }

    private boolean leads(Expression start, byte[] text) {
        Expression e = start;
        for (byte b : text) {
            if (!e.first.has(b & 0xFF)) {
                return false;
            }
            e = derivatives.derive(e, b & 0xFF);
            if (e.nullable || !e.complex || e.life == Expression.Life.LIVE) {
                return !e.isEmpty();
            }
            if (e.life == Expression.Life.DEAD) {
                return false;
            }
        }
        return false;
    }
}
