package dev.weft.grammar.completion;

import org.jspecify.annotations.Nullable;

/**
 * A text with which an answer ends. Endings of places on the way share what follows.
 *
 * @param text the first part of it
 * @param rest what follows; null if nothing does
 * @param length bytes of all parts
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and only read
public record Ending(byte[] text, @Nullable Ending rest, int length) {
    /** Nothing has to follow. */
    static final Ending NONE = new Ending(new byte[0], null, 0);

    static Ending of(byte[] text, Ending rest) {
        return new Ending(text, rest, text.length + rest.length);
    }

    /** All of its bytes. */
    public byte[] bytes() {
        byte[] all = new byte[length];
        int at = 0;
        for (Ending part = this; part != null; part = part.rest) {
            System.arraycopy(part.text, 0, all, at, part.text.length);
            at += part.text.length;
        }
        return all;
    }
}
