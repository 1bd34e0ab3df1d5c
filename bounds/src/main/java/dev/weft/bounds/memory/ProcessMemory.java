package dev.weft.bounds.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that requests may hold: bodies, what is made of them, answers that wait for slow readers.
 * Who needs some asks before, and answers its client that it can't where there are none left, so
 * that the heap never runs short. Counts are estimates on the safe side. Any thread.
 */
public final class ProcessMemory {
    private static final ProcessMemory HEAP =
            new ProcessMemory(Runtime.getRuntime().maxMemory() / 2);

    private final long most;
    private final AtomicLong taken = new AtomicLong();

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
    public long takenBytes() {
        return taken.get();
    }

    /** Asks for nothing yet; to be closed. */
    public Claim claim() {
        return new Claim(this);
    }

    private boolean take(long bytes) {
        long before = taken.get();
        while (before <= most - bytes) {
            long found = taken.compareAndExchange(before, before + bytes);
            if (found == before) {
                return true;
            }
            before = found;
        }
        return false;
    }

    private void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** What one request holds. Any thread. */
    public static final class Claim implements AutoCloseable {
        private final ProcessMemory memory;
        private long held;
        private boolean closed;

        private Claim(ProcessMemory memory) {
            this.memory = memory;
        }

        /**
         * Asks for more; holds what it held where there is none. Once closed nothing is asked for
         * any more: what still comes is on its way out.
         */
        public synchronized boolean more(long bytes) {
            if (closed) {
                return true;
            }
            if (!memory.take(bytes)) {
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
                memory.giveBack(back);
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
                memory.giveBack(held);
                held = 0;
            }
        }
    }
}
