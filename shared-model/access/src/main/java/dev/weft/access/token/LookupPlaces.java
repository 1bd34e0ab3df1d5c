package dev.weft.access.token;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many tokens are looked up at once. Up to {@link #WAITING} further ones wait in order,
 * each for a limited time. One client has half of the places and half of the queue at most, so that
 * a flood of invented tokens leaves some to others. Any thread; never blocks.
 */
final class LookupPlaces {
    /** Lookups at once. */
    static final int PLACES = 64;

    /** Lookups that wait for a place. */
    static final int WAITING = 2_000;

    /** Of one client. */
    static final int SHARE = PLACES / 2;

    /** Of one client. */
    static final int WAITING_SHARE = WAITING / 2;

    private final Duration patience;
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private final Map<String, Client> clients = new HashMap<>();
    private int held;

    /** There was no place in time. */
    static final class NoneFreeException extends RuntimeException {
        NoneFreeException() {
            super("too many unknown tokens are being looked up", null, false, false);
        }
    }

    /** A lookup that waits for a place. It is equal to itself only. */
    private static final class Waiter {
        final String client;
        final CompletableFuture<Waiter> place = new CompletableFuture<>();

        Waiter(String client) {
            this.client = client;
        }
    }

    private static final class Client {
        int held;
        int waiting;
    }

    /**
     * @param patience the longest wait for a place
     */
    LookupPlaces(Duration patience) {
        this.patience = patience;
    }

    /**
     * Looks up once there is a place for it.
     *
     * @param client whose share counts
     * @return fails with a {@link NoneFreeException} if there is no place in time
     */
    <T> CompletableFuture<T> lookUp(String client, Supplier<CompletableFuture<T>> lookup) {
        Waiter waiter = new Waiter(client);
        CompletableFuture<Waiter> place =
                switch (enter(waiter)) {
                    case HELD -> CompletableFuture.completedFuture(waiter);
                    case WAITS -> patient(waiter);
                    case REFUSED -> CompletableFuture.failedFuture(new NoneFreeException());
                };
        return place.thenCompose(held ->
                CompletableFuture.completedFuture(held)
                        .thenCompose(_ -> lookup.get())
                        .whenComplete((_, _) -> release(client)));
    }

    private CompletableFuture<Waiter> patient(Waiter waiter) {
        return waiter.place
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(_ -> {
                    left(waiter);
                    return CompletableFuture.failedFuture(new NoneFreeException());
                })
                // on another thread, outside the stack of the lookup whose end made room
                .thenApplyAsync(held -> held);
    }

    private enum Entry {
        HELD,
        WAITS,
        REFUSED
    }

    private synchronized Entry enter(Waiter waiter) {
        Client client = clients.computeIfAbsent(waiter.client, _ -> new Client());
        if (hasRoom(client)) {
            hold(client);
            return Entry.HELD;
        }
        if (waiting.size() >= WAITING || client.waiting >= WAITING_SHARE) {
            forget(waiter.client, client);
            return Entry.REFUSED;
        }
        waiting.add(waiter);
        client.waiting++;
        return Entry.WAITS;
    }

    private boolean hasRoom(Client client) {
        return held < PLACES && client.held < SHARE;
    }

    private void hold(Client client) {
        held++;
        client.held++;
    }

    private void release(String client) {
        Waiter next = next(client);
        while (next != null && !next.place.complete(next)) {
            next = next(next.client); // its patience was over
        }
    }

    /**
     * Gives a client's place back, and holds one for the first waiting lookup whose client has
     * room.
     */
    private synchronized @Nullable Waiter next(String leaver) {
        Client left = client(leaver);
        held--;
        left.held--;
        forget(leaver, left);
        for (Waiter waiter : waiting) {
            Client client = client(waiter.client);
            if (hasRoom(client)) {
                waiting.remove(waiter);
                client.waiting--;
                hold(client);
                return waiter;
            }
        }
        return null;
    }

    private synchronized void left(Waiter waiter) {
        if (waiting.remove(waiter)) {
            Client client = client(waiter.client);
            client.waiting--;
            forget(waiter.client, client);
        }
    }

    private Client client(String name) {
        return clients.getOrDefault(name, new Client());
    }

    private void forget(String name, Client client) {
        if (client.held == 0 && client.waiting == 0) {
            clients.remove(name);
        }
    }
}
