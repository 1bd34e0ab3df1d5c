package dev.weft.chat.jinja.characters;

import dev.weft.chat.jinja.budget.Budget;
import java.util.HexFormat;

/** Text being written, within the budget, which is charged for its characters as it grows. */
public final class Out {
    /** The most characters that are charged at a time. */
    private static final int GRAIN = 256;

    private static final HexFormat HEX = HexFormat.of();

    private final StringBuilder text = new StringBuilder();
    private int paid;

    public Out append(String more) {
        Budget.room((long) text.length() + more.length());
        pay(more.length());
        text.append(more);
        return this;
    }

    public Out append(char more) {
        pay(1);
        text.append(more);
        return this;
    }

    public Out appendCodePoint(int codePoint) {
        pay(1);
        text.appendCodePoint(codePoint);
        return this;
    }

    /**
     * Writes the lowest {@code digits} hexadecimal digits of {@code value}, as an escape has them.
     */
    public Out hex(String escape, int value, int digits) {
        return append(escape).append(HEX.toHexDigits(value, digits));
    }

    private void pay(int more) {
        int length = text.length() + more;
        if (length >= paid) {
            Budget.room(length);
            int next = length + Math.min(length, GRAIN);
            Budget.units(next - paid);
            Budget.bytes(2L * (next - paid));
            paid = next;
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
