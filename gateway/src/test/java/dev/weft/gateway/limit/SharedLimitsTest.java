package dev.weft.gateway.limit;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.gateway.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Two gateways that share the limits of keys through a real Redis, over real HTTP. */
@Timeout(180)
class SharedLimitsTest {
    private static final String KEY = "a-key";

    @TempDir private Path folder;

    private final List<AutoCloseable> started = new ArrayList<>();
    private RedisServer redis;
    private FakeCatalog catalog;
    private FakeWorker worker;
    private GatewayService one;
    private GatewayService two;

    @BeforeEach
    void start() throws Exception {
        redis = kept(RedisServer.start(folder));
        catalog = kept(new FakeCatalog(FakeCatalog.adapter("sql-a", 1)));
        catalog.tokens.put(KEY, Optional.of("default"));
        worker = kept(new FakeWorker(BASE, 0));
        one = gateway();
        two = gateway();
        await(() -> gauge(one, "gateways") == 2 && gauge(two, "gateways") == 2);
    }

    private GatewayService gateway() throws Exception {
        GatewayService gateway =
                kept(
                        GatewayService.start(
                                Gateways.options(
                                        catalog.address(),
                                        worker.address(),
                                        "weft.access.keys=true",
                                        "weft.gateway.limits.redis=" + redis.address(),
                                        "weft.gateway.limits.redis-timeout=5s")));
        Gateways.awaitReady(gateway);
        return gateway;
    }

    private <C extends AutoCloseable> C kept(C each) {
        started.add(each);
        return each;
    }

    /** What was started; without a Redis that is nothing. */
    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : started.reversed()) {
            each.close();
        }
    }

    @Test
    void aMinutesRequestsAreThoseOfBothTogether() throws Exception {
        limits("\"requestsPerMinute\":20");
        long begun = System.nanoTime();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(
                    Gateways.CLIENT.sendAsync(
                            request(i % 2 == 0 ? one : two, ""),
                            HttpResponse.BodyHandlers.ofString()));
        }
        int granted = 0;
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            int status = answer.get().statusCode();
            assertThat(status).isIn(200, 429);
            assertThat(answer.get().headers().firstValue("x-ratelimit-limit-requests"))
                    .hasValue("20");
            granted += status == 200 ? 1 : 0;
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        assertThat(granted).isBetween(20, 20 + (int) (seconds / 3));
    }

    @Test
    void aStreamAtOneCountsAtTheOtherUntilItsClientLeaves() throws Exception {
        limits("\"concurrentStreams\":1");
        worker.answers(FakeWorker.stream(Flux.concat(Mono.just("data: 1\n\n"), Flux.never())));
        HttpResponse<InputStream> running = stream(one);
        assertThat(running.statusCode()).isEqualTo(200);
        assertThat(running.body().read()).isEqualTo('d');
        assertThat(stream(two).statusCode()).isEqualTo(429);
        running.body().close();
        worker.answers(FakeWorker.stream(Flux.just("data: 1\n\n", "data: [DONE]\n\n")));
        await(() -> stream(two).statusCode() == 200);
    }

    @Test
    void requestsGoOnWhileRedisIsAwayAndShareAgainAfterwards() throws Exception {
        limits("\"requestsPerMinute\":1000");
        assertThat(ask(one).statusCode()).isEqualTo(200);
        redis.kill();
        for (int i = 0; i < 10; i++) {
            HttpResponse<String> answer = ask(one);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-ratelimit-limit-requests")).hasValue("1000");
        }
        assertThat(gauge(one, "connected")).isZero();
        redis.restart();
        await(() -> gauge(one, "connected") == 1 && gauge(two, "connected") == 1);
        assertThat(ask(one).statusCode()).isEqualTo(200);
        assertThat(ask(two).headers().firstValue("x-ratelimit-remaining-requests"))
                .hasValueSatisfying(left -> assertThat(Long.parseLong(left)).isLessThan(1000));
    }

    private static double gauge(GatewayService gateway, String name) {
        return Gateways.context(gateway)
                .getBean(MeterRegistry.class)
                .get("weft.gateway.limits." + name)
                .gauge()
                .value();
    }

    private void limits(String limits) {
        catalog.accounts.put(KEY, ",\"limits\":{" + limits + "}");
    }

    private static HttpResponse<String> ask(GatewayService gateway) throws Exception {
        return Gateways.send(request(gateway, ""));
    }

    private static HttpResponse<InputStream> stream(GatewayService gateway) throws Exception {
        return Gateways.CLIENT.send(
                request(gateway, ",\"stream\":true"), HttpResponse.BodyHandlers.ofInputStream());
    }

    private static HttpRequest request(GatewayService gateway, String more) {
        return HttpRequest.newBuilder(
                        post(gateway, "/v1/chat/completions", "{\"model\":\"sql-a\"" + more + "}"),
                        (_, _) -> true)
                .header("Authorization", "Bearer " + KEY)
                .build();
    }
}
