package dev.weft.inference.server.residency.slot;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.concurrent.CompletableFuture;

/** A request to {@link AdapterSlots} for an adapter; their lock guards its state. */
public final class SlotTicket {
    final SlotEntry entry;
    final String tenant;
    final boolean pins;
    boolean waiting = true;
    boolean holds;
    private final CompletableFuture<SlotTicket> granted = new CompletableFuture<>();

    SlotTicket(SlotEntry entry, String tenant, boolean pins) {
        this.entry = entry;
        this.tenant = tenant;
        this.pins = pins;
    }

    public AdapterDigest digest() {
        return entry.digest;
    }

    /** Completes when the adapter may be used, exceptionally if it can't be had. */
    public CompletableFuture<SlotTicket> granted() {
        return granted;
    }

    /** Whether the worker asks for itself, for no tenant. */
    boolean isOwn() {
        return tenant.isEmpty() && !pins;
    }

    void grant() {
        waiting = false;
        holds = true;
        granted.complete(this);
    }

    void fail(RuntimeException why) {
        waiting = false;
        granted.completeExceptionally(why);
    }
}
