package dev.weft.service;

import org.springframework.context.SmartLifecycle;

/**
 * A part of a service that starts and ends with its context. The part that starts first ends last.
 * Spring calls it from one thread.
 */
public final class ServiceStage implements SmartLifecycle {
    /** The phase before the web server starts, and after it has ended. */
    private static final int BESIDE_THE_SERVER = 0;

    private final int phase;
    private final Runnable start;
    private final Runnable stop;
    private volatile boolean running;

    private ServiceStage(int phase, Runnable start, Runnable stop) {
        this.phase = phase;
        this.start = start;
        this.stop = stop;
    }

    /** Runs from before the service listens until after its last answer. */
    public static ServiceStage beside(Runnable start, Runnable stop) {
        return new ServiceStage(BESIDE_THE_SERVER, start, stop);
    }

    /**
     * Runs while the service listens.
     *
     * @param stop may wait: the server still answers, though it is not ready any more
     */
    public static ServiceStage listening(Runnable start, Runnable stop) {
        return new ServiceStage(DEFAULT_PHASE, start, stop);
    }

    @Override
    public void start() {
        running = true;
        start.run();
    }

    @Override
    public void stop() {
        running = false;
        stop.run();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return phase;
    }
}
