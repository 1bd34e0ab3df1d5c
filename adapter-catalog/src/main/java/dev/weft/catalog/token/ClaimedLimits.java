package dev.weft.catalog.token;

import dev.weft.access.holder.KeyLimits;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.web.JsonBody;
import tools.jackson.databind.json.JsonMapper;

/**
 * The limits that a signed token claims: the fields of a key without {@code budget}, since no
 * account is kept for its holder.
 */
public final class ClaimedLimits {
    private static final String[] NAMES =
            LimitFields.NAMES.stream()
                    .filter(name -> !name.equals("budget"))
                    .toArray(String[]::new);

    private ClaimedLimits() {}

    /**
     * Reads a claim.
     *
     * @param claim in the words of JSON: maps, lists, texts, numbers
     * @throws BadRequestException if it is not an object of these fields; has all faults
     */
    public static KeyLimits read(Object claim) {
        JsonBody body = new JsonBody(JsonMapper.shared().writeValueAsBytes(claim), NAMES);
        KeyLimits limits = LimitFields.read(body).apply(KeyLimits.NONE);
        body.check();
        return limits;
    }
}
