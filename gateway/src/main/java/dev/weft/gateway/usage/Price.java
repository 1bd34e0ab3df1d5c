package dev.weft.gateway.usage;

import dev.weft.protocol.adapter.NamePattern;
import dev.weft.settings.text.Pairs;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tokens of a model cost.
 *
 * @param model its name in the catalog, {@code tenant/name} outside of the default tenant, or the
 *     base's served name; with a colon, a base's name and that of an adapter over it
 * @param promptNanos billionths of a unit for a token of the prompt
 * @param completionNanos the same for one of the answer
 */
public record Price(NamePattern model, long promptNanos, long completionNanos) {
    /** The allowed texts, for messages. */
    public static final String ALLOWED =
            "MODEL=PROMPT/COMPLETION, where MODEL is a name in which * stands for any characters,"
                    + " or BASE:NAME for adapters of one base, and the others are prices of a"
                    + " million tokens from 0 to 100000 with at most 3 decimals";

    /** Between a base's name and an adapter's, which has none itself. */
    private static final char OF_BASE = ':';

    private static final Pattern FORM =
            Pattern.compile(
                    "([^=\\s]+)=([0-9]{1,6}(?:\\.[0-9]{1,3})?)/([0-9]{1,6}(?:\\.[0-9]{1,3})?)");

    /** A unit for a million tokens is this many billionths of it for one. */
    private static final BigDecimal NANOS_PER_TOKEN = BigDecimal.valueOf(1_000);

    private static final long HIGHEST = 100_000L * 1_000;

    /** More tokens than any answer has, so that no product leaves a long. */
    private static final long MOST_TOKENS = 10_000_000_000L;

    public Price {
        if (Math.max(promptNanos, completionNanos) > HIGHEST
                || Math.min(promptNanos, completionNanos) < 0) {
            throw new IllegalArgumentException("a price is out of range: " + ALLOWED);
        }
    }

    /**
     * Reads {@code MODEL=PROMPT/COMPLETION}.
     *
     * @throws IllegalArgumentException if the text has another form; says what is allowed
     */
    public static Price of(String text) {
        Matcher parts = Pairs.match(FORM, text);
        return new Price(
                NamePattern.of(parts.group(1)), nanos(parts.group(2)), nanos(parts.group(3)));
    }

    private static long nanos(String price) {
        return new BigDecimal(price).multiply(NANOS_PER_TOKEN).longValueExact();
    }

    /** True if this is the price of a base without an adapter. */
    public boolean isOf(String base) {
        return model.matches(base);
    }

    /** True if this is the price of an adapter over a base. */
    public boolean isOf(String base, String adapter) {
        boolean ofBase = model.text().indexOf(OF_BASE) >= 0;
        return model.matches(ofBase ? base + OF_BASE + adapter : adapter);
    }

    /** The cost of a request in billionths of a unit. */
    public long costNanos(long promptTokens, long completionTokens) {
        return Math.min(promptTokens, MOST_TOKENS) * promptNanos
                + Math.min(completionTokens, MOST_TOKENS) * completionNanos;
    }

    @Override
    public String toString() {
        return model + "=" + text(promptNanos) + "/" + text(completionNanos);
    }

    private static String text(long nanos) {
        return BigDecimal.valueOf(nanos)
                .divide(NANOS_PER_TOKEN, 3, RoundingMode.UNNECESSARY)
                .stripTrailingZeros()
                .toPlainString();
    }
}
