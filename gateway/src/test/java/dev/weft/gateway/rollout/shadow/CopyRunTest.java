package dev.weft.gateway.rollout.shadow;

import static dev.weft.gateway.Gateways.BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.gateway.body.RequestHead;
import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.measure.RequestOutcome;
import dev.weft.gateway.queue.RequestQueues;
import dev.weft.gateway.routing.WorkerChoice;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.shadow.ShadowOrder;
import dev.weft.protocol.usage.Operation;
import dev.weft.protocol.usage.TokenCount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;

class CopyRunTest {
    private static final long GRANTED = 1_000;

    private final RunningShadow shadow =
            new RunningShadow(
                    new ShadowOrder(
                            7,
                            AdapterId.of("prod"),
                            new ShadowOrder.Version("sql", 1),
                            new ShadowOrder.Version("sql", 2),
                            new ShadowOrder.Bounds(1, 2, GRANTED),
                            Duration.ofMinutes(5)));

    /** Else each one that fails takes tokens from those that follow, for ever. */
    @Test
    void aCopyThatFailsWithinTheGatewayGivesItsTokensAndItsPlaceBack() throws Exception {
        shadow.budget().granted(GRANTED);
        try (FakeCatalog catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
                FakeWorker worker = new FakeWorker(BASE, 0);
                GatewayService gateway =
                        GatewayService.start(
                                Gateways.options(catalog.address(), worker.address()))) {
            Gateways.awaitReady(gateway);
            ApplicationContext beans = Gateways.context(gateway);
            List<Copy> over = new ArrayList<>();
            try (CopyRun run =
                    new CopyRun(
                            new CopyClient(null, ServiceTls.OFF),
                            beans.getBean(WorkerChoice.class),
                            beans.getBean(WorkerPool.class),
                            beans.getBean(RequestQueues.class),
                            Duration.ofMinutes(1))) {
                for (int i = 0; i < 3; i++) {
                    assertThatThrownBy(() ->
                                    run.run(
                                            sampled(),
                                            served(),
                                            _ -> {
                                                throw new IllegalStateException("a fault");
                                            },
                                            over::add))
                            .hasMessage("a fault");
                }
            }
            assertThat(over).hasSize(3);
        }
        assertThat(shadow.budget().setAside(GRANTED)).isTrue();
    }

    private Sampled sampled() {
        return new Sampled(
                shadow,
                new Target.Adapter("prod", FakeCatalog.version(2), BASE),
                new CopiedRequest(
                        "default",
                        "/v1/chat/completions",
                        null,
                        new RequestHead("prod", null, 8, false, null),
                        new CopiedRequest.Body(new byte[40])),
                () -> 0,
                (_, _) -> {});
    }

    private static Answered served() {
        return new Answered(Operation.CHAT, RequestOutcome.OK, "", 1, 0, -1, new TokenCount(7, 3));
    }
}
