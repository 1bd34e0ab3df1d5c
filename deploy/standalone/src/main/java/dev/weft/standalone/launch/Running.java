package dev.weft.standalone.launch;

import dev.weft.standalone.log.ServiceLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that this process runs. They are closed together when the process is told to end
 * (Ctrl-C, TERM). A service that hangs is abandoned, so that the process still ends. Safe for any
 * thread.
 */
final class Running {
    private static final Logger LOG = LoggerFactory.getLogger(Running.class);

    private final Duration deadline;
    private final List<RunningService> services = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean closed;

    /**
     * @param deadline how long services may take to end, all together
     */
    Running(Duration deadline) {
        this.deadline = deadline;
    }

    /** Closes them when the JVM ends. */
    void closeAtExit() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("weft-end").unstarted(this::end));
    }

    private void end() {
        LOG.info("ending");
        ServiceLog.ending();
        close();
    }

    /** Takes a service over; closes it at once if the end has come already. */
    void add(RunningService service) {
        synchronized (this) {
            if (!closed) {
                services.add(service);
                return;
            }
        }
        service.handle().close();
    }

    /**
     * Returns once they are closed. It has no deadline: services run until the process is told to
     * end.
     */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    void close() {
        List<RunningService> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(services);
            services.clear();
        }
        var open = new CountDownLatch(all.size());
        for (RunningService service : all) {
            // Virtual threads are daemons, so the end of the JVM waits for none of them.
            Thread.ofVirtual().name("weft-end-" + service.name()).start(() -> close(service, open));
        }
        try {
            if (!open.await(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("{} of {} services did not end in time", open.getCount(), all.size());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private static void close(RunningService service, CountDownLatch open) {
        try {
            service.handle().close();
        } catch (RuntimeException e) {
            LOG.warn("the {} did not end cleanly", service.name(), e);
        } finally {
            open.countDown();
        }
    }
}
