package dev.weft.standalone.adapters.client;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** The tokens that a command's process uses for the catalog. */
public final class CatalogToken {
    /** The environment variable of the token. */
    public static final String VARIABLE = "WEFT_TOKEN";

    private CatalogToken() {}

    /** The token from the environment. */
    public static Optional<String> fromEnvironment() {
        return Optional.ofNullable(System.getenv(VARIABLE)).filter(token -> !token.isBlank());
    }

    /** A new token that nobody outside this process knows. */
    public static String internal() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
