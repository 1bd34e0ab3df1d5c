package dev.weft.gateway;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.core.publisher.Hooks;

/**
 * Fails a test while which Reactor drops an error, which is one that nobody hears of. JUnit finds
 * it in {@code META-INF/services} for all tests of this module. An error that comes after the end
 * of its test fails the next one of this JVM.
 */
public final class DroppedErrors implements AfterEachCallback, AfterAllCallback {
    private static final Queue<Throwable> DROPPED = new ConcurrentLinkedQueue<>();

    static {
        Hooks.onErrorDropped(DROPPED::add);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        check();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        check();
    }

    /** Fails if there was any since the last call. */
    static void check() {
        AssertionError failure = null;
        for (Throwable each; (each = DROPPED.poll()) != null; ) {
            if (failure == null) {
                failure = new AssertionError("Reactor dropped an error", each);
            } else {
                failure.addSuppressed(each);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
