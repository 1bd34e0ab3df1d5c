package dev.weft.grammar.schema;

import java.math.BigDecimal;
import tools.jackson.core.JsonParser;
import tools.jackson.core.util.JsonParserDelegate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON with schemas in it. A decimal that a double rounds is kept as it is written; all
 * others are doubles, also those that are too large for one and become infinite. So no decimal is
 * above a double's largest, but one that a double takes for 0 may have any exponent.
 */
public final class ExactDecimals extends JsonParserDelegate {
    /**
     * Doubles tell decimals of so many digits apart, except near 0, where doubles are subnormal.
     */
    private static final int SURE_DIGITS = 15;

    /** Stands for decimals that are nearer to 0 than a {@link BigDecimal} can be. */
    private static final BigDecimal LEAST = new BigDecimal("1e-" + Integer.MAX_VALUE);

    private ExactDecimals(JsonParser parser) {
        super(parser);
    }

    /** The tree of a text; missing if there is none. */
    public static JsonNode tree(JsonMapper mapper, byte[] json) {
        return tree(mapper, mapper.createParser(json));
    }

    /** The tree of a text; missing if there is none. */
    public static JsonNode tree(JsonMapper mapper, String json) {
        return tree(mapper, mapper.createParser(json));
    }

    private static JsonNode tree(JsonMapper mapper, JsonParser json) {
        try (JsonParser exact = new ExactDecimals(json)) {
            JsonNode tree = mapper.readTree(exact);
            return tree == null ? mapper.missingNode() : tree;
        }
    }

    @Override
    public NumberTypeFP getNumberTypeFP() {
        return isDouble() ? NumberTypeFP.DOUBLE64 : NumberTypeFP.BIG_DECIMAL;
    }

    private boolean isDouble() {
        double number = Math.abs(getDoubleValue());
        String text = getString();
        if (number == 0) {
            return isZero(text);
        }
        return Double.isInfinite(number)
                || (text.length() <= SURE_DIGITS && number >= Double.MIN_NORMAL)
                || new BigDecimal(text).abs().compareTo(BigDecimal.valueOf(number)) == 0;
    }

    private static boolean isZero(String text) {
        for (int i = 0; i < text.length() && (text.charAt(i) | 0x20) != 'e'; i++) {
            if (text.charAt(i) >= '1' && text.charAt(i) <= '9') {
                return false;
            }
        }
        return true;
    }

    @Override
    public BigDecimal getDecimalValue() {
        try {
            return super.getDecimalValue();
        } catch (NumberFormatException e) {
            return getString().startsWith("-") ? LEAST.negate() : LEAST;
        }
    }
}
