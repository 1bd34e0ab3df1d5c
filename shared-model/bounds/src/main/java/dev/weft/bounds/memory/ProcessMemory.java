package dev.weft.bounds.memory;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts the bytes that requests may hold: bodies, values made of them, answers that wait for slow
 * readers. A request asks before it takes some; if none are left, its client is refused, so that
 * the heap never runs short. Counts are estimates on the safe side.
 *
 * <p>A tenant may hold seven times the memory that is free after it, so that one that floods leaves
 * memory to the others. Alone it holds seven eighths at most. If {@code n} tenants ask for all they
 * can get, each holds {@code 7 / (7 n + 1)}, and a seventh of that stays free for the next one (the
 * dynamic threshold by which switches share their buffers: Choudhury and Hahne, IEEE/ACM
 * Transactions on Networking 6, 1998). A tenant's only request may hold all that is free, since a
 * small heap could not take a large body otherwise.
 *
 * <p>Any thread; one lock, which is held for a few additions.
 */
public final class ProcessMemory {
    private static final int SHARE = 7;

    private static final ProcessMemory HEAP =
            new ProcessMemory(Runtime.getRuntime().maxMemory() / 2);

    private final long most;
    private final Map<String, Long> held = new HashMap<>();
    private long taken;

    /**
     * @param mostBytes all bytes that can be given
     */
    public ProcessMemory(long mostBytes) {
        if (mostBytes < 1) {
            throw new IllegalArgumentException(mostBytes + " bytes: allowed is 1 or more");
        }
        this.most = mostBytes;
    }

    /** Half of this process's heap, shared by all services in it. */
    public static ProcessMemory ofHeap() {
        return HEAP;
    }

    /** All bytes that can be given. */
    public long mostBytes() {
        return most;
    }

    /** The bytes given at the moment. */
    public synchronized long takenBytes() {
        return taken;
    }

    /** Creates a claim for a request of a tenant. It holds nothing yet, and must be closed. */
    public Claim claim(String tenant) {
        return new Claim(this, tenant);
    }

    /**
     * @param before bytes that the request holds already
     */
    private synchronized boolean take(String tenant, long before, long bytes) {
        long free = most - taken - bytes;
        long its = held.getOrDefault(tenant, 0L) + bytes;
        boolean only = its == before + bytes;
        if (free < 0 || (!only && its > free * SHARE)) {
            return false;
        }
        held.put(tenant, its);
        taken += bytes;
        return true;
    }

    private synchronized void giveBack(String tenant, long bytes) {
        taken -= bytes;
        held.compute(
                tenant, (_, its) -> its == null || its <= bytes ? null : Long.valueOf(its - bytes));
    }

    /** The memory that one request holds. Any thread. */
    public static final class Claim implements AutoCloseable {
        private final ProcessMemory memory;
        private final String tenant;
        private long held;
        private boolean closed;

        private Claim(ProcessMemory memory, String tenant) {
            this.memory = memory;
            this.tenant = tenant;
        }

        /**
         * Asks for more; the claim stays unchanged if there is none. A closed claim always agrees:
         * its rest is on its way out.
         */
        public synchronized boolean more(long bytes) {
            if (closed) {
                return true;
            }
            if (!memory.take(tenant, held, bytes)) {
                return false;
            }
            held += bytes;
            return true;
        }

        /** Gives some back. */
        public synchronized void less(long bytes) {
            if (!closed) {
                long back = Math.min(bytes, held);
                held -= back;
                memory.giveBack(tenant, back);
            }
        }

        /** True if no request could have that much, however long it waits. */
        public synchronized boolean neverHas(long more) {
            return held + more > memory.most;
        }

        /** Gives back all that it holds. */
        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                memory.giveBack(tenant, held);
                held = 0;
            }
        }
    }
}
