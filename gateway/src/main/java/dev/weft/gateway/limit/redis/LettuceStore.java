package dev.weft.gateway.limit.redis;

import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.limit.allowance.Claim;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Redis, or a server that speaks its protocol, over one connection that all requests share. A
 * broken connection is not repaired: its commands fail, none is sent twice, and the next {@link
 * #connect} makes a new one. Any thread.
 */
final class LettuceStore implements Store {
    private static final String PREFIX = "weft:limits:";
    private static final String GATEWAYS = PREFIX + "gateways";
    private static final Duration CONNECT = Duration.ofSeconds(1);

    /** Time for a connection with its TLS and its password. */
    private static final Duration HANDSHAKE = CONNECT.multipliedBy(2);

    /** Commands under way; more are refused, and their requests go by estimate. */
    private static final int MOST_UNDER_WAY = 20_000;

    /** The fewest threads that Lettuce allows. */
    private static final int THREADS = 2;

    /** Leases that one command renews. */
    private static final int MOST_LEASES = 1_000;

    private final ClientResources resources;
    private final RedisClient client;
    private final RedisURI address;
    private final Duration lease;
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile boolean closed;

    /**
     * Connects to nothing yet.
     *
     * @param address {@code redis://} or {@code rediss://}, which is TLS, with a password if wanted
     * @param tls what servers are checked against, and the certificate shown to them
     * @param threads event loops, which are not ended
     * @param lease time of a stream's lease
     */
    LettuceStore(String address, ServiceTls tls, EventLoopGroup threads, Duration lease) {
        this.lease = lease;
        this.address = RedisURI.create(address);
        this.address.setTimeout(CONNECT);
        this.address.setClientName("weft-gateway");
        resources =
                DefaultClientResources.builder()
                        .eventLoopGroupProvider(new SharedThreads(threads))
                        .computationThreadPoolSize(THREADS)
                        .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                        .nettyCustomizer(new JoinedWrites())
                        .build();
        client = RedisClient.create(resources);
        client.setOptions(
                ClientOptions.builder()
                        .autoReconnect(false)
                        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                        .requestQueueSize(MOST_UNDER_WAY)
                        .socketOptions(SocketOptions.builder().connectTimeout(CONNECT).build())
                        .sslOptions(
                                SslOptions.builder()
                                        .jdkSslProvider()
                                        .sslContext(tls::configure)
                                        .handshakeTimeout(CONNECT)
                                        .build())
                        .build());
    }

    @Override
    public CompletableFuture<Reply> take(Claim claim, String stream) {
        return this.<List<Object>>run(
                        Script.TAKE,
                        ScriptOutputType.MULTI,
                        keys(claim.key()),
                        text(claim.requestsPerMinute()),
                        text(claim.tokensPerMinute()),
                        text(claim.tokens()),
                        text(claim.streams()),
                        stream,
                        text(lease.toMillis()))
                .thenApply(numbers -> Reply.of(claim, numbers));
    }

    @Override
    public CompletableFuture<?> settle(Settlement settlement) {
        List<String> arguments = new ArrayList<>();
        arguments.add(text(settlement.requestsPerMinute()));
        arguments.add(text(settlement.requests()));
        arguments.add(text(settlement.tokensPerMinute()));
        arguments.add(text(settlement.tokens()));
        arguments.addAll(settlement.leases());
        return run(
                Script.SETTLE,
                ScriptOutputType.INTEGER,
                keys(settlement.key()),
                arguments.toArray(String[]::new));
    }

    @Override
    public CompletableFuture<?> renew(long key, List<String> leases, boolean known) {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int from = 0; from < leases.size(); from += MOST_LEASES) {
            List<String> arguments = new ArrayList<>();
            arguments.add(text(lease.toMillis()));
            arguments.add(known ? "1" : "0");
            arguments.addAll(leases.subList(from, Math.min(leases.size(), from + MOST_LEASES)));
            all.add(
                    run(
                            Script.RENEW,
                            ScriptOutputType.INTEGER,
                            new String[] {streams(key)},
                            arguments.toArray(String[]::new)));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    @Override
    public CompletableFuture<Long> announce(String gateway) {
        return run(
                Script.ANNOUNCE,
                ScriptOutputType.INTEGER,
                new String[] {GATEWAYS},
                gateway,
                text(RedisLink.SEEN.toMillis()));
    }

    @Override
    public CompletableFuture<?> leave(String gateway) {
        return ask(now -> now.async().zrem(GATEWAYS, gateway).toCompletableFuture());
    }

    private static String[] keys(long key) {
        return new String[] {name(key, "requests"), name(key, "tokens"), streams(key)};
    }

    private static String streams(long key) {
        return name(key, "streams");
    }

    /** The part in braces decides the server of a cluster, so all of a key lies on one. */
    private static String name(long key, String kind) {
        return PREFIX + "{" + key + "}:" + kind;
    }

    private static String text(@Nullable Number number) {
        return number == null ? "0" : number.toString();
    }

    /** Runs a script by its digest; by its text if Redis does not know it. */
    private <T> CompletableFuture<T> run(
            Script script, ScriptOutputType type, String[] keys, String... arguments) {
        return ask(now ->
                now.async()
                        .<T>evalsha(script.digest(), type, keys, arguments)
                        .toCompletableFuture()
                        .exceptionallyCompose(failure ->
                                isUnknown(failure)
                                        ? now.async()
                                                .<T>eval(script.text(), type, keys, arguments)
                                                .toCompletableFuture()
                                        : CompletableFuture.failedFuture(failure)));
    }

    private static boolean isUnknown(Throwable failure) {
        return failure instanceof RedisNoScriptException
                || (failure instanceof CompletionException
                        && failure.getCause() instanceof RedisNoScriptException);
    }

    private <T> CompletableFuture<T> ask(
            Function<StatefulRedisConnection<String, String>, CompletableFuture<T>> question) {
        StatefulRedisConnection<String, String> now = connection;
        if (now == null) {
            return CompletableFuture.failedFuture(new RedisException("there is no connection"));
        }
        try {
            return question.apply(now);
        } catch (RedisException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void connect() throws Exception {
        StatefulRedisConnection<String, String> now = connection;
        if (closed || (now != null && now.isOpen())) {
            return;
        }
        disconnect();
        CompletableFuture<StatefulRedisConnection<String, String>> made =
                client.connectAsync(StringCodec.UTF8, address).toCompletableFuture();
        try {
            StatefulRedisConnection<String, String> fresh =
                    made.get(HANDSHAKE.toNanos(), TimeUnit.NANOSECONDS);
            load(fresh);
            connection = fresh;
        } catch (TimeoutException | InterruptedException e) {
            CompletableFuture<?> _ =
                    made.thenAccept(late -> {
                        CompletableFuture<?> _ = late.closeAsync();
                    });
            throw e;
        }
    }

    /**
     * Has Redis know all scripts before any is run. If it doesn't know one, that one's text goes
     * out behind what was sent meanwhile, and a claim comes before the settlement that makes room
     * for it. Where scripts may not be loaded, their texts are sent still.
     */
    private static void load(StatefulRedisConnection<String, String> fresh) {
        for (Script script : Script.ALL) {
            Object _ = fresh.async().scriptLoad(script.text());
        }
    }

    @Override
    public void disconnect() {
        StatefulRedisConnection<String, String> now = connection;
        connection = null;
        if (now != null) {
            CompletableFuture<?> _ = now.closeAsync();
        }
    }

    @Override
    public void close() {
        closed = true;
        connection = null; // which the client ends with itself
        CompletableFuture<?> _ =
                client.shutdownAsync(0, CONNECT.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete((_, _) -> endThreads());
    }

    private void endThreads() {
        Object _ = resources.shutdown(0, 0, TimeUnit.MILLISECONDS);
    }
}
