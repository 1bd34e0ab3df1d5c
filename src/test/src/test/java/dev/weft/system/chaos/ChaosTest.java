package dev.weft.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Alone;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * A fleet of processes, to which one thing after the other happens while clients ask: each request
 * ends in the right answer, an error or an error event; soon after each thing all is well again;
 * and the catalog's accounts agree with what the clients were told.
 */
@Alone
@Timeout(480)
class ChaosTest {
    private static final Logger LOG = LoggerFactory.getLogger(ChaosTest.class);
    private static final Path FILE = Sample.deploymentFile();

    /**
     * Requests that begin later than this after a fault get their answer: 5 s, and 2 for a machine
     * that others share.
     */
    private static final Duration RECOVERY = Duration.ofSeconds(7);

    private static final Duration CALM = Duration.ofSeconds(4);

    /** A killed gateway loses what it counted since it last wrote its journal. */
    private static final Duration UNCERTAIN = Duration.ofSeconds(3);

    @TempDir private Path folder;

    private final List<Launched> processes = new ArrayList<>();
    private final List<Launched> workers = new ArrayList<>();
    private @Nullable Postgres database;
    private int catalogPort;
    private URI catalog = URI.create("http://127.0.0.1");

    @AfterEach
    void end() throws IOException {
        processes.reversed().forEach(Launched::close);
        if (database != null) {
            database.close();
        }
    }

    /** What happens. */
    @FunctionalInterface
    private interface Fault {
        void happen() throws Exception;
    }

    @Test
    void eachRequestEndsRightAndTheAccountsAgree() throws Exception {
        Postgres postgres = new Postgres(folder.resolve("postgres"));
        database = postgres;
        catalogPort = freePort();
        Launched books = startCatalog(postgres);
        catalog = books.awaitReady();
        for (String name : List.of("one", "two", "three")) {
            workers.add(start("worker", name));
        }
        Launched first = start("gateway", "first");
        Launched second = start("gateway", "second");
        for (URI gateway : List.of(first.awaitReady(), second.awaitReady())) {
            Http.await("all workers are ready", () -> Http.workers(gateway, "ready") == 3);
            for (String model : Sample.MODELS) {
                Http.await(
                        model + " is served",
                        () -> Http.get(gateway.resolve("/v1/models/" + model)).statusCode() == 200);
            }
        }
        try (ChaosLoad load = new ChaosLoad(List.of(first.awaitReady(), second.awaitReady()))) {
            chaos(load, postgres, books, first);
            LOG.info(
                    "right {}, errors {}, error events {}, cut {}",
                    load.count(ChaosLoad.End.RIGHT),
                    load.count(ChaosLoad.End.ERROR),
                    load.count(ChaosLoad.End.ERROR_EVENT),
                    load.count(ChaosLoad.End.CUT));
            assertThat(load.ended().stream().filter(each -> each.end() == ChaosLoad.End.WRONG))
                    .isEmpty();
        }
    }

    private void chaos(ChaosLoad load, Postgres postgres, Launched books, Launched first)
            throws Exception {
        Thread.sleep(CALM);
        recovers(load, "a worker is killed", () -> workers.removeFirst().kill());
        workers.add(start("worker", "four"));
        Launched stopped = workers.removeFirst();
        recovers(load, "a worker is stopped", () -> stopped.signal("-STOP"));
        stopped.signal("-CONT");
        workers.add(stopped);
        Launched leaving = workers.removeFirst();
        recovers(load, "a worker is told to end", () -> leaving.signal("-TERM"));
        workers.add(start("worker", "five"));
        workers.getLast().awaitReady();
        recovers(load, "a worker is slow", () -> slow(workers.getFirst()));
        recovers(load, "the database is gone", postgres::crash);
        postgres.startAgain();
        recovers(load, "the catalog is stopped", () -> books.signal("-STOP"));
        books.signal("-CONT");
        recovers(load, "the catalog is killed", books::kill);
        Launched again = startCatalog(postgres);
        again.awaitReady();
        URI gateway = first.awaitReady();
        long killed = System.nanoTime();
        recovers(
                load,
                "a gateway is killed",
                () -> {
                    load.loses(gateway);
                    first.kill();
                });
        Launched successor = start("gateway", "first");
        load.has(successor.awaitReady());
        Thread.sleep(CALM);
        load.end();
        assertAccounts(load, gateway, killed);
    }

    /** Has it happen, and asserts that requests that begin a while later get their answers. */
    private static void recovers(ChaosLoad load, String what, Fault fault) throws Exception {
        long begun = System.nanoTime();
        fault.happen();
        Thread.sleep(RECOVERY.plus(CALM));
        long last =
                load.ended().stream()
                        .filter(each -> each.end() != ChaosLoad.End.RIGHT && each.begun() >= begun)
                        .mapToLong(each -> each.begun() - begun)
                        .max()
                        .orElse(0);
        LOG.info("{}: the last request that failed began {} ms later", what, last / 1_000_000);
        assertThat(Duration.ofNanos(last)).as(what).isLessThan(RECOVERY);
    }

    /** It gets the processor a tenth of the time, as on a machine that others fill. */
    private static void slow(Launched worker) throws Exception {
        for (int i = 0; i < 40; i++) {
            worker.signal("-STOP");
            Thread.sleep(90);
            worker.signal("-CONT");
            Thread.sleep(10);
        }
    }

    /** Each answer is booked once; nobody knows of those whose gateway was killed meanwhile. */
    private void assertAccounts(ChaosLoad load, URI gateway, long killed) throws Exception {
        long right = load.count(ChaosLoad.End.RIGHT);
        long cut = load.count(ChaosLoad.End.CUT);
        long uncertain =
                load.ended().stream()
                        .filter(each -> each.gateway().equals(gateway))
                        .filter(each -> each.end() == ChaosLoad.End.RIGHT)
                        .filter(each -> killed - each.ended() < UNCERTAIN.toNanos())
                        .count();
        LOG.info("{} right answers, of which {} were just before a kill", right, uncertain);
        Http.await(() -> "booked: " + said(right), () -> booked() >= right - uncertain);
        Thread.sleep(CALM);
        assertThat(booked()).isBetween(right - uncertain, right + cut);
    }

    private String said(long right) {
        try {
            return booked() + " of " + right;
        } catch (Exception e) {
            return e.toString();
        }
    }

    private long booked() throws Exception {
        long found = 0;
        JsonNode usage = Http.json(Http.get(catalog.resolve("/admin/v1/usage?group=adapter")));
        for (JsonNode item : usage.path("items")) {
            found += item.path("requests").asLong() - item.path("errors").asLong();
        }
        return found;
    }

    private Launched startCatalog(Postgres postgres) throws IOException {
        return kept(
                Launched.runAt(
                        catalogPort,
                        "catalog",
                        FILE,
                        folder.resolve("catalog"),
                        "weft.catalog.database=" + postgres.address()));
    }

    private Launched start(String service, String name) throws IOException {
        return kept(
                Launched.run(
                        service,
                        FILE,
                        folder.resolve(name),
                        Map.of(),
                        "weft.catalog.url=" + catalog,
                        "weft.gateway.discovery.catalog=true",
                        "weft.gateway.discovery.networks=127.0.0.0/8"));
    }

    private Launched kept(Launched process) {
        processes.add(process);
        return process;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
