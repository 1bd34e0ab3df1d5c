package dev.weft.grammar.place;

import dev.weft.grammar.scan.Scan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in a text between or around lexemes: everything that decides what may follow, except for
 * the state within the lexeme. Immutable except for what it remembers; guarded by its grammar.
 */
public interface Spot {
    /**
     * Goes on with a byte that a lexeme left to what surrounds it.
     *
     * @param trail ends with that byte
     * @param start offset in the trail at which the lexeme began
     * @return null if the byte is not allowed
     */
    @Nullable Position exit(Scan scan, int b, Trail trail, int start);

    /**
     * Goes on behind a string's last quote while a mask is made. It may return one place for
     * several that no token behind them tells apart.
     *
     * @param trail ends with the quote
     */
    default @Nullable Position exitForMask(Scan scan, Trail trail, int start) {
        return exit(scan, '"', trail, start);
    }

    /** Whether the answer may end here. */
    boolean mayEnd(Scan scan);

    /**
     * Texts with which an answer may go on here to end soon, the best first; they need not be
     * allowed. Empty if the lexeme's own {@link Scan#endings} are as good.
     */
    default List<byte[]> ways(Scan scan, Trail trail, int start) {
        return List.of();
    }

    /** About how many bytes have to come behind the lexeme. */
    default int left() {
        return 0;
    }

    /** About how many bytes have to come behind the lexeme, if it is in a state. */
    default int left(Scan scan) {
        return left();
    }

    /**
     * Whether no way on is much shorter than {@link #left} says. Then a search takes the first way
     * that is as short.
     */
    default boolean leftIsLeast() {
        return false;
    }

    /**
     * What decides how the answer may end. Places with equal likeness end with the same texts, as
     * long as a text has none of {@link #apart}.
     */
    default Object likeness() {
        return this;
    }

    /** Texts that are not allowed here, but perhaps at places like this one. */
    default List<String> apart() {
        return List.of();
    }

    /** Whether a lexeme's text decides what follows it, and not its last state alone. */
    default boolean looksBack() {
        return false;
    }

    /** Whether the answer may have to repeat the lexeme's text to end. */
    default boolean mayBeRepeated() {
        return false;
    }

    /**
     * The part of the lexeme's text that decides how the answer may end soon: texts with the same
     * part almost always go on alike.
     */
    default String own(Trail trail, int start) {
        return "";
    }

    /**
     * Ends of a string, free so far, that mean something of their own or are not allowed: {@link
     * #exit} tells which. All other ends lead to {@link #exitBehindAny}.
     */
    default List<String> ownEnds(Trail trail, int start) {
        return List.of();
    }

    /** Whether the end of a string that may go on freely depends on {@link #ownEnds} alone. */
    default boolean takesAnyText() {
        return false;
    }

    /**
     * Goes on behind the last quote of a string that is free from here on. The place there doesn't
     * depend on the rest of the string, except for {@link #ownEnds}.
     *
     * @param trail ends where the string is free
     */
    default @Nullable Position exitBehindAny(Scan scan, Trail trail, int start) {
        return null;
    }
}
