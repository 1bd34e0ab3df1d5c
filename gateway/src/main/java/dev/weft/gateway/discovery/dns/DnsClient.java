package dev.weft.gateway.discovery.dns;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Asks name servers, one after the other if one doesn't answer, over UDP and again over TCP if an
 * answer is cut off. It keeps no answers. Each question goes out from a port of its own: whoever
 * forges an answer has to guess the port as well. Any thread.
 */
final class DnsClient implements AutoCloseable {
    private static final Duration ONE_SERVER = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int MOST_QUERIES = 6;

    /** The largest datagram that most networks pass in one piece. */
    private static final int MOST_BYTES_OVER_UDP = 1232;

    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("worker-dns", true), NioIoHandler.newFactory());
    private final DnsNameResolver resolver;

    /**
     * A client of these name servers.
     *
     * @param servers empty for those of the machine
     */
    DnsClient(List<InetSocketAddress> servers) {
        DnsServerAddressStreamProvider provider =
                servers.isEmpty()
                        ? DnsServerAddressStreamProviders.platformDefault()
                        : new SequentialDnsServerAddressStreamProvider(servers);
        resolver =
                new DnsNameResolverBuilder(loop.next())
                        .datagramChannelType(NioDatagramChannel.class)
                        .socketChannelType(NioSocketChannel.class)
                        .datagramChannelStrategy(
                                DnsNameResolverChannelStrategy.ChannelPerResolution)
                        .nameServerProvider(provider)
                        .resolveCache(NoopDnsCache.INSTANCE)
                        .cnameCache(NoopDnsCnameCache.INSTANCE)
                        .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                        .maxPayloadSize(MOST_BYTES_OVER_UDP)
                        .queryTimeoutMillis(ONE_SERVER.toMillis())
                        .maxQueriesPerResolve(MOST_QUERIES)
                        .build();
    }

    /**
     * Asks for the records of a name. The future fails with a {@link DnsFailure} if no server has
     * an answer, and with a {@link java.util.concurrent.TimeoutException} after 10 s.
     *
     * @param name a full name
     * @param read reads a record; may throw if the record is malformed
     */
    <T> CompletableFuture<DnsAnswer<T>> ask(
            String name, DnsRecordType type, Function<DnsRawRecord, T> read) {
        var answer = new CompletableFuture<DnsAnswer<T>>();
        DnsQuestion question;
        try {
            question = new DefaultDnsQuestion(name + ".", type);
        } catch (IllegalArgumentException _) {
            answer.completeExceptionally(new DnsFailure("no name of DNS"));
            return answer;
        }
        resolver.resolveAll(question)
                .addListener((Future<List<DnsRecord>> asked) -> {
                    try {
                        answer.complete(answer(asked, type, read));
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                });
        return answer.orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static <T> DnsAnswer<T> answer(
            Future<List<DnsRecord>> asked, DnsRecordType type, Function<DnsRawRecord, T> read) {
        if (!asked.isSuccess()) {
            if (hasNone(asked.cause())) {
                return new DnsAnswer<>(List.of(), Duration.ZERO);
            }
            throw DnsFailure.of(asked.cause());
        }
        List<DnsRecord> records = asked.getNow();
        try {
            List<T> found = new ArrayList<>();
            long ttl = Long.MAX_VALUE;
            for (DnsRecord record : records) {
                if (record.type().equals(type) && record instanceof DnsRawRecord raw) {
                    found.add(read.apply(raw));
                    ttl = Math.min(ttl, record.timeToLive());
                }
            }
            return new DnsAnswer<>(found, Duration.ofSeconds(found.isEmpty() ? 0 : ttl));
        } catch (RuntimeException e) {
            throw new DnsFailure("a malformed record");
        } finally {
            records.forEach(ReferenceCountUtil::release);
        }
    }

    /**
     * True if there is no such name, or it has no record of that type. In the second case Netty
     * gives no cause; if a server did not answer, it gives one.
     */
    private static boolean hasNone(Throwable failure) {
        Throwable cause = failure.getCause();
        if (cause == null) {
            return failure instanceof UnknownHostException;
        }
        return cause instanceof DnsErrorCauseException error
                && error.getCode().equals(DnsResponseCode.NXDOMAIN);
    }

    @Override
    public void close() {
        resolver.close();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
