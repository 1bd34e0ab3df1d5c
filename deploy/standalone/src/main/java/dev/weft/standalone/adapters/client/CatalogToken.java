package dev.weft.standalone.adapters.client;

import dev.weft.service.ServiceToken;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** The tokens that a command's process uses for the catalog. */
public final class CatalogToken {
    /** The environment variable of the token. */
    public static final String VARIABLE = "WEFT_TOKEN";

    private CatalogToken() {}

    /**
     * The token from the environment, without white space around it.
     *
     * @throws ServiceToken.UnusableException if no header can hold it; the message leaves it out
     */
    public static Optional<String> fromEnvironment() {
        return Optional.ofNullable(new ServiceToken(System.getenv(VARIABLE)).text());
    }

    /** A new token that nobody outside this process knows. */
    public static String internal() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
