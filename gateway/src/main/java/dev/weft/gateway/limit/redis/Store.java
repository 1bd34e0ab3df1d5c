package dev.weft.gateway.limit.redis;

import dev.weft.gateway.limit.allowance.Claim;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The place in which all gateways count. Answers fail if it can't be reached, and may never come if
 * it hangs. Any thread.
 */
interface Store extends AutoCloseable {
    /** No lease. */
    String NO_LEASE = "";

    /**
     * Takes all of a claim or nothing.
     *
     * @param lease of the request's stream; {@link #NO_LEASE} if streams are not limited
     */
    CompletableFuture<Reply> take(Claim claim, String lease);

    /** Gives back what requests of a key held. */
    CompletableFuture<?> settle(Settlement settlement);

    /**
     * Keeps the leases of streams that run.
     *
     * @param known true renews only leases that the store has; false also restores those that it
     *     has lost
     */
    CompletableFuture<?> renew(long key, List<String> leases, boolean known);

    /** Announces a gateway; answers how many there are. */
    CompletableFuture<Long> announce(String gateway);

    /** Says that a gateway goes. */
    CompletableFuture<?> leave(String gateway);

    /**
     * Makes a connection if there is none. Blocks, for a few seconds at most.
     *
     * @throws java.util.concurrent.ExecutionException if none can be made
     */
    void connect() throws Exception;

    /** Ends a connection that does not answer; its commands fail. */
    void disconnect();

    @Override
    void close();
}
