package dev.weft.inference.server.http.relay;

import dev.weft.protocol.adapter.AdapterId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the prefixes of tenants apart in a server's cache: each tenant but the default one has a
 * salt that nobody can guess. Any thread.
 */
final class TenantSalt {
    private static final String HMAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    /** A byte that no tenant's name has. */
    private static final byte SEPARATOR = 0;

    private final byte[] key = new byte[KEY_BYTES];

    /** Salts of this process. */
    TenantSalt() {
        new SecureRandom().nextBytes(key);
    }

    /**
     * The salt of a tenant's request; null if the client's own is passed on as it is. No two
     * tenants have the same salt, whatever their clients say.
     *
     * @param own the client's; empty for none
     */
    @Nullable String of(String tenant, String own) {
        if (tenant.equals(AdapterId.DEFAULT_TENANT)) {
            return null;
        }
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            mac.update(tenant.getBytes(StandardCharsets.UTF_8));
            if (!own.isEmpty()) {
                mac.update(SEPARATOR);
                mac.update(own.getBytes(StandardCharsets.UTF_8));
            }
            byte[] salt = mac.doFinal();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(salt);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(HMAC + " is part of every JDK", e);
        }
    }
}
