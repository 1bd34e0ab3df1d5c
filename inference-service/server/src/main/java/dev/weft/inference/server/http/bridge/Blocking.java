package dev.weft.inference.server.http.bridge;

import dev.weft.protocol.error.Faults;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Runs work on virtual threads, where it may block. */
public final class Blocking {
    private Blocking() {}

    /** Runs work on a thread that is interrupted if the client leaves. */
    public static <T> Mono<T> run(Callable<T> work) {
        return Mono.create(sink -> {
            AtomicBoolean left = new AtomicBoolean();
            Runnable task = () -> run(work, sink, left);
            Thread thread = Thread.ofVirtual().name("request").unstarted(task);
            sink.onCancel(() -> {
                left.set(true);
                thread.interrupt();
            });
            thread.start();
        });
    }

    /** Runs work; a subscriber that has left hears nothing more, not even failures. */
    private static <T> void run(Callable<T> work, MonoSink<T> sink, AtomicBoolean left) {
        try {
            sink.success(work.call());
        } catch (Exception | Error e) {
            if (!left.get()) {
                sink.error(e instanceof Exception ? e : Faults.ofRequest(e));
            }
        }
    }
}
