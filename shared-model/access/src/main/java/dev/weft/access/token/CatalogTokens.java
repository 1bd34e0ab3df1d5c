package dev.weft.access.token;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.key.AskedToken;
import dev.weft.access.key.TokenHash;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Finds the holder of a token by asking the catalog. An answer counts for {@link #FRESH}. Only one
 * question about a token is under way at a time. The number of questions about tokens without a
 * confirmation is bounded, and one client has half of them at most; the client's address is the
 * authentication's details. The memory of answers is bounded, those about unknown tokens included.
 * While the catalog is away, a valid token stays valid until its last confirmation is {@link
 * #STALE} old, unless the feed has reported a change before. These times don't depend on the wall
 * clock, which only ends tokens that end by themselves. Tokens are kept as SHA-256, except for
 * those of requests that are watched. Any thread; never blocks.
 */
public final class CatalogTokens implements ReactiveAuthenticationManager, AutoCloseable {
    /** The time for which an answer counts without another question. */
    static final Duration FRESH = Duration.ofSeconds(4);

    /** The longest time for which a token is served after its last confirmation. */
    static final Duration STALE = Duration.ofMinutes(15);

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration HURRIED = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The pause between two questions about a watched token, if the first has no answer. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** The longest time after which a watched token is looked at again. */
    private static final Duration LONGEST_LOOK = Duration.ofDays(1);

    private static final int MOST = 10_000;

    private final TokenQuestion question;
    private final Clock clock;
    private final AsyncCache<String, Answer> fresh;
    private final Cache<String, Holder> confirmed;
    private final LookupPlaces strangers = new LookupPlaces(PATIENCE);
    private final TokenChanges changes = new TokenChanges();

    /** Counts forgotten tokens, so that an answer to an earlier question is not kept. */
    private final AtomicLong forgotten = new AtomicLong();

    /**
     * Counts how often all tokens were forgotten. An answer to an earlier question is then not
     * kept; the confirmation before it is.
     */
    private final AtomicLong allForgotten = new AtomicLong();

    /**
     * The outcome of a question, also of one that failed: the cache would log each failed future
     * with its stack.
     */
    private sealed interface Answer {
        /** The time for which the answer counts. */
        default Duration age() {
            return switch (this) {
                case Told _, Kept _ -> FRESH;
                case Untold _ -> Duration.ZERO;
            };
        }

        /** The catalog answered: the holder of the token, empty if it is nobody's. */
        record Told(Optional<Holder> holder) implements Answer {}

        /** The catalog did not answer, and the last confirmation still counts. */
        record Kept(Holder holder, Throwable why) implements Answer {}

        /** There was no answer, and there is no confirmation. */
        record Untold(Throwable why) implements Answer {}
    }

    /**
     * @param clock by which tokens end
     * @param nanos a time in nanoseconds, of which only differences count
     */
    public CatalogTokens(TokenQuestion question, Clock clock, LongSupplier nanos) {
        this.question = question;
        this.clock = clock;
        this.fresh =
                kept(nanos)
                        .expireAfter(Expiry.<String, Answer>writing((_, answer) -> answer.age()))
                        .buildAsync();
        this.confirmed = kept(nanos).expireAfterWrite(STALE).build();
    }

    private static Caffeine<Object, Object> kept(LongSupplier nanos) {
        return Caffeine.newBuilder()
                .ticker(nanos::getAsLong)
                .executor(Runnable::run)
                .maximumSize(MOST);
    }

    @Override
    public Mono<Authentication> authenticate(Authentication asked) {
        String token = token(asked);
        return answer(AskedToken.hash(asked), token, asked)
                .map(this::holder)
                .map(HolderAuthentication::new);
    }

    private static String token(Authentication asked) {
        return ((BearerTokenAuthenticationToken) asked).getToken();
    }

    private Mono<Answer> answer(String hash, String token, Authentication asked) {
        String client = String.valueOf(asked.getDetails());
        return Mono.fromFuture(() -> fresh.get(hash, (_, _) -> look(hash, token, client)), true)
                .onErrorMap(CatalogTokens::unavailable);
    }

    private Holder holder(Answer answer) {
        return switch (answer) {
            case Answer.Told(Optional<Holder> holder) -> valid(holder);
            case Answer.Kept(Holder holder, Throwable _) -> valid(Optional.of(holder));
            case Answer.Untold(Throwable why) -> throw unavailable(why);
        };
    }

    /**
     * The holder, if the catalog itself answered; fails if only an earlier confirmation says it.
     */
    private Holder told(Answer answer) {
        Holder holder = holder(answer);
        if (answer instanceof Answer.Kept(Holder _, Throwable why)) {
            throw unavailable(why);
        }
        return holder;
    }

    private Holder valid(Optional<Holder> holder) {
        return holder.filter(this::lasts)
                .orElseThrow(() -> new InvalidBearerTokenException("the token is not valid"));
    }

    /**
     * Watches a token that was valid. When the token changes or may have changed, the catalog is
     * asked about it until there is an answer.
     *
     * @return never completes; fails with an {@link InvalidBearerTokenException} once the token is
     *     not valid any more
     */
    public Mono<Void> lost(Authentication asked) {
        String token = token(asked);
        String hash = AskedToken.hash(asked);
        AtomicBoolean changed = new AtomicBoolean();
        Mono<Holder> holder =
                Mono.defer(() -> {
                    Holder known = changed.get() ? null : known(hash);
                    return known == null ? found(hash, token, asked, changed) : Mono.just(known);
                });
        return Mono.using(
                        () -> changes.watch(hash),
                        watch ->
                                holder.flatMap(known ->
                                        watch.changed()
                                                .doOnSuccess(_ -> changed.set(true))
                                                .or(ends(known))),
                        TokenChanges.Watch::close)
                .repeat()
                .then();
    }

    /** The holder of a token by a cached answer; null if there is none. */
    private @Nullable Holder known(String hash) {
        CompletableFuture<Answer> answer = fresh.getIfPresent(hash);
        if (answer == null || answer.state() != Future.State.SUCCESS) {
            return null;
        }
        Answer known = answer.resultNow();
        return known instanceof Answer.Untold ? null : holder(known);
    }

    /**
     * The holder of a token; the catalog is asked until it answers. Unless the token may have
     * changed, its last confirmation will do as well.
     */
    private Mono<Holder> found(
            String hash, String token, Authentication asked, AtomicBoolean changed) {
        return answer(hash, token, asked)
                .map(answer -> changed.get() ? told(answer) : holder(answer))
                .retryWhen(
                        Retry.fixedDelay(Long.MAX_VALUE, AGAIN)
                                .filter(AuthenticationServiceException.class::isInstance));
    }

    /** Completes when a token may have ended by itself. */
    private Mono<Void> ends(Holder holder) {
        if (holder.until() == null) {
            return Mono.never();
        }
        Duration left = Duration.between(clock.instant(), holder.until()).plusMillis(1);
        return Mono.delay(left.compareTo(LONGEST_LOOK) < 0 ? left : LONGEST_LOOK).then();
    }

    /**
     * Forgets the catalog's answer about a token that changed: the next request asks again.
     *
     * @param hash see {@link TokenHash}
     */
    public void forget(String hash) {
        forgotten.incrementAndGet();
        fresh.synchronous().invalidate(hash);
        confirmed.invalidate(hash);
        changes.tell(hash);
    }

    /**
     * Forgets the catalog's answers about all tokens, since any may have changed unheard. The
     * catalog is asked about each again before it is served, and about watched ones a few at a
     * time. While the catalog does not answer, the last confirmation of a token goes on counting.
     */
    public void forgetAll() {
        allForgotten.incrementAndGet();
        fresh.synchronous().invalidateAll();
        Iterator<String> watched = changes.watched().iterator();
        for (int i = 0; i < LookupPlaces.PLACES; i++) {
            tellInTurn(watched);
        }
    }

    /** Tells those who watch the next token, and goes on once the question about it has ended. */
    private void tellInTurn(Iterator<String> watched) {
        for (String hash = next(watched); hash != null; hash = next(watched)) {
            changes.tell(hash);
            CompletableFuture<Answer> asked = fresh.getIfPresent(hash);
            if (asked != null && !asked.isDone()) {
                var _ = asked.whenCompleteAsync((_, _) -> tellInTurn(watched));
                return;
            }
        }
    }

    private static @Nullable String next(Iterator<String> watched) {
        synchronized (watched) {
            return watched.hasNext() ? watched.next() : null;
        }
    }

    private CompletableFuture<Answer> look(String hash, String token, String client) {
        Moment asked = new Moment(forgotten.get(), allForgotten.get());
        Holder before = confirmed.getIfPresent(hash);
        if (before != null) {
            return question.ask(token, HURRIED)
                    .handle((answer, failure) ->
                            failure == null
                                    ? new Answer.Told(keep(hash, answer, asked))
                                    : new Answer.Kept(before, cause(failure)));
        }
        return strangers
                .lookUp(client, () -> question.ask(token, DEADLINE))
                .handle((answer, failure) ->
                        failure == null
                                ? new Answer.Told(keep(hash, answer, asked))
                                : new Answer.Untold(cause(failure)));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    /** The counts of forgotten tokens at the time of a question. */
    private record Moment(long one, long all) {}

    private Optional<Holder> keep(String hash, Optional<Holder> answer, Moment asked) {
        if (answer.isEmpty() || asked.one != forgotten.get()) {
            confirmed.invalidate(hash);
        } else if (asked.all == allForgotten.get()) {
            confirmed.put(hash, answer.get());
        }
        return answer;
    }

    private boolean lasts(Holder holder) {
        return holder.until() == null || clock.instant().isBefore(holder.until());
    }

    private static AuthenticationServiceException unavailable(Throwable failure) {
        return new AuthenticationServiceException(
                failure instanceof LookupPlaces.NoneFreeException
                        ? "The token can't be checked now: too many unknown ones are being checked"
                                + " at once. Please try again in a moment."
                        : "The token can't be checked now: the catalog does not answer.",
                failure);
    }

    @Override
    public void close() {
        question.close();
    }
}
