package dev.weft.system.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.RunningFleet;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Tests {@code weft top} as a user runs it, with and without a terminal, against the sample. */
@ExtendWith(SampleFleet.class)
@Timeout(600)
class TopTest {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    @Test
    void findsTheWorkerThroughTheCatalogAndShowsItsAdapters() throws Exception {
        RunningFleet fleet = SampleFleet.fleet();
        try (Client client = new Client(fleet.gateway())) {
            client.ask("sql", "show the 3 newest orders");
        }
        awaitReport(fleet);
        AtomicReference<JsonNode> shown = new AtomicReference<>(document());
        Http.await(
                () -> "a busy worker has answered in time: " + shown,
                () -> {
                    boolean answered = shown.get().at("/workers/0/failure").isNull();
                    if (!answered) {
                        shown.set(document());
                    }
                    return answered;
                });
        JsonNode document = shown.get();
        assertThat(document.path("workers")).hasSize(1);
        JsonNode worker = document.at("/workers/0");
        assertThat(worker.path("address").asString()).isEqualTo(fleet.worker().toString());
        assertThat(worker.path("adapters_in_slots").asInt()).isPositive();
        assertThat(worker.path("slots").asInt()).isPositive();
        assertThat(document.path("adapters").valueStream().map(a -> a.path("name").asString()))
                .contains("sql", Sample.BASE);
    }

    private static JsonNode document() throws Exception {
        Process process = new ProcessBuilder(command("--json")).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(err).isZero();
        return Http.JSON.readTree(out);
    }

    @Test
    void drawsInATerminalAndLeavesItAsItWasWhenItIsEnded() throws Exception {
        awaitReport(SampleFleet.fleet());
        String line = String.join(" ", command());
        Process process =
                new ProcessBuilder(
                                "script", "-qec", "stty cols 90 rows 20; exec " + line, "/dev/null")
                        .redirectErrorStream(true)
                        .start();
        StringBuilder seen = new StringBuilder();
        InputStream out = process.getInputStream();
        try {
            readUntil(out, seen, "ADAPTER");
            assertThat(seen.toString()).startsWith("\u001b[?1049h\u001b[?25l").contains("WORKER");
            process.descendants()
                    .filter(child -> child.info().command().orElse("").endsWith("java"))
                    .forEach(ProcessHandle::destroy);
            readUntil(out, seen, "\u001b[?25h\u001b[?1049l");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        for (String shown : seen.toString().split("\r+\n", -1)) {
            assertThat(shown.replaceAll("\u001b\\[[?0-9]*[A-Za-z]", "")).hasSizeLessThan(91);
        }
    }

    private static void awaitReport(RunningFleet fleet) throws Exception {
        URI workers = fleet.admin().catalog().resolve("/admin/v1/workers");
        Http.await(
                "the catalog knows the worker",
                () -> Http.get(workers).body().contains(fleet.worker().toString()));
    }

    private static void readUntil(InputStream out, StringBuilder seen, String expected)
            throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        byte[] bytes = new byte[4096];
        while (seen.indexOf(expected) < 0) {
            assertThat(System.nanoTime()).as("%s in: %s", expected, seen).isLessThan(end);
            int count = out.read(bytes);
            assertThat(count).as("%s in: %s", expected, seen).isPositive();
            seen.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
    }

    private static List<String> command(String... arguments) {
        RunningFleet fleet = SampleFleet.fleet();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", ManagementFactory.getRuntimeMXBean().getClassPath()));
        command.addAll(List.of("dev.weft.standalone.Weft", "top", "--interval", "0.5"));
        command.addAll(List.of("--catalog", fleet.admin().catalog().toString()));
        command.addAll(List.of("--gateway", fleet.gateway().toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
