package dev.weft.bounds.memory;

import java.util.HashMap;
import java.util.Map;

/**
 * Bytes that requests may hold: bodies, what is made of them, answers that wait for slow readers.
 * Who needs some asks before, and answers its client that it can't where there are none left, so
 * that the heap never runs short. Counts are estimates on the safe side.
 *
 * <p>A tenant may hold seven times what is free after it, so that one that floods leaves memory to
 * the others: alone it holds seven eighths at most, and of {@code n} that ask for all they can get
 * each holds {@code 7 / (7 n + 1)}, while a seventh of that stays free for who comes next (the
 * dynamic threshold by which switches share their buffers: Choudhury and Hahne, IEEE/ACM
 * Transactions on Networking 6, 1998). Its only request may hold all that is free, since a small
 * heap could not take a large body otherwise.
 *
 * <p>Any thread; one lock, held for a few additions.
 */
public final class ProcessMemory {
    private static final int SHARE = 7;

    private static final ProcessMemory HEAP =
            new ProcessMemory(Runtime.getRuntime().maxMemory() / 2);

    private final long most;
    private final Map<String, Long> held = new HashMap<>();
    private long taken;

    /**
     * @param mostBytes all that there is to give
     */
    public ProcessMemory(long mostBytes) {
        if (mostBytes < 1) {
            throw new IllegalArgumentException(mostBytes + " bytes: allowed is 1 or more");
        }
        this.most = mostBytes;
    }

    /** Half of this process's heap; one for all services in it. */
    public static ProcessMemory ofHeap() {
        return HEAP;
    }

    /** All that there is to give. */
    public long mostBytes() {
        return most;
    }

    /** Given at the moment. */
    public synchronized long takenBytes() {
        return taken;
    }

    /** Asks for nothing yet, for a request of a tenant; to be closed. */
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

    /** What one request holds. Any thread. */
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
         * Asks for more; holds what it held where there is none. Once closed nothing is asked for
         * any more: what still comes is on its way out.
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

        /** No request could have so much, however long it waits. */
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
