package dev.weft.inference.server.residency;

/** The adapter stays in its slot until this is closed. Idempotent, from any thread. */
public interface AdapterLease extends AutoCloseable {
    /** How the adapter came into its slot. */
    default AdapterArrival arrival() {
        return AdapterArrival.RESIDENT;
    }

    @Override
    void close();
}
