package dev.weft.catalog.access;

import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.holder.Role;
import dev.weft.access.holder.Spent;
import dev.weft.catalog.token.Token;
import dev.weft.catalog.token.Tokens;
import dev.weft.catalog.usage.UsageBooks;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Finds the holder of one of the catalog's own tokens. Every request looks its token up, so a
 * revocation takes effect at once. Tokens that the process was started with are valid until it
 * ends.
 */
final class TokenManager implements ReactiveAuthenticationManager {
    private static final Logger LOG = LoggerFactory.getLogger(TokenManager.class);

    private final InternalTokens internal;
    private final Tokens tokens;
    private final UsageBooks books;
    private final FirstToken first;
    private final Scheduler threads;

    /**
     * @param internal tokens that no table has
     * @param threads that may block
     */
    TokenManager(
            InternalTokens internal,
            Tokens tokens,
            UsageBooks books,
            FirstToken first,
            Scheduler threads) {
        this.internal = internal;
        this.tokens = tokens;
        this.books = books;
        this.first = first;
        this.threads = threads;
    }

    @Override
    public Mono<Authentication> authenticate(Authentication asked) {
        String token = ((BearerTokenAuthenticationToken) asked).getToken();
        Optional<Holder> known = internal.holder(token);
        if (known.isPresent()) {
            return Mono.just(new HolderAuthentication(known.get()));
        }
        return Mono.fromCallable(() -> holder(token))
                .subscribeOn(threads)
                .onErrorMap(e -> !(e instanceof AuthenticationException), TokenManager::away)
                .map(holder ->
                        new HolderAuthentication(
                                holder.orElseThrow(() ->
                                        new InvalidBearerTokenException(
                                                "the token is not valid"))));
    }

    private Optional<Holder> holder(String secret) {
        if (first.matches(secret) && !tokens.any()) {
            return Optional.of(new Holder("first token", Role.admin, null));
        }
        return Tokens.looksLikeOne(secret)
                ? tokens.find(secret).map(this::holder)
                : Optional.empty();
    }

    private Holder holder(Token token) {
        Spent spent = token.limits().hasBudget() ? books.spent(token.key()) : null;
        return new Holder(
                token.name(),
                token.role(),
                token.tenant(),
                token.times().expires(),
                new HeldKey(token.key(), token.limits(), spent));
    }

    private static AuthenticationServiceException away(Throwable failure) {
        LOG.error("a token can't be checked", failure);
        return new AuthenticationServiceException(
                "the catalog's database does not answer", failure);
    }
}
