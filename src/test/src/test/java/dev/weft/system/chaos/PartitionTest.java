package dev.weft.system.chaos;

import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Alone;
import dev.weft.system.fleet.Commands;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network between a worker and the rest of the fleet breaks: nothing comes, not even an end.
 */
@Alone
@Timeout(900)
class PartitionTest {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionTest.class);
    private static final Path FILE = Sample.deploymentFile();
    private static final int CLIENTS = 12;
    private static final String ALL = "weft.access.keys=true";

    @TempDir private Path folder;

    private final List<Launched> processes = new ArrayList<>();
    private NetworkPart part;
    private URI catalog = URI.create("http://127.0.0.1");
    private Map<String, String> service = Map.of();
    private String key = "";

    @BeforeEach
    void begin() throws Exception {
        part = NetworkPart.open();
    }

    @AfterEach
    void end() throws Exception {
        processes.reversed().forEach(Launched::close);
        part.close();
    }

    @Test
    void requestsGoOnWithoutTheWorkerBehindAndItIsTakenBackWhenItIsThereAgain() throws Exception {
        URI ready = start(List.of(), "catalog", Map.of(), "weft.bind-address=0.0.0.0");
        catalog = URI.create("http://127.0.0.1:" + ready.getPort());
        String data = folder.resolve("catalog0").resolve("data").toString();
        // as from another machine, the first token needs what the data folder has
        String root = Commands.to(catalog).createToken("root", "--role", "admin", "--data", data);
        Admin admin = new Admin(catalog);
        service = Map.of("WEFT_TOKEN", admin.createToken(root, "fleet", "service", null));
        key = admin.createToken(root, "app", "client", "default");
        URI near = start(List.of(), "worker", service, known("127.0.0.1"), ALL);
        URI far =
                start(
                        part.command(),
                        "worker",
                        service,
                        known(part.here()),
                        "weft.bind-address=" + part.there(),
                        ALL);
        URI gateway =
                start(
                        List.of(),
                        "gateway",
                        service,
                        known("127.0.0.1"),
                        "weft.gateway.workers=" + near + "," + far,
                        "weft.gateway.routing.explain=true",
                        LongStreams.NO_OTHER_DEADLINE,
                        ALL);
        Http.await("the near one answers", () -> answers(gateway, near));
        Http.await("the far one answers", () -> answers(gateway, far));
        breakOff(gateway);
        Http.await("the far one is taken back", () -> answers(gateway, far));
    }

    private void breakOff(URI gateway) throws Exception {
        LongStreams clients = new LongStreams(gateway, key);
        List<CompletableFuture<HttpResponse<String>>> streams = clients.ask(CLIENTS);
        clients.awaitBegun(CLIENTS);
        part.cut();
        long cut = System.nanoTime();
        List<CompletableFuture<HttpResponse<String>>> late = clients.ask(CLIENTS);
        LongStreams.assertWholeOrTold(streams);
        LongStreams.assertWhole(late);
        LOG.info(
                "all were answered or told {} ms after the link was cut",
                Duration.ofNanos(System.nanoTime() - cut).toMillis());
        LongStreams.assertWhole(clients.ask(CLIENTS));
        part.mend();
    }

    /** A request is answered, by that worker. */
    private boolean answers(URI gateway, URI worker) throws Exception {
        HttpResponse<String> answer = Http.chat(gateway, key, "weft-tiny");
        String by = answer.headers().firstValue("weft-routing").orElse("");
        return answer.statusCode() == 200 && by.startsWith(worker + " ");
    }

    private String known(String host) {
        return "weft.catalog.url=http://" + host + ":" + catalog.getPort();
    }

    private URI start(
            List<String> before, String name, Map<String, String> environment, String... settings)
            throws Exception {
        Path own = folder.resolve(name + processes.size());
        Launched started = Launched.runBy(before, name, FILE, own, environment, settings);
        processes.add(started);
        return started.awaitReady();
    }
}
