package dev.weft.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.discovery.source.FoundAddresses;
import dev.weft.gateway.discovery.source.SourceRecorder;
import dev.weft.gateway.discovery.source.SourceRecorder.News;
import dev.weft.protocol.feed.CatalogEndpoint;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.residency.ReportedWorkers;
import dev.weft.protocol.residency.ReportedWorkers.Worker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers that report to the catalog. */
class CatalogSourceTest {
    private final HttpServer catalog;
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final SourceRecorder told = new SourceRecorder();
    private final CatalogSource source;
    private volatile byte[] answer = new byte[0];
    private volatile int status = 200;

    /** Address of the hosts below {@code weft.test}; null while none of them is found. */
    private volatile @Nullable String found = "10.0.0.9";

    CatalogSourceTest() throws IOException {
        catalog = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        catalog.createContext(
                ReportedWorkers.PATH,
                exchange -> {
                    tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
                    exchange.sendResponseHeaders(status, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        catalog.start();
        source =
                new CatalogSource(
                        new CatalogEndpoint(
                                URI.create("http://127.0.0.1:" + catalog.getAddress().getPort()),
                                "secret",
                                ServiceTls.OFF.client()),
                        new FoundAddresses(List.of(AddressRange.of("10.0.0.0/8"))),
                        this::find,
                        new Loops());
    }

    @AfterEach
    void close() {
        source.close();
        catalog.stop(0);
    }

    private InetAddress[] find(String host) throws UnknownHostException {
        if (!host.endsWith("weft.test")) {
            return InetAddress.getAllByName(host);
        }
        String address = found;
        if (address == null) {
            throw new UnknownHostException(host);
        }
        return InetAddress.getAllByName(address);
    }

    private void reports(Worker... workers) {
        answer = new ReportedWorkers(List.of(workers)).encode();
    }

    @Test
    void aWorkerGoesOnceFiveAnswersAreWithoutIt() throws Exception {
        reports(new Worker("w-1", "http://10.0.0.1:8082"), new Worker("w-2", "http://10.0.0.2:1"));
        source.start(told);
        told.awaitWorkers("http://10.0.0.1:8082", "http://10.0.0.2:1");
        reports(new Worker("w-2", "http://10.0.0.2:1"));
        int answers = 0;
        while (told.next().workers().size() == 2) {
            answers++;
        }
        assertThat(answers)
                .isBetween(CatalogSource.ANSWERS_WITHOUT - 1, CatalogSource.ANSWERS_WITHOUT);
        assertThat(tokens).containsOnly("Bearer secret");
    }

    /** A name server that fails for seconds says nothing about workers. */
    @Test
    void aKnownWorkerThatReportsStaysWhileItsNameIsNotFound() throws Exception {
        String known = "http://known.weft.test:8082";
        reports(new Worker("w-1", known));
        source.start(told);
        told.awaitWorkers(known);
        found = null;
        reports(new Worker("w-1", known), new Worker("w-2", "http://new.weft.test:8082"));
        String problem =
                "worker w-1: 'known.weft.test' is not found; worker w-2: 'new.weft.test' is not"
                        + " found";
        told.await(news -> news.problem().equals(problem));
        for (int answers = 0; answers < CatalogSource.ANSWERS_WITHOUT; answers++) {
            assertThat(told.next()).isEqualTo(new News(List.of(known), problem));
        }
        found = "192.0.2.1";
        told.await(news -> news.workers().isEmpty() && news.problem().contains("does not lie in"));
    }

    @Test
    void aCatalogThatRefusesOrAnswersSomethingElseTakesNobodyOffTheList() throws Exception {
        reports(new Worker("w-1", "http://10.0.0.1:8082"));
        source.start(told);
        told.awaitWorkers("http://10.0.0.1:8082");
        status = 401;
        assertThat(told.await(news -> !news.problem().isEmpty()).problem())
                .isEqualTo("the catalog: " + ReportedWorkers.PATH + " answered 401");
        status = 200;
        answer = "<html>".getBytes(StandardCharsets.UTF_8);
        assertThat(told.await(news -> !news.problem().contains("401")).problem())
                .isEqualTo("the catalog: no list of workers");
        reports(new Worker("w-1", "http://10.0.0.1:8082"));
        told.awaitWorkers("http://10.0.0.1:8082");
    }

    @Test
    void addressesThatNoWorkerMayHaveAreLeftOutAndSaid() throws Exception {
        reports(
                new Worker("w-1", "http://10.0.0.1:8082"),
                new Worker("w-2", "http://0.0.0.0:8082"),
                new Worker("w-3", "http://127.0.0.1:8081"),
                new Worker("w-4", "http://user@10.0.0.4:8082"),
                new Worker("w-5", "http://10.0.0.5:8082/admin?x"),
                new Worker("w-6", "file:///etc/passwd"),
                new Worker("w-7", "not an address"),
                new Worker("w-8", "http://localhost:8082"));
        source.start(told);
        News news = told.next();
        assertThat(news.workers()).containsExactly("http://10.0.0.1:8082");
        assertThat(news.problem())
                .contains(
                        "worker w-2: 'http://0.0.0.0:8082' does not lie in"
                            + " weft.gateway.discovery.networks; its weft.inference.address says"
                            + " where it is reached",
                        "worker w-3: 'http://127.0.0.1:8081' does not lie",
                        "worker w-4: 'http://user@10.0.0.4:8082' is not an address like"
                                + " http://10.1.0.7:8082",
                        "worker w-5: ",
                        "worker w-6: ",
                        "worker w-7: reports something that is not an address",
                        "worker w-8: 'http://localhost:8082' does not lie");
    }
}
