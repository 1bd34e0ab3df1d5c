package dev.weft.standalone.adapters.client;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** Tokens for the catalog that a process of the command line uses. */
public final class CatalogToken {
    /** Names the environment variable. */
    public static final String VARIABLE = "WEFT_TOKEN";

    private CatalogToken() {}

    /** What the environment gives. */
    public static Optional<String> fromEnvironment() {
        return Optional.ofNullable(System.getenv(VARIABLE)).filter(token -> !token.isBlank());
    }

    /** One that nobody outside this process knows. */
    public static String internal() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
