package dev.weft.access.key;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/**
 * The question whose a request's token is, for as long as the request takes. The token is hashed
 * once, however often the question is asked. Any thread.
 */
public final class AskedToken extends BearerTokenAuthenticationToken {
    private volatile @Nullable String hash;

    public AskedToken(String token) {
        super(token);
    }

    /** The hash of a token that is asked about; see {@link TokenHash}. */
    public static String hash(Authentication asked) {
        return asked instanceof AskedToken token
                ? token.hash()
                : TokenHash.of(((BearerTokenAuthenticationToken) asked).getToken());
    }

    private String hash() {
        String known = hash;
        if (known == null) {
            known = TokenHash.of(getToken());
            hash = known;
        }
        return known;
    }
}
