package dev.weft.gateway.limit.redis;

import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.limit.allowance.Allowances;
import dev.weft.gateway.limit.allowance.MemoryAllowances;
import dev.weft.protocol.loop.Loops;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;

/** Limits that gateways share through one Redis, from start to close. */
public final class RedisLimits implements AutoCloseable {
    private final RedisLink link;
    private final SharedAllowances allowances;

    private RedisLimits(RedisLink link, SharedAllowances allowances) {
        this.link = link;
        this.allowances = allowances;
    }

    /**
     * The address of Redis, and how long gateways wait for it.
     *
     * @param address as in the deployment file
     * @param deadline longest wait of a request
     * @param lease time after which the streams of a gateway that is gone come free
     */
    public record RedisEndpoint(String address, Duration deadline, Duration lease) {
        private static final Duration LEASE = Duration.ofSeconds(15);

        /** An endpoint with the usual lease. */
        public RedisEndpoint(String address, Duration deadline) {
            this(address, deadline, LEASE);
        }

        /** Host and port alone: the rest may be a secret. */
        @Override
        public String toString() {
            URI uri = URI.create(address);
            return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
        }
    }

    /**
     * Prepares them; nothing is connected yet.
     *
     * @param threads event loops that Redis' connection shares; they are not ended
     */
    public static RedisLimits of(
            RedisEndpoint redis,
            ServiceTls tls,
            EventLoopGroup threads,
            SharedMetrics metrics,
            Loops loops) {
        String gateway = UUID.randomUUID().toString().replace("-", "");
        Leases leases = new Leases(gateway);
        Store store = new LettuceStore(redis.address, tls, threads, redis.lease);
        Settlements settlements = new Settlements(store, Settlements.soon());
        RedisLink link =
                new RedisLink(
                        store,
                        new RedisLink.Setup(
                                gateway,
                                redis.toString(),
                                redis.deadline,
                                redis.lease,
                                System::nanoTime),
                        leases,
                        settlements,
                        metrics,
                        loops);
        return new RedisLimits(
                link,
                new SharedAllowances(
                        store,
                        link,
                        new MemoryAllowances(System::nanoTime),
                        leases,
                        redis.deadline,
                        metrics,
                        settlements));
    }

    public Allowances allowances() {
        return allowances;
    }

    /** True if requests ask Redis at present. */
    boolean connected() {
        return link.answers();
    }

    /** Begins to connect. Until then, and if it can't, requests go by estimate. */
    public void start() {
        link.start();
    }

    @Override
    public void close() {
        allowances.settleAll();
        link.close();
    }
}
