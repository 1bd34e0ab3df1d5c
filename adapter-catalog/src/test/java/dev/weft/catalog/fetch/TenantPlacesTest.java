package dev.weft.catalog.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TenantPlacesTest {
    private final TenantPlaces places = new TenantPlaces(3);
    private final BlockingQueue<String> got = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
            assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
        }
    }

    /** Waits until the thread is through, or waits for its turn. */
    private Thread ask(String tenant, String name) throws InterruptedException {
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                places.take(tenant);
                                got.add(name);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        threads.add(thread);
        while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        return thread;
    }

    private String next() throws InterruptedException {
        return String.valueOf(got.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void onePlaceIsLeftToOthersAndTenantsTakeTurns() throws Exception {
        for (int i = 1; i <= 5; i++) {
            ask("a", "a" + i);
        }
        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("a1", "a2");
        assertThat(got).isEmpty();

        ask("b", "b1");
        assertThat(next()).isEqualTo("b1");

        ask("b", "b2");
        ask("c", "c1");
        places.release("a");
        assertThat(next()).isEqualTo("a3"); // it waits longest, and c and b each come before a4
        places.release("a");
        assertThat(next()).isEqualTo("b2");
        places.release("a");
        assertThat(next()).isEqualTo("c1");
        places.release("b");
        assertThat(next()).isEqualTo("a4");
    }

    @Test
    void whoeverLeavesTakesNoPlace() throws Exception {
        ask("a", "a1");
        ask("a", "a2");
        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("a1", "a2");
        Thread leaves = ask("a", "a3");
        ask("a", "a4");

        leaves.interrupt();
        assertThat(leaves.join(Duration.ofSeconds(30))).isTrue();
        places.release("a");

        assertThat(next()).isEqualTo("a4");
        places.release("a");
        places.release("a");
        ask("a", "a5");
        assertThat(next()).isEqualTo("a5");
    }
}
