package dev.weft.inference.server.residency.slot;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.ArrayDeque;
import java.util.Deque;

/** An adapter that somebody asked for or that is in a slot; the slots' lock guards it. */
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

    /** The tenant among whose slots the adapter counts: the one for whom it has queued. */
    String tenant = "";

    boolean draining;
    int uses;
    int pins;

    /** Uses by the worker itself, which may be asked to end; pins are not among them. */
    int own;

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

    /** Grants the adapter to every ticket that waits. */
    void grantAll() {
        while (!waiting.isEmpty()) {
            SlotTicket ticket = waiting.remove();
            uses++;
            pins += ticket.pins ? 1 : 0;
            own += ticket.isOwn() ? 1 : 0;
            ticket.grant();
        }
    }

    /** Fails every ticket that waits. */
    void failAll(RuntimeException why) {
        while (!waiting.isEmpty()) {
            waiting.remove().fail(why);
        }
    }

    /** A ticket that held the adapter gives it back. */
    void giveBack(SlotTicket ticket) {
        ticket.holds = false;
        uses--;
        pins -= ticket.pins ? 1 : 0;
        own -= ticket.isOwn() ? 1 : 0;
    }

    /**
     * Whether only the worker itself uses the adapter, so that it could leave its slot if the
     * worker gave it back.
     */
    boolean isHeldByTheWorkerAlone() {
        return uses > 0 && uses == own;
    }

    /** A ticket that waited for the adapter waits no more. */
    void leave(SlotTicket ticket) {
        ticket.waiting = false;
        waiting.remove(ticket);
    }
}
