package dev.weft.gateway.worker;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayScrape;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** A worker whose probes are good and whose streams begin late. */
class SlowWorkerTest {
    private static final String STREAM = "{\"model\":\"" + BASE + "\",\"stream\":true}";

    /** Even on a busy machine the other worker's streams begin in less than a quarter of it. */
    private static final Duration LATE = Duration.ofSeconds(4);

    /** The gateway compares workers once a second. */
    private static final Duration LOOK = Duration.ofMillis(1_500);

    /** A slow worker is away for five seconds, of which a part is over once it is seen. */
    private static final Duration AWAY = Duration.ofSeconds(3);

    private static final int MOST_ROUNDS = 8;

    private static final Flux<String> EVENTS =
            Flux.just("data: {\"choices\":[]}\n\n", "data: [DONE]\n\n");

    @Test
    void getsNoRequestsForAWhile() throws Exception {
        try (FakeCatalog catalog = new FakeCatalog();
                FakeWorker fast = new FakeWorker(BASE, 0);
                FakeWorker slow = new FakeWorker(BASE, 0);
                GatewayService gateway =
                        Gateways.start(
                                catalog.address(),
                                Gateways.PATIENCE,
                                fast.address(),
                                slow.address())) {
            fast.answers(FakeWorker.stream(EVENTS));
            slow.answers(FakeWorker.stream(EVENTS.delaySubscription(LATE)));
            Gateways.awaitReady(gateway);
            await(() ->
                    GatewayScrape.of(gateway).sum("weft_gateway_workers", "state", "ready") == 2);
            HttpRequest request = Gateways.post(gateway, "/v1/chat/completions", STREAM);

            String address = slow.address().toString();
            int rounds = 0;
            while (ejections(gateway, address) == 0) {
                assertThat(rounds++).isLessThan(MOST_ROUNDS);
                answerMany(request);
                long end = System.nanoTime() + LOOK.toNanos();
                while (ejections(gateway, address) == 0 && System.nanoTime() - end < 0) {
                    Thread.sleep(20);
                }
            }

            assertThat(slow.requests()).isPositive();
            long end = System.nanoTime() + AWAY.toNanos();
            for (int i = 0; i < 20 && System.nanoTime() - end < 0; i++) {
                assertThat(Gateways.send(request).statusCode()).isEqualTo(200);
            }
            assertThat(slow.requests()).isZero();
        }
    }

    private static double ejections(GatewayService gateway, String worker) throws Exception {
        return GatewayScrape.of(gateway)
                .sum("weft_gateway_worker_ejections_total", "worker", worker);
    }

    private static void answerMany(HttpRequest request) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers =
                Stream.generate(() ->
                                Gateways.CLIENT.sendAsync(
                                        request, HttpResponse.BodyHandlers.ofString()))
                        .limit(40)
                        .toList();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().body()).endsWith("data: [DONE]\n\n");
        }
    }
}
