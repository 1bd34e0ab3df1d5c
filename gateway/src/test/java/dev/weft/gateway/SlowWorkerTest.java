package dev.weft.gateway;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static org.assertj.core.api.Assertions.assertThat;

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
    private static final Flux<String> EVENTS =
            Flux.just("data: {\"choices\":[]}\n\n", "data: [DONE]\n\n");

    @Test
    void getsNoRequestsForAWhile() throws Exception {
        try (FakeCatalog catalog = new FakeCatalog();
                FakeWorker fast = new FakeWorker(BASE, 0);
                FakeWorker slow = new FakeWorker(BASE, 0);
                GatewayService gateway =
                        Gateways.startExplaining(
                                catalog.address(), fast.address(), slow.address())) {
            fast.answers(FakeWorker.stream(EVENTS));
            slow.answers(FakeWorker.stream(EVENTS.delaySubscription(Duration.ofMillis(1_500))));
            Gateways.awaitReady(gateway);
            await(() -> Scrape.of(gateway).sum("weft_gateway_workers", "state", "ready") == 2);
            HttpRequest request = Gateways.post(gateway, "/v1/chat/completions", STREAM);

            List<CompletableFuture<HttpResponse<String>>> answers =
                    Stream.generate(() ->
                                    Gateways.CLIENT.sendAsync(
                                            request, HttpResponse.BodyHandlers.ofString()))
                            .limit(60)
                            .toList();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().body()).endsWith("data: [DONE]\n\n");
            }
            String address = slow.address().toString();
            await(() ->
                    Scrape.of(gateway).sum("weft_gateway_worker_ejections_total", "worker", address)
                            == 1);

            int before = slow.requests();
            for (int i = 0; i < 20; i++) {
                assertThat(Gateways.send(request).statusCode()).isEqualTo(200);
            }
            assertThat(before).isPositive();
            assertThat(slow.requests()).isZero();
        }
    }
}
