package dev.weft.inference.tensorrtllm.triton;

import dev.weft.inference.tensorrtllm.signal.SignalGuard;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.tritonserver.global.tritonserver;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_Error;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_Message;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_Metrics;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_ResponseAllocator;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_ResponseAllocatorStartFn_t;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_Server;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_ServerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Triton's server in this process. Any thread. Models are loaded and unloaded by name; nothing
 * loads by itself.
 *
 * <p>End requests before {@link #close}: it waits for them as long as {@link
 * TritonOptions#exitTimeout} says. If some are left then, it keeps everything that they may still
 * touch, and {@link #isStopped} stays false.
 */
public final class TritonServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TritonServer.class);

    /**
     * The least time between a model's load and its unload. The model's threads start beside the
     * load, and ask for work some time later. If the model is unloaded before, libtritonserver 2.71
     * hands them a queue that is gone, and the process ends.
     */
    private static final Duration SETTLING = Duration.ofMillis(500);

    private final TRITONSERVER_Server server;
    private final Duration exitTimeout;
    private final AtomicInteger calls = new AtomicInteger();

    /** The read lock is held while the server is used, so that no closed server is used. */
    private final ReadWriteLock life = new ReentrantReadWriteLock();

    private volatile long loaded;
    private volatile boolean closed;
    private volatile boolean stopped;

    private TritonServer(TRITONSERVER_Server server, Duration exitTimeout) {
        this.server = server;
        this.exitTimeout = exitTimeout;
        this.loaded = System.nanoTime() - SETTLING.toNanos();
    }

    /** The allocator of the whole process: Triton may use it as long as any response lives. */
    private static final class Allocator {
        static final TRITONSERVER_ResponseAllocator ONE = create();

        private static TRITONSERVER_ResponseAllocator create() {
            try (PointerPointer<TRITONSERVER_ResponseAllocator> out = new PointerPointer<>(1)) {
                Errors.check(
                        tritonserver.TRITONSERVER_ResponseAllocatorNew(
                                out,
                                Callbacks.ALLOCATE,
                                Callbacks.FREE,
                                (TRITONSERVER_ResponseAllocatorStartFn_t) null));
                return out.get(TRITONSERVER_ResponseAllocator.class);
            }
        }
    }

    /**
     * Starts a server without a model.
     *
     * @throws TritonException if it does not start, or if libtritonserver is missing or of another
     *     version
     */
    public static TritonServer start(TritonOptions options) {
        LibraryCheck.check();
        try (PointerPointer<TRITONSERVER_ServerOptions> out = new PointerPointer<>(1)) {
            Errors.check(tritonserver.TRITONSERVER_ServerOptionsNew(out));
            TRITONSERVER_ServerOptions built = out.get(TRITONSERVER_ServerOptions.class);
            try {
                set(built, options);
                return new TritonServer(create(built), options.exitTimeout());
            } finally {
                Errors.check(tritonserver.TRITONSERVER_ServerOptionsDelete(built));
            }
        }
    }

    private static TRITONSERVER_Server create(TRITONSERVER_ServerOptions options) {
        try (PointerPointer<TRITONSERVER_Server> out = new PointerPointer<>(1)) {
            Errors.check(tritonserver.TRITONSERVER_ServerNew(out, options));
            return out.get(TRITONSERVER_Server.class);
        }
    }

    private static void set(TRITONSERVER_ServerOptions to, TritonOptions options) {
        TRITONSERVER_Error[] errors = {
            tritonserver.TRITONSERVER_ServerOptionsSetServerId(to, "weft"),
            tritonserver.TRITONSERVER_ServerOptionsSetModelRepositoryPath(
                    to, options.repository().toString()),
            tritonserver.TRITONSERVER_ServerOptionsSetBackendDirectory(
                    to, options.backends().toString()),
            tritonserver.TRITONSERVER_ServerOptionsSetModelControlMode(
                    to, tritonserver.TRITONSERVER_MODEL_CONTROL_EXPLICIT),
            tritonserver.TRITONSERVER_ServerOptionsSetStrictModelConfig(to, !options.completion()),
            // the default retries without end
            tritonserver.TRITONSERVER_ServerOptionsSetModelLoadRetryCount(to, 0),
            tritonserver.TRITONSERVER_ServerOptionsSetExitTimeout(
                    to, (int) Math.max(1, options.exitTimeout().toSeconds())),
            tritonserver.TRITONSERVER_ServerOptionsSetMetrics(to, true),
            tritonserver.TRITONSERVER_ServerOptionsSetGpuMetrics(to, false),
            tritonserver.TRITONSERVER_ServerOptionsSetCpuMetrics(to, false),
            tritonserver.TRITONSERVER_ServerOptionsSetLogInfo(to, false),
        };
        for (TRITONSERVER_Error error : errors) {
            Errors.check(error);
        }
    }

    /**
     * Loads a model and waits for it. Signal handlers that its backend sets meanwhile are taken
     * back; one model is loaded at a time.
     */
    public void load(String model) {
        try {
            SignalGuard.guard(
                    () -> use(() -> tritonserver.TRITONSERVER_ServerLoadModel(server, model)));
        } finally {
            loaded = System.nanoTime();
        }
    }

    private void settle() {
        long left = SETTLING.toNanos() - (System.nanoTime() - loaded);
        try {
            TimeUnit.NANOSECONDS.sleep(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins to unload a model; its requests finish first. */
    public void unload(String model) {
        settle();
        use(() -> tritonserver.TRITONSERVER_ServerUnloadModel(server, model));
    }

    /** True if nothing is left of a model that was unloaded. */
    public boolean isUnloaded(String model) {
        try (PointerPointer<TRITONSERVER_Message> out = new PointerPointer<>(1)) {
            use(() -> tritonserver.TRITONSERVER_ServerModelIndex(server, 0, out));
            for (JsonNode entry : JsonMapper.shared().readTree(TritonMessages.json(out))) {
                if (entry.path("name").asString("").equals(model)) {
                    return entry.path("reason").asString("").equals("unloaded");
                }
            }
            return true;
        }
    }

    /** True if a model takes requests. */
    public boolean isReady(String model) {
        boolean[] ready = new boolean[1];
        use(() -> tritonserver.TRITONSERVER_ServerModelIsReady(server, model, -1, ready));
        return ready[0];
    }

    /** The configuration of a loaded model as JSON, defaults filled in. */
    public String config(String model) {
        try (PointerPointer<TRITONSERVER_Message> out = new PointerPointer<>(1)) {
            use(() -> tritonserver.TRITONSERVER_ServerModelConfig(server, model, -1, 1, out));
            return TritonMessages.json(out);
        }
    }

    /** Triton's metrics and those of its backends, in Prometheus' text format. */
    public String metrics() {
        try (PointerPointer<TRITONSERVER_Metrics> out = new PointerPointer<>(1)) {
            use(() -> tritonserver.TRITONSERVER_ServerMetrics(server, out));
            TRITONSERVER_Metrics metrics = out.get(TRITONSERVER_Metrics.class);
            try (PointerPointer<Pointer> base = new PointerPointer<>(1);
                    SizeTPointer bytes = new SizeTPointer(1)) {
                Errors.check(
                        tritonserver.TRITONSERVER_MetricsFormatted(
                                metrics, tritonserver.TRITONSERVER_METRIC_PROMETHEUS, base, bytes));
                return TritonMessages.text(base, bytes);
            } finally {
                Errors.check(tritonserver.TRITONSERVER_MetricsDelete(metrics));
            }
        }
    }

    /**
     * Hands a request to a model.
     *
     * @throws TritonException if Triton doesn't take it; the receiver is not called then
     */
    public InferenceCall infer(String model, InferenceInputs inputs, ResponseReceiver receiver) {
        calls.incrementAndGet();
        life.readLock().lock();
        try {
            checkOpen();
            return InferenceCall.start(
                    server, Allocator.ONE, model, inputs, receiver, calls::decrementAndGet);
        } catch (RuntimeException | Error e) {
            calls.decrementAndGet();
            throw e;
        } finally {
            life.readLock().unlock();
        }
    }

    private void use(Supplier<TRITONSERVER_Error> call) {
        life.readLock().lock();
        try {
            checkOpen();
            Errors.check(call.get());
        } finally {
            life.readLock().unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new TritonException(
                    TritonException.Code.UNAVAILABLE, "the Triton server is closed");
        }
    }

    public boolean isClosed() {
        return closed;
    }

    /** True if it was closed and nothing of it runs any more. */
    public boolean isStopped() {
        return stopped;
    }

    /** Requests that Triton has not let go of yet. */
    public int calls() {
        return calls.get();
    }

    @Override
    public void close() {
        if (!begin()) {
            return;
        }
        settle();
        try {
            Errors.check(tritonserver.TRITONSERVER_ServerStop(server));
        } catch (TritonException e) {
            // Triton may still call back, so keep what it touches
            LOG.error("Triton did not stop with {} requests open: {}", calls.get(), e.getMessage());
            return;
        }
        Errors.check(tritonserver.TRITONSERVER_ServerDelete(server));
        stopped = true;
    }

    /** Ends the server's use; false if it is closed, or if a load goes on and on. */
    private boolean begin() {
        try {
            if (!life.writeLock().tryLock(exitTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.error("Triton is still busy after {}, so it is not stopped", exitTimeout);
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            boolean first = !closed;
            closed = true;
            return first;
        } finally {
            life.writeLock().unlock();
        }
    }
}
