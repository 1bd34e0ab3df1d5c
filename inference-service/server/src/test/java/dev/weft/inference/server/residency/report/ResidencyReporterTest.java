package dev.weft.inference.server.residency.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.inference.server.ScriptedEngine;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.BaseAdapters;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.residency.artifact.TestArtifacts;
import dev.weft.protocol.feed.CatalogEndpoint;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.loop.Loops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidencyReporterTest {
    @TempDir private Path root;

    private final ScriptedEngine engine = new ScriptedEngine(4, _ -> List.of());
    private final LoadThreads loadThreads = LoadThreads.start();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Semaphore reports = new Semaphore(0);
    private final HttpServer catalog;

    ResidencyReporterTest() throws IOException {
        catalog = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        catalog.createContext(
                "/residency/v1/reports",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    String answer = answers.poll();
                    byte[] body = (answer == null ? "{}" : answer).getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                    reports.release();
                });
        catalog.start();
    }

    @AfterEach
    void close() {
        catalog.stop(0);
        engine.close();
        loadThreads.close();
    }

    @Test
    void reportsOnWhateverTheCatalogAnswers() throws Exception {
        List<String> nonsense =
                List.of("null", "[]", "{\"pins\":[null]}", "{\"pins\":1,\"prefetches\":null}", "<");
        answers.addAll(nonsense);
        ArtifactCache store =
                new ArtifactCache(
                        root,
                        (_, _) -> {
                            throw new IOException("no catalog");
                        },
                        TestArtifacts.READER,
                        loadThreads);
        try (ResidencyReporter reporter =
                new ResidencyReporter(
                        new ResidencyReporter.Self(
                                "w-1", URI.create("http://127.0.0.1:1"), "qwen", 2),
                        new CatalogEndpoint(
                                URI.create("http://127.0.0.1:" + catalog.getAddress().getPort()),
                                null,
                                HttpClient.newBuilder()),
                        new AdapterResidency(engine, store, loadThreads, Clock.systemUTC()),
                        new BaseAdapters(new CatalogView(), "qwen"),
                        Duration.ofSeconds(1),
                        new Loops())) {
            reporter.start();
            assertThat(reports.tryAcquire(nonsense.size() + 1, 60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
