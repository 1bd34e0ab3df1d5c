package dev.weft.catalog.token;

import dev.weft.access.holder.KeyLimits;
import dev.weft.access.holder.Role;
import dev.weft.catalog.fault.BadRequestException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A change of a token.
 *
 * @param ofLimits makes the new limits of the old ones
 * @param changesEnd it is to end at another time
 * @param lifetime from now on until then; null if it is not to end by itself
 */
public record TokenChange(
        UnaryOperator<KeyLimits> ofLimits, boolean changesEnd, @Nullable Duration lifetime) {
    /**
     * The new limits of a token.
     *
     * @throws BadRequestException if it may have none
     */
    KeyLimits limits(Token token) {
        KeyLimits limits = ofLimits.apply(token.limits());
        if (token.role() == Role.service && !limits.isNone()) {
            throw BadRequestException.of("limits", null, "none for role " + token.role());
        }
        return limits;
    }
}
