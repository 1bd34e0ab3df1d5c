package dev.weft.inference.relay.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.call.ServerCalls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class EnginePulseTest {
    private static final Duration STALL = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ServerSigns signs = new ServerSigns();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch stands = new CountDownLatch(1);
    private PretendServer server;
    private ServerCalls calls;
    private EnginePulse pulse;

    @BeforeEach
    void start() throws Exception {
        server = new PretendServer();
        calls = new ServerCalls(server.address(), null);
        pulse = new EnginePulse(calls, "base", signs, STALL);
        signs.whenHung(told::add);
    }

    @AfterEach
    void stop() {
        stands.countDown();
        calls.close();
        server.close();
    }

    private interface Until {
        boolean holds(Optional<String> trouble);
    }

    private void look(Until until) throws InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (!until.holds(pulse.look())) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(10);
        }
    }

    private boolean wasAsked() {
        return server.asked.contains("200 /v1/completions");
    }

    @Test
    void anEngineThatLeavesAllUnansweredHangsUntilItAnswers() throws Exception {
        server.metrics = "vllm:num_requests_running 1\nprocess_cpu_seconds_total 1\n";
        server.answers = stands;
        signs.owed();
        look(Optional::isPresent);
        assertThat(told).singleElement().asString().contains("its engine hangs");
        // what it owed was ended, and it still hangs
        signs.settled();
        assertThat(pulse.look()).isPresent();
        stands.countDown();
        look(Optional::isEmpty);
        assertThat(told).hasSize(1);
    }

    @Test
    void anEngineThatAnswersAnybodyDoesNotHang() throws Exception {
        signs.owed();
        look(_ -> wasAsked());
        look(trouble -> {
            assertThat(trouble).isEmpty();
            return signs.quiet().compareTo(STALL) < 0;
        });
        assertThat(told).isEmpty();
    }

    /** A long prompt is read in steps, each of which takes of the KV cache. */
    @Test
    void anEngineWhoseFiguresMoveDoesNotHang() throws Exception {
        server.answers = stands;
        signs.owed();
        long end = System.nanoTime() + STALL.multipliedBy(10).toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            server.metrics = "vllm:kv_cache_usage_perc " + i + "\n";
            assertThat(pulse.look()).isEmpty();
            Thread.sleep(10);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void anEngineThatOwesNothingIsNotAsked() throws Exception {
        signs.owed();
        signs.settled();
        Thread.sleep(STALL.multipliedBy(2));
        for (int i = 0; i < 20; i++) {
            assertThat(pulse.look()).isEmpty();
            Thread.sleep(10);
        }
        assertThat(server.asked).isEmpty();
    }
}
