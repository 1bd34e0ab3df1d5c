package dev.weft.gateway.worker;

import static dev.weft.gateway.Gateways.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.Gateways;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import dev.weft.protocol.worker.WorkerStateCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
    private static final String MODELS =
            """
            {"data":[{"id":"tiny","root":"HF:x","parent":null},{"id":"sql","parent":"tiny"},{"id":"bare"}]}\
            """;

    private static final byte[] STATE =
            ("event: state\ndata: "
                            + new String(
                                    WorkerStateCodec.encode(
                                            new WorkerState(
                                                    false,
                                                    2,
                                                    Map.of(),
                                                    new WorkerLoad(4, 0, Map.of(), 0, 0, 0))),
                                    StandardCharsets.UTF_8)
                            + "\n\n")
                    .getBytes(StandardCharsets.UTF_8);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger readiness = new AtomicInteger(200);
    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger states = new AtomicInteger(404);
    private volatile String models = MODELS;
    private final HttpServer server;
    private final WorkerPool pool;
    private final URI address;

    WorkerPoolTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/actuator/health/readiness",
                exchange -> {
                    exchange.sendResponseHeaders(readiness.get(), -1);
                    exchange.close();
                });
        server.createContext(
                "/v1/models",
                exchange -> {
                    lists.incrementAndGet();
                    byte[] body = models.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.createContext(
                WorkerStateCodec.PATH,
                exchange -> {
                    boolean told = states.get() == 200;
                    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                    exchange.sendResponseHeaders(states.get(), told ? STATE.length : -1);
                    if (told) {
                        exchange.getResponseBody().write(STATE);
                    }
                    exchange.close();
                });
        server.start();
        address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        pool = new WorkerPool(null, new Loops(), ServiceTls.OFF);
        pool.take(List.of(new ListedWorker(address, false)));
    }

    @AfterEach
    void close() {
        pool.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private WorkerSnapshot worker() {
        return pool.snapshot().getFirst();
    }

    @Test
    void aWorkerIsNotReadyBeforeItWasAsked() {
        assertThat(worker().ready()).isFalse();
        assertThat(worker().bases()).isEmpty();
    }

    @Test
    void aReadyWorkerServesTheModelsWithoutAParent() throws Exception {
        pool.start();
        await(() -> worker().ready());
        assertThat(worker().bases()).isEqualTo(Map.of("tiny", "HF:x", "bare", "bare"));
    }

    @Test
    void followsReadinessThereAndBack() throws Exception {
        pool.start();
        await(() -> worker().ready());
        readiness.set(503);
        await(() -> !worker().ready());
        models = MODELS.replace("tiny", "other");
        readiness.set(200);
        await(() -> worker().ready());
        assertThat(worker().bases()).containsKey("other");
    }

    @Test
    void aWorkerThatWasReadyAndRefusesIsDraining() throws Exception {
        readiness.set(503);
        pool.start();
        assertThat(counts()).containsExactly(0L, 0L, 1L); // it never was ready
        readiness.set(200);
        await(() -> counts().equals(List.of(1L, 0L, 0L)));
        readiness.set(503);
        await(() -> counts().equals(List.of(0L, 1L, 0L)));
        server.stop(0);
        await(() -> counts().equals(List.of(0L, 0L, 1L)));
    }

    /** Ready, draining and unready ones. */
    private List<Long> counts() {
        return Arrays.stream(ProbedState.values()).map(pool::count).toList();
    }

    @Test
    void doesNotReadTheWholeListForEachProbe() throws Exception {
        WorkerProbe probe = probe(Gateways.PATIENCE);
        assertThat(probe.probe(address, Map.of("tiny", "x")))
                .isEqualTo(new ProbeResult.Ready(Map.of("tiny", "x")));
        assertThat(lists).hasValue(0);
    }

    @Test
    void aRefusedConnectionCountsAtOnceAndIsProbedAgainAtOnce() throws Exception {
        pool.start();
        await(() -> worker().ready());
        try (Lease lease = lease()) {
            lease.refused();
        }
        await(() -> worker().ready()); // it was only a blip
        server.stop(0);
        try (Lease lease = lease()) {
            lease.refused();
        }
        assertThat(worker().ready()).isFalse();
    }

    @Test
    void aWorkerWhoseSuccessorHasNoStatesHasToldNone() throws Exception {
        states.set(200);
        pool.start();
        await(() -> worker().told() != null);
        states.set(503);
        await(() -> worker().isStale()); // it may be the same worker still
        for (int unknown : new int[] {404, 405, 501}) {
            states.set(unknown);
            await(() -> worker().told() == null);
            states.set(200);
            await(() -> worker().told() != null);
        }
    }

    @Test
    void probesOnWhateverAWorkerAnswers() throws Exception {
        models = "null";
        pool.start();
        await(() -> lists.get() > 1);
        assertThat(worker().ready()).isFalse();
        models = MODELS;
        await(() -> worker().ready());
    }

    @Test
    void countsRequestsUntilTheirLeaseIsClosed() {
        Lease one = lease();
        Lease two = lease();
        assertThat(worker().inFlight()).isEqualTo(2);
        one.close();
        one.close();
        assertThat(worker().inFlight()).isEqualTo(1);
        two.close();
        assertThat(worker().inFlight()).isZero();
        URI stranger = URI.create("http://127.0.0.1:1");
        assertThat(pool.lease(stranger, null)).isEmpty();
    }

    private Lease lease() {
        return pool.lease(address, null).orElseThrow();
    }

    @Test
    void aWorkerThatLeavesGetsNoRequestAndIsForgottenOnceThoseThatItHasAreAnswered()
            throws Exception {
        List<URI> forgotten = new CopyOnWriteArrayList<>();
        List<URI> joined = new CopyOnWriteArrayList<>();
        pool.watch(
                new WorkerWatcher() {
                    @Override
                    public void joined(URI worker) {
                        joined.add(worker);
                    }

                    @Override
                    public void left(URI worker) {
                        forgotten.add(worker);
                    }
                });
        assertThat(joined).containsExactly(address);
        pool.start();
        await(() -> worker().ready());
        Lease running = lease();
        pool.take(List.of());
        assertThat(pool.snapshot()).isEmpty();
        assertThat(pool.lease(address, null)).isEmpty();
        assertThat(pool.count(ProbedState.DRAINING)).isEqualTo(1);
        assertThat(forgotten).isEmpty();
        running.close();
        assertThat(forgotten).containsExactly(address);
        assertThat(pool.count(ProbedState.DRAINING)).isZero();
        pool.take(List.of(new ListedWorker(address, false)));
        assertThat(joined).containsExactly(address, address);
        await(() -> worker().ready()); // it is probed again
    }

    @Test
    void aWorkerThatComesBackBeforeItsRequestsAreAnsweredKeepsThem() throws Exception {
        pool.start();
        await(() -> worker().ready());
        Lease running = lease();
        pool.take(List.of());
        pool.take(List.of(new ListedWorker(address, false)));
        assertThat(worker().ready()).isTrue();
        assertThat(worker().inFlight()).isEqualTo(1);
        running.close();
        assertThat(worker().inFlight()).isZero();
        assertThat(worker().ready()).isTrue();
    }

    @Test
    void aWorkerThatDrainsByTheListGetsNoRequestAndIsReadyAtOnceIfThatIsTakenBack()
            throws Exception {
        pool.start();
        await(() -> worker().ready());
        pool.take(List.of(new ListedWorker(address, true)));
        assertThat(worker().ready()).isFalse();
        assertThat(pool.count(ProbedState.DRAINING)).isEqualTo(1);
        pool.take(List.of(new ListedWorker(address, false)));
        assertThat(worker().ready()).isTrue();
    }

    @Test
    void aWorkerThatHangsAfterItHasLeftLosesItsRequests() throws Exception {
        pool.start();
        await(() -> worker().ready());
        Lease running = lease();
        running.heard();
        pool.take(List.of());
        server.stop(0);
        await(() -> running.lost().isDone());
        running.close();
        assertThat(pool.count(ProbedState.UNREADY)).isZero();
    }

    @Test
    void aListThatNoWorkerHasIsNotKept() throws Exception {
        WorkerProbe probe = probe(Gateways.PATIENCE);
        String longest = MODELS + " ".repeat(WorkerProbe.LIST_BYTES - MODELS.length());
        models = longest;
        assertThat(probe.probe(address, Map.of())).isInstanceOf(ProbeResult.Ready.class);
        models = longest + " ";
        assertThat(probe.probe(address, Map.of()))
                .isEqualTo(
                        new ProbeResult.Strange(
                                address + " answered with more than 33554432 bytes"));
    }

    @Test
    void aProbeTellsSilenceFromRefusalAndNonsense() throws Exception {
        WorkerProbe probe = probe(Gateways.PATIENCE);
        for (String nonsense :
                List.of("<html>", "null", "{}", "{\"data\":[null]}", "{\"data\":[{}]}", "[]")) {
            models = nonsense;
            assertThat(probe.probe(address, Map.of())).isInstanceOf(ProbeResult.Strange.class);
        }
        assertThat(probe.probe(URI.create("http://127.0.0.1:1"), Map.of()))
                .isInstanceOf(ProbeResult.Unreachable.class);
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(
                            probe(Duration.ofMillis(300))
                                    .probe(
                                            URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                                            Map.of()))
                    .isInstanceOf(ProbeResult.Silent.class);
        }
    }

    private static WorkerProbe probe(Duration silence) {
        return new WorkerProbe(silence, null, ServiceTls.OFF.client());
    }
}
