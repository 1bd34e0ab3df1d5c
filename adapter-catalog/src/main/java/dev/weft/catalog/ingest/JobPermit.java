package dev.weft.catalog.ingest;

import dev.weft.catalog.fetch.RejectedException;
import dev.weft.catalog.fetch.TenantPlaces;
import java.io.IOException;
import java.time.Duration;

/** A job's place among those at work. The job gives it up while it only waits. For one thread. */
final class JobPermit implements AutoCloseable {
    /** Work that may be interrupted. */
    interface Waiting<T> {
        T get() throws RejectedException, IOException, InterruptedException;
    }

    private final TenantPlaces places;
    private final String tenant;
    private boolean held;

    private JobPermit(TenantPlaces places, String tenant) {
        this.places = places;
        this.tenant = tenant;
    }

    /** Waits for a place. Each job at work has a deadline, so this ends. */
    static JobPermit take(TenantPlaces places, String tenant) throws InterruptedException {
        JobPermit permit = new JobPermit(places, tenant);
        permit.take();
        return permit;
    }

    /** Lets other jobs work for that time, also if its place was given up by work that failed. */
    void pause(Duration time) throws InterruptedException {
        close();
        Thread.sleep(time);
        take();
    }

    /** Lets other jobs work until {@code waiting} returns. */
    <T> T aside(Waiting<T> waiting) throws RejectedException, IOException, InterruptedException {
        release();
        T result = waiting.get();
        take();
        return result;
    }

    @Override
    public void close() {
        if (held) {
            release();
        }
    }

    private void take() throws InterruptedException {
        places.take(tenant);
        held = true;
    }

    private void release() {
        held = false;
        places.release(tenant);
    }
}
