package dev.weft.gateway.worker;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayScrape;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.gateway.discovery.Discovery;
import dev.weft.gateway.discovery.dns.DnsServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

/** A gateway finds its workers by DNS while it serves. */
class WorkersComeAndGoTest {
    private static final String SERVICE = "_http._tcp.workers.example";
    private static final String BODY = "{\"model\":\"" + BASE + "\"}";
    private static final String STREAM = "{\"model\":\"" + BASE + "\",\"stream\":true}";

    private final List<FakeWorker> workers = new ArrayList<>();
    private final DnsServer names = new DnsServer();
    private FakeCatalog catalog;
    private GatewayService gateway;

    WorkersComeAndGoTest() throws InterruptedException {}

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        for (int i = 0; i < 4; i++) {
            workers.add(new FakeWorker(BASE, 0));
        }
        names.has("one.example", 1, "127.0.0.1");
        listed(workers.get(0));
        gateway =
                Gateways.startLooking(
                        catalog.address(),
                        "weft.gateway.discovery.srv=" + SERVICE,
                        "weft.gateway.discovery.name-servers=" + names.address(),
                        "weft.gateway.discovery.refresh=1s",
                        "weft.gateway.discovery.networks=127.0.0.0/8");
        await(() -> Gateways.workersReady(gateway) == 1);
    }

    @AfterEach
    void stop() {
        gateway.close();
        workers.forEach(FakeWorker::close);
        catalog.close();
        names.close();
    }

    private void listed(FakeWorker... now) {
        names.leads(
                SERVICE,
                1,
                Stream.of(now)
                        .map(worker -> "0 " + worker.address().getPort() + " one.example")
                        .toArray(String[]::new));
    }

    private void become(FakeWorker... now) throws Exception {
        listed(now);
        await(() -> {
            GatewayScrape scrape = GatewayScrape.of(gateway);
            return scrape.sum("weft_gateway_workers", "state", "ready") == now.length
                    && Stream.of(now).allMatch(worker -> measured(scrape, worker));
        });
    }

    /** Sends requests one after the other until it is closed. */
    private final class Load implements AutoCloseable {
        private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        private final AtomicInteger right = new AtomicInteger();
        private final AtomicBoolean ends = new AtomicBoolean();
        private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

        Load(int concurrently) {
            for (int i = 0; i < concurrently; i++) {
                clients.execute(this::ask);
            }
        }

        private void ask() {
            while (!ends.get()) {
                try {
                    HttpResponse<String> answer = chat(gateway, BODY);
                    if (answer.statusCode() == 200) {
                        right.incrementAndGet();
                    } else {
                        wrong.add(answer.statusCode() + " " + answer.body());
                    }
                } catch (Exception e) {
                    wrong.add(e.toString());
                }
            }
        }

        @Override
        public void close() {
            ends.set(true);
            clients.close();
        }
    }

    @Test
    void noRequestIsLostWhileWorkersComeAndGo() throws Exception {
        FakeWorker one = workers.get(0);
        FakeWorker two = workers.get(1);
        FakeWorker three = workers.get(2);
        FakeWorker four = workers.get(3);
        Load load = new Load(6);
        try (load) {
            become(one, two, three);
            await(() -> two.requests() > 0 && three.requests() > 0);
            become(two, three);
            assertGetsNothing(one);
            one.close(); // as a pod that has ended
            become(two, three, four);
            await(() -> four.requests() > 0);
            become(four);
            names.is(DnsServer.Mood.FAILS);
            await(() -> GatewayScrape.of(gateway).sum("weft_gateway_discovery_failures_total") > 1);
            assertGetsNothing(two);
            await(() -> four.requests() > 0);
        }
        assertThat(load.wrong).isEmpty();
        assertThat(load.right.get()).isGreaterThan(50);
        assertThat(Gateways.context(gateway).getBean(Discovery.class).described().get("srv"))
                .startsWith("1 workers, of before; now " + SERVICE + " (SRV): ");
    }

    /** Once what was sent before is answered. */
    private void assertGetsNothing(FakeWorker gone) throws Exception {
        await(() ->
                GatewayScrape.of(gateway).sum("weft_gateway_workers", "state", "draining") == 0);
        gone.requests();
        for (int i = 0; i < 20; i++) {
            chat(gateway, BODY);
        }
        assertThat(gone.gotNothing()).isTrue();
    }

    @Test
    void aStreamAtAWorkerThatHasLeftGoesOnAndThenNothingIsKeptOfTheWorker() throws Exception {
        FakeWorker one = workers.get(0);
        FakeWorker two = workers.get(1);
        Sinks.Many<String> pieces = Sinks.many().unicast().onBackpressureBuffer();
        one.answers(FakeWorker.stream(pieces.asFlux()));
        CompletableFuture<HttpResponse<String>> answer =
                Gateways.CLIENT.sendAsync(
                        Gateways.post(gateway, "/v1/chat/completions", STREAM),
                        HttpResponse.BodyHandlers.ofString());
        one.next();
        pieces.tryEmitNext("data: {\"choices\":[]}\n\n").orThrow();
        become(two);
        assertThat(GatewayScrape.of(gateway).sum("weft_gateway_workers", "state", "draining"))
                .isEqualTo(1);
        assertThat(measured(one)).isTrue();
        assertThat(chat(gateway, BODY).statusCode()).isEqualTo(200);
        assertThat(two.requests()).isEqualTo(1);
        pieces.tryEmitNext("data: [DONE]\n\n").orThrow();
        pieces.tryEmitComplete().orThrow();
        assertThat(answer.get().body()).endsWith("data: [DONE]\n\n");
        await(() -> !measured(one));
        await(() -> one.connections() == 0);
        assertThat(two.connections()).isPositive();
    }

    private boolean measured(FakeWorker worker) throws Exception {
        return measured(GatewayScrape.of(gateway), worker);
    }

    private static boolean measured(GatewayScrape scrape, FakeWorker worker) {
        return scrape.count(
                        "weft_gateway_worker_ejections_total",
                        "worker",
                        worker.address().toString())
                > 0;
    }
}
