package dev.weft.inference.server.residency;

import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.protocol.adapter.AdapterDigest;

/** Leases adapters. */
public interface AdapterLeases {
    /**
     * Waits until the adapter is in a slot; call it from a virtual thread.
     *
     * @throws dev.weft.protocol.error.ApiException {@code ADAPTER_LOADING} if the deadline passed,
     *     {@code ADAPTER_UNAVAILABLE} if it can't be fetched, is not what its digest says or does
     *     not fit, {@code REQUEST_FAILED} if the engine refuses it; a later try starts afresh
     */
    AdapterLease lease(AdapterDigest digest, Deadline deadline) throws InterruptedException;

    /** Waits until the adapter is in a slot for a tenant; tenants take turns if that matters. */
    default AdapterLease lease(String tenant, AdapterDigest digest, Deadline deadline)
            throws InterruptedException {
        return lease(digest, deadline);
    }
}
