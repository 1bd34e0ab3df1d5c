package dev.weft.inference.relay.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.call.ServerCalls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class EnginePulseTest {
    private static final Duration SILENCE = Duration.ofMillis(900);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ServerSigns signs = new ServerSigns();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger stuck = new AtomicInteger();
    private final CountDownLatch stands = new CountDownLatch(1);
    private PretendServer server;
    private ServerCalls calls;
    private EnginePulse pulse;

    @BeforeEach
    void start() throws Exception {
        server = new PretendServer();
        calls = new ServerCalls(server.address(), null);
        pulse = new EnginePulse(calls, "base", signs, SILENCE);
        signs.whenHung(told::add);
        signs.whenStuck(stuck::incrementAndGet);
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
        server.answers = stands;
        signs.owed();
        // whoever asked has left
        signs.settled(false);
        look(Optional::isPresent);
        assertThat(told).singleElement().asString().contains("its engine hangs");
        // what it owed was ended, and it still hangs
        look(trouble -> {
            assertThat(trouble).isPresent();
            return stuck.get() > 0;
        });
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
            return signs.quiet().compareTo(SILENCE.dividedBy(3)) < 0;
        });
        assertThat(told).isEmpty();
    }

    @Test
    void anEngineThatOwesNothingIsNotAsked() throws Exception {
        signs.owed();
        signs.settled(true);
        Thread.sleep(SILENCE);
        for (int i = 0; i < 20; i++) {
            assertThat(pulse.look()).isEmpty();
            Thread.sleep(10);
        }
        assertThat(server.asked).isEmpty();
    }
}
