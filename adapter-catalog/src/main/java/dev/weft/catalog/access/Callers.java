package dev.weft.catalog.access;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whom a token belongs to, whichever kind it is. Blocking. */
final class Callers {
    private final Gate gate;
    private final @Nullable JwtPrincipals signed;

    Callers(Gate gate, @Nullable JwtPrincipals signed) {
        this.gate = gate;
        this.signed = signed;
    }

    Optional<Principal> holder(String token) {
        return signed != null && JwtPrincipals.looksLikeOne(token)
                ? signed.read(token)
                : gate.holder(token);
    }

    /**
     * @param token null where none was sent
     */
    Admission admit(@Nullable String token, Need need, @Nullable String tenant) {
        if (token == null) {
            return gate.admit(null, need, tenant);
        }
        Optional<Principal> holder = holder(token);
        if (holder.isEmpty() && !gate.open()) {
            return new Admission.Refused(401, "the token is not valid");
        }
        return gate.admit(holder.orElse(null), need, tenant);
    }
}
