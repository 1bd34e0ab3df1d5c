package dev.weft.inference.server.residency;

/** The adapter stays in its slot until this is closed. Idempotent, from any thread. */
public interface AdapterLease extends AutoCloseable {
    /** How the adapter came into its slot. */
    default AdapterArrival arrival() {
        return AdapterArrival.RESIDENT;
    }

    /**
     * True while others wait for the slot and the adapter's turn is over: nobody else gets it
     * before this is closed. Who keeps a lease for longer than a request has to look.
     */
    default boolean isWanted() {
        return false;
    }

    @Override
    void close();
}
