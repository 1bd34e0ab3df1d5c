package dev.weft.inference.server.residency.slot;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.ArrayDeque;
import java.util.Deque;

/** One adapter that somebody asked for or that is in a slot; guarded by the lock of the slots. */
final class SlotEntry {
    enum Phase {
        FETCHING,
        QUEUED,
        LOADING,
        RESIDENT
    }

    final AdapterDigest digest;
    final Deque<SlotTicket> waiting = new ArrayDeque<>();
    Phase phase = Phase.FETCHING;

    /** Whose slots it counts among: the one's for whom it has queued. */
    String tenant = "";

    boolean draining;
    int uses;
    int pins;

    /** Place in the order of uses. */
    long lastUsed;

    /** Nanoseconds of the slots' clock. */
    long turnBegan;

    SlotEntry(AdapterDigest digest) {
        this.digest = digest;
    }

    SlotTicket ask(String asking, boolean pinning) {
        SlotTicket ticket = new SlotTicket(this, asking, pinning);
        waiting.add(ticket);
        return ticket;
    }

    /** Nobody waits after it. */
    void grantAll() {
        while (!waiting.isEmpty()) {
            SlotTicket ticket = waiting.remove();
            uses++;
            pins += ticket.pins ? 1 : 0;
            ticket.grant();
        }
    }

    /** Nobody waits after it. */
    void failAll(RuntimeException why) {
        while (!waiting.isEmpty()) {
            waiting.remove().fail(why);
        }
    }

    /** One who held it gives it back. */
    void giveBack(SlotTicket ticket) {
        ticket.holds = false;
        uses--;
        pins -= ticket.pins ? 1 : 0;
    }

    /** One who waited for it does no more. */
    void leave(SlotTicket ticket) {
        ticket.waiting = false;
        waiting.remove(ticket);
    }
}
