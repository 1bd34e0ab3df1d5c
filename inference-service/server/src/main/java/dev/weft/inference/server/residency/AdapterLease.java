package dev.weft.inference.server.residency;

/**
 * Keeps an adapter in its slot until the lease is closed. Closing is idempotent, from any thread.
 */
public interface AdapterLease extends AutoCloseable {
    /** How the adapter came into its slot. */
    default AdapterArrival arrival() {
        return AdapterArrival.RESIDENT;
    }

    /**
     * True while others wait for the slot and the adapter's turn is over. Nobody else gets the slot
     * before this is closed, so whoever keeps a lease for longer than a request has to look.
     */
    default boolean isWanted() {
        return false;
    }

    @Override
    void close();
}
