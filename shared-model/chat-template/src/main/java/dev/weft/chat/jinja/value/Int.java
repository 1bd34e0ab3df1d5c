package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.Budget;
import java.math.BigInteger;

/** An integer of any size. */
public record Int(BigInteger value) implements Value {
    private static final int BYTES = 80;

    public Int {
        Budget.bytes(BYTES + value.bitLength() / Byte.SIZE);
    }

    public static Int of(long value) {
        return new Int(BigInteger.valueOf(value));
    }

    @Override
    public String typeName() {
        return "int";
    }
}
