package dev.weft.standalone.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.service.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class RunningTest {
    @Test
    void whoWaitsForTheEndGoesOnOnceServicesAreClosed() throws Exception {
        var running = new Running(Duration.ofMinutes(1));
        var closed = new AtomicBoolean();
        running.add(
                new RunningService(
                        ServiceName.catalog,
                        URI.create("http://127.0.0.1:1001"),
                        () -> closed.set(true)));
        var seen = new CompletableFuture<Boolean>();
        Thread waiter =
                Thread.startVirtualThread(() -> {
                    try {
                        running.awaitEnd();
                        seen.complete(closed.get());
                    } catch (InterruptedException e) {
                        seen.completeExceptionally(e);
                    }
                });

        running.close();

        assertThat(seen.get(1, TimeUnit.MINUTES)).isTrue();
        waiter.join();
    }
}
