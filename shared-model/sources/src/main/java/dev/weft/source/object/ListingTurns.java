package dev.weft.source.object;

import dev.weft.source.object.StoreException.Kind;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets few listings run at once. OpenDAL gathers a whole listing before it answers, and goes on
 * with it when nobody waits any more. So a listing keeps its place until it has really ended, and
 * its store is not listed again before that if nobody waits for it. Safe for any thread.
 */
final class ListingTurns {
    private final Semaphore places;
    private final Set<String> abandoned = ConcurrentHashMap.newKeySet();

    /**
     * @param places listings that may run at once
     */
    ListingTurns(int places) {
        this.places = new Semaphore(places, true);
    }

    /**
     * Begins a listing; when nobody waits for it any more, call {@link #left}.
     *
     * @param address of the store
     * @param patience longest wait for a place
     */
    <T> CompletableFuture<T> begin(
            String address, Duration patience, Supplier<CompletableFuture<T>> listing)
            throws StoreException, InterruptedException {
        if (abandoned.contains(address)) {
            throw new StoreException(
                    Kind.TIMEOUT,
                    address + ": an earlier listing, which took too long, has not ended yet");
        }
        if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new StoreException(
                    Kind.TIMEOUT, address + ": other listings have not ended within " + patience);
        }
        CompletableFuture<T> begun;
        try {
            begun = listing.get();
        } catch (RuntimeException | Error e) {
            places.release();
            throw e;
        }
        var _ = begun.whenComplete((_, _) -> places.release());
        return begun;
    }

    /** Notes that nobody waits for a listing any more; the listing may go on. */
    void left(String address, CompletableFuture<?> listing) {
        if (!listing.isDone()) {
            abandoned.add(address);
            var _ = listing.whenComplete((_, _) -> abandoned.remove(address));
        }
    }
}
