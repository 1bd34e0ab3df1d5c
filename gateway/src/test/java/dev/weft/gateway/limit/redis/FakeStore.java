package dev.weft.gateway.limit.redis;

import dev.weft.gateway.limit.allowance.Claim;
import dev.weft.gateway.limit.allowance.Levels;
import dev.weft.gateway.limit.allowance.Limit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A store that answers when a test wants it to. For one thread. */
final class FakeStore implements Store {
    static final Reply GRANTED = new Reply(null, Duration.ZERO, new Levels(null, null));
    static final Reply REFUSED =
            new Reply(Limit.STREAMS, Duration.ofSeconds(1), new Levels(null, null));

    /** Claims without an answer, in their order. */
    final Deque<CompletableFuture<Reply>> asked = new ArrayDeque<>();

    final List<Settlement> settled = new ArrayList<>();

    /** Each as {@code KEY LEASES known|all}. */
    final List<String> renewed = new ArrayList<>();

    /** What a test does between the listing of leases and their renewal. */
    Runnable beforeRenew = () -> {};

    /** How much had been settled at each claim. */
    final List<Integer> settledWhenAsked = new ArrayList<>();

    CompletableFuture<?> settles = CompletableFuture.completedFuture(0L);
    int connections;
    boolean open;
    CompletableFuture<Long> gateways = CompletableFuture.completedFuture(2L);

    @Override
    public CompletableFuture<Reply> take(Claim claim, String lease) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        asked.add(answer);
        settledWhenAsked.add(settled.size());
        return answer;
    }

    @Override
    public CompletableFuture<?> settle(Settlement settlement) {
        settled.add(settlement);
        return settles;
    }

    @Override
    public CompletableFuture<?> renew(long key, List<String> leases, boolean known) {
        beforeRenew.run();
        renewed.add(key + " " + leases.size() + " " + (known ? "known" : "all"));
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public CompletableFuture<Long> announce(String gateway) {
        return gateways;
    }

    @Override
    public CompletableFuture<?> leave(String gateway) {
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public void connect() {
        if (!open) {
            connections++;
            open = true;
        }
    }

    @Override
    public void disconnect() {
        open = false;
    }

    @Override
    public void close() {
        open = false;
    }
}
