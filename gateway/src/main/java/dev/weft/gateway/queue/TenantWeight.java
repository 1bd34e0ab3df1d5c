package dev.weft.gateway.queue;

import dev.weft.protocol.adapter.AdapterId;
import dev.weft.settings.text.Pairs;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tenant's weight in the queue, relative to others.
 *
 * @param weight 1 to {@link #MOST}; tenants that are not named have 1
 */
public record TenantWeight(String tenant, int weight) {
    /** The allowed texts, for messages. */
    public static final String ALLOWED =
            "TENANT=WEIGHT, where WEIGHT is a whole number from 1 to 1000";

    static final int MOST = 1_000;

    private static final Pattern FORM = Pattern.compile("([^=\\s]+)=([0-9]{1,4})");

    public TenantWeight {
        if (!AdapterId.isName(tenant) || weight < 1 || weight > MOST) {
            throw new IllegalArgumentException(tenant + "=" + weight + ": " + ALLOWED);
        }
    }

    /**
     * Reads {@code TENANT=WEIGHT}.
     *
     * @throws IllegalArgumentException if the text has another form; says what is allowed
     */
    public static TenantWeight of(String text) {
        Matcher parts = Pairs.match(FORM, text);
        return new TenantWeight(parts.group(1), Integer.parseInt(parts.group(2)));
    }

    @Override
    public String toString() {
        return tenant + "=" + weight;
    }
}
