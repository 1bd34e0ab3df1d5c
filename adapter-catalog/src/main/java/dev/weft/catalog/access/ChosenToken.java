package dev.weft.catalog.access;

import dev.weft.catalog.token.Tokens;
import dev.weft.settings.secret.Credentials;
import dev.weft.settings.secret.SecretException;
import dev.weft.settings.secret.SecretSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The token of role {@code service} that the operator chose, so that a fleet starts with it. */
final class ChosenToken {
    private static final String KEY = "weft.catalog.service-token";

    private ChosenToken() {}

    /**
     * Reads the token once.
     *
     * @param secret name of the secret; null for none
     * @throws IllegalStateException if the secret can't be read, or does not have the form of a
     *     token and so could be guessed; the message names the secret and never shows it
     */
    static @Nullable String of(
            @Nullable String secret, SecretSettings known, Map<String, String> environment) {
        if (secret == null) {
            return null;
        }
        try {
            String text =
                    new Credentials(known.places(), Map.of(KEY, secret), environment)
                            .at(KEY)
                            .orElseThrow()
                            .text();
            if (!Tokens.looksLikeOne(text)) {
                throw new IllegalStateException(
                        KEY
                                + ": secret '"
                                + secret
                                + "' is not allowed: weft_ and 43 letters, digits, '-' or '_'");
            }
            return text;
        } catch (SecretException e) {
            throw new IllegalStateException(KEY + ": " + e.getMessage(), e);
        }
    }
}
