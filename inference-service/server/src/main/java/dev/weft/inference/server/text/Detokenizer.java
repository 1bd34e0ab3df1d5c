package dev.weft.inference.server.text;

import java.util.Set;

/**
 * Turns the tokens of one answer into text as they come. A piece never ends within a character: the
 * bytes of a split emoji wait for its last one. The pieces together are the text of the whole
 * answer. It is the text that a decoder of the tokenizers library makes of the answer as the
 * continuation of its prompt. For one thread.
 *
 * <p>One difference is on purpose. If a run of byte tokens ({@code <0xE2>}) has whole characters
 * and then bytes that form no character, the library replaces the whole run by U+FFFD; here the
 * characters stay, since a stream has shown them already.
 */
public final class Detokenizer {
    private final TokenBytes table;
    private final boolean skipSpecial;
    private final Set<Integer> shown;
    private final Utf8Assembler assembler;
    private final StringBuilder piece = new StringBuilder();
    private boolean first;
    private int leadingSpaces;

    /**
     * A detokenizer of one answer.
     *
     * @param shown special tokens that are not skipped
     * @param atStart whether nothing that shows comes before the answer, so that the space that
     *     sentencepiece puts before the first word is not part of it
     */
    Detokenizer(TokenBytes table, boolean skipSpecial, Set<Integer> shown, boolean atStart) {
        this.table = table;
        this.skipSpecial = skipSpecial;
        this.shown = Set.copyOf(shown);
        this.assembler = new Utf8Assembler(table.rules().byteFallback());
        this.first = atStart;
        this.leadingSpaces = atStart ? table.rules().leadingSpaces() : 0;
    }

    /** Takes the next token; returns the text that is certain now, often empty. */
    public String add(int token) {
        if (skipSpecial && table.isSpecial(token) && !shown.contains(token)) {
            return "";
        }
        if (table.rules().byteFallback() && !table.isByte(token)) {
            assembler.flush(piece);
        }
        if (first) {
            table.appendFirst(token, assembler, piece);
            first = false;
        } else {
            table.append(token, assembler, piece);
        }
        return take();
    }

    /** Ends the answer: bytes that still wait for others become U+FFFD. */
    public String finish() {
        assembler.flush(piece);
        return take();
    }

    private String take() {
        if (piece.isEmpty()) {
            return "";
        }
        int cut = 0;
        while (leadingSpaces > 0 && cut < piece.length() && piece.charAt(cut) == ' ') {
            leadingSpaces--;
            cut++;
        }
        if (cut < piece.length()) {
            leadingSpaces = 0;
        }
        String text = piece.substring(cut);
        piece.setLength(0);
        return text;
    }
}
