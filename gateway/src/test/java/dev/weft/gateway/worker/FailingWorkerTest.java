package dev.weft.gateway.worker;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers whose probes are good while their requests fail. */
class FailingWorkerTest {
    private static final String BODY = "{\"model\":\"" + BASE + "\"}";
    private static final String ERROR =
            "{\"error\":{\"message\":\"x\",\"code\":\"worker_failed\"}}";

    private FakeCatalog catalog;
    private FakeWorker one;
    private FakeWorker two;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        one = new FakeWorker(BASE, 0);
        two = new FakeWorker(BASE, 0);
        gateway =
                Gateways.start(
                        catalog.address(), Duration.ofSeconds(5), one.address(), two.address());
        await(() -> Gateways.workersReady(gateway) == 2);
    }

    @AfterEach
    void stop() {
        gateway.close();
        one.close();
        two.close();
        catalog.close();
    }

    private void ask(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            chat(gateway, BODY);
        }
    }

    @Test
    void oneAtWhichFiveInARowFailGetsNoMore() throws Exception {
        one.answers(FakeWorker.json(500, ERROR));
        for (int failed = 0; failed < 5; failed += one.requests()) {
            ask(1);
        }
        ask(20);
        assertThat(one.gotNothing()).isTrue();
        assertThat(two.requests()).isGreaterThanOrEqualTo(20);
    }

    @Test
    void whatARequestItselfCausesCountsForNothing() throws Exception {
        one.answers(FakeWorker.lastingly(500, ERROR));
        for (int failed = 0; failed < 8; failed += one.requests()) {
            ask(1);
        }
        ask(40);
        assertThat(one.requests()).isPositive();
    }

    /** The trouble is elsewhere then. */
    @Test
    void allAreAskedOnIfAllFail() throws Exception {
        one.answers(FakeWorker.json(500, ERROR));
        two.answers(FakeWorker.json(500, ERROR));
        ask(30);
        one.requests();
        two.requests();
        ask(30);
        assertThat(one.requests()).isPositive();
        assertThat(two.requests()).isPositive();
    }
}
