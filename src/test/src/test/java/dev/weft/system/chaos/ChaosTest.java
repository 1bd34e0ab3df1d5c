package dev.weft.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.client.FreePort;
import dev.weft.system.fleet.Alone;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
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
@Timeout(900)
class ChaosTest {
    private static final Logger LOG = LoggerFactory.getLogger(ChaosTest.class);
    private static final Path FILE = Sample.deploymentFile();

    /** Requests that begin later than this after a fault get their answer. */
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    /**
     * The same after each single fault on a machine that others fill, and that makes probes late.
     */
    private static final Duration LATE_RECOVERY = Duration.ofSeconds(25);

    /** So long all goes well after a fault, or after the last request that it made fail. */
    private static final Duration CALM = Duration.ofSeconds(7);

    /** Longer than what asks the catalog waits for it. */
    private static final Duration WITHOUT_CATALOG = Duration.ofSeconds(11);

    /** Answers that come after a fault, so that it is known to be over. */
    private static final int ANSWERS = 10;

    private static final Duration MOMENT = Duration.ofSeconds(2);

    /**
     * A killed gateway loses what it counted since it last wrote its journal: each second, and
     * later on a machine that others fill.
     */
    private static final Duration UNCERTAIN = Duration.ofSeconds(6);

    @TempDir private Path folder;

    private final List<Launched> processes = new ArrayList<>();
    private final List<Launched> workers = new ArrayList<>();
    private final List<URI> gateways = new ArrayList<>();
    private final List<Duration> recoveries = new ArrayList<>();
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
        catalogPort = FreePort.find();
        Launched books = startCatalog(postgres);
        catalog = books.awaitReady();
        for (String name : List.of("one", "two", "three")) {
            workers.add(start("worker", name));
        }
        Launched first = start("gateway", "first");
        Launched second = start("gateway", "second");
        gateways.addAll(List.of(first.awaitReady(), second.awaitReady()));
        awaitWorkers();
        for (URI gateway : gateways) {
            for (String model : Sample.MODELS) {
                Http.await(
                        model + " is served",
                        () -> Http.get(gateway.resolve("/v1/models/" + model)).statusCode() == 200);
            }
        }
        try (ChaosLoad load = new ChaosLoad(gateways)) {
            chaos(load, postgres, books, first);
            LOG.info(
                    "right {}, errors {}, error events {}, cut {}",
                    load.count(ChaosLoad.End.RIGHT),
                    load.count(ChaosLoad.End.ERROR),
                    load.count(ChaosLoad.End.ERROR_EVENT),
                    load.count(ChaosLoad.End.CUT));
            assertThat(load.ended().stream().filter(each -> each.end() == ChaosLoad.End.WRONG))
                    .isEmpty();
            List<Duration> sorted = recoveries.stream().sorted().toList();
            assertThat(sorted.get(sorted.size() / 2)).as("%s", sorted).isLessThan(RECOVERY);
        }
    }

    private void chaos(ChaosLoad load, Postgres postgres, Launched books, Launched first)
            throws Exception {
        Http.await("clients are answered", () -> load.count(ChaosLoad.End.RIGHT) >= ANSWERS);
        recovers(load, "a worker is killed", () -> workers.removeFirst().kill());
        workers.add(start("worker", "four"));
        Launched stopped = workers.removeFirst();
        recovers(load, "a worker is stopped", () -> stopped.signal("-STOP"));
        stopped.signal("-CONT");
        workers.add(stopped);
        awaitWorkers();
        Launched leaving = workers.removeFirst();
        workers.add(start("worker", "five"));
        recovers(load, "a worker is told to end", () -> leaving.signal("-TERM"));
        awaitWorkers();
        recovers(load, "a worker is slow", () -> slow(workers.getFirst()));
        awaitWorkers();
        recovers(load, "the database is gone", WITHOUT_CATALOG, postgres::crash);
        postgres.startAgain();
        recovers(load, "the catalog is stopped", WITHOUT_CATALOG, () -> books.signal("-STOP"));
        books.signal("-CONT");
        recovers(load, "the catalog is killed", WITHOUT_CATALOG, books::kill);
        Launched again = startCatalog(postgres);
        again.awaitReady();
        awaitWorkers();
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
        URI last = successor.awaitReady();
        load.has(last);
        Http.await("it is asked, too", () -> load.answers(last) >= ANSWERS);
        load.end();
        assertAccounts(load, gateway, killed);
    }

    /** Both gateways know that all workers are there: one fault at a time. */
    private void awaitWorkers() throws Exception {
        for (URI gateway : gateways) {
            Http.await(
                    "all workers are ready",
                    () -> Http.workers(gateway, "ready") == workers.size());
        }
    }

    private void recovers(ChaosLoad load, String what, Fault fault) throws Exception {
        recovers(load, what, CALM, fault);
    }

    /**
     * Has it happen, and waits until all has gone well for a while; asserts that this is so for
     * requests that begin soon after it.
     */
    private void recovers(ChaosLoad load, String what, Duration calm, Fault fault)
            throws Exception {
        long begun = System.nanoTime();
        fault.happen();
        Http.await(
                () -> what + ": requests fail on and on, or have no end",
                () -> {
                    long last = begun + lastFailed(load, begun);
                    return System.nanoTime() - last >= calm.toNanos()
                            && load.answersSince(last) >= ANSWERS;
                });
        Duration last = Duration.ofNanos(lastFailed(load, begun));
        LOG.info("{}: the last request that failed began {} ms later", what, last.toMillis());
        assertThat(last).as(what).isLessThan(LATE_RECOVERY);
        recoveries.add(last);
    }

    /** How long after a time the last request began that failed, in nanoseconds. */
    private static long lastFailed(ChaosLoad load, long since) {
        return load.ended().stream()
                .filter(each -> each.end() != ChaosLoad.End.RIGHT && each.begun() >= since)
                .mapToLong(each -> each.begun() - since)
                .max()
                .orElse(0);
    }

    /**
     * It gets the processor a tenth of the time, as on a machine that others fill; too short a time
     * for a gateway to tell that it is slower than others.
     */
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
        Thread.sleep(MOMENT); // would more be booked than was answered?
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
}
