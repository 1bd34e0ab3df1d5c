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
 * @param ofLimits makes the new limits from the old ones
 * @param changesEnd whether the token gets another lifetime
 * @param lifetime the new lifetime, from now on; null if the token never expires
 */
public record TokenChange(
        UnaryOperator<KeyLimits> ofLimits, boolean changesEnd, @Nullable Duration lifetime) {
    /**
     * The new limits of a token.
     *
     * @throws BadRequestException if a token of its role may have none
     */
    KeyLimits limits(Token token) {
        KeyLimits limits = ofLimits.apply(token.limits());
        if (token.role() == Role.service && !limits.isNone()) {
            throw BadRequestException.of("limits", null, "none for role " + token.role());
        }
        return limits;
    }
}
