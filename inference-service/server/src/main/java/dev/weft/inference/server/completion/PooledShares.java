package dev.weft.inference.server.completion;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many choices of requests for vectors the engine is given at once. Such a request may have
 * thousands of inputs. The requests that run share the engine's rows evenly, and each has one
 * choice there at least, so that they fill its batch but not its queue. Any thread.
 */
public final class PooledShares {
    private final int rows;
    private final AtomicInteger requests = new AtomicInteger();

    /**
     * @param rows of the engine's batch
     */
    public PooledShares(int rows) {
        this.rows = rows;
    }

    /** Begins a request for vectors. Close its places when the last of its choices has ended. */
    Places begin() {
        requests.incrementAndGet();
        return new Places();
    }

    private int each() {
        return Math.max(1, rows / Math.max(1, requests.get()));
    }

    /** The choices of one request that the engine has. Any thread. */
    final class Places implements AutoCloseable {
        private int taken;
        private boolean closed;

        private Places() {}

        /** Waits until the engine may be given one more. */
        synchronized void acquire() throws InterruptedException {
            // a share that grows is taken when one of its own ends
            while (taken >= each()) {
                wait();
            }
            taken++;
        }

        /** The engine has one less. */
        synchronized void release() {
            taken--;
            notifyAll();
        }

        /** Its share goes to the others. Idempotent. */
        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                requests.decrementAndGet();
            }
        }
    }
}
