package dev.weft.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.RunningFleet;
import dev.weft.system.fleet.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The events of a day, repeated until it is closed. There are requests for all adapters at once,
 * more adapters than slots; streams that are read and one that isn't; an unknown model and a
 * malformed request; versions that are published, rejected and loaded, and one whose files are
 * gone.
 */
final class ObservedLoad implements AutoCloseable {
    /** The name that gets a new version each round, so that each round loads something new. */
    static final String PUBLISHED = "late";

    /** The name whose files are removed before anybody asks for it. */
    static final String BROKEN = "broken";

    private static final String QUESTION = "show the 5 newest orders from Lyon above 200 euros";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<CompletableFuture<Void>> running = new ArrayList<>();
    private final RunningFleet fleet;
    private final Path adapters;
    private final Path artifacts;
    private volatile boolean closing;

    private interface Round {
        void run(int round) throws Exception;
    }

    /**
     * Starts the load at once.
     *
     * @param adapters a folder that adapters may be registered from
     * @param artifacts the folder of the catalog's accepted artifacts
     */
    ObservedLoad(RunningFleet fleet, Path adapters, Path artifacts) {
        this.fleet = fleet;
        this.adapters = adapters;
        this.artifacts = artifacts;
        for (String model : Sample.MODELS) {
            repeat(_ -> chat(model));
        }
        repeat(_ -> odd());
        repeat(this::publish);
    }

    private void repeat(Round round) {
        running.add(
                CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; !closing; i++) {
                                run(round, i);
                            }
                        },
                        threads));
    }

    private static void run(Round round, int number) {
        try {
            round.run(number);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void chat(String model) throws Exception {
        assertThat(read(chatRequest(model, true, 48))).as(model).contains("[DONE]");
        assertThat(ask(chatRequest(model, false, 16)).statusCode()).as(model).isEqualTo(200);
    }

    private void odd() throws Exception {
        assertThat(ask(chatRequest("nobody-has-it", false, 8)).statusCode()).isEqualTo(404);
        assertThat(ask(request("/v1/chat/completions", "{")).statusCode()).isEqualTo(400);
        leave(chatRequest("sql", true, 400));
        String text = "{\"model\":\"sql\",\"prompt\":\"%s\",\"max_tokens\":8%s}";
        assertThat(read(request("/v1/completions", text.formatted(QUESTION, ",\"stream\":true"))))
                .contains("[DONE]");
        assertThat(ask(request("/v1/completions", text.formatted(QUESTION, ""))).statusCode())
                .isEqualTo(200);
        // a list of its own each time, so that it is compiled
        String choice = ",\"guided_choice\":[\"yes\",\"no\",\"%d\"]".formatted(System.nanoTime());
        assertThat(ask(request("/v1/completions", text.formatted(QUESTION, choice))).statusCode())
                .isEqualTo(200);
    }

    private void publish(int round) throws Exception {
        Admin admin = fleet.admin();
        admin.register(PUBLISHED, variant(PUBLISHED, 17 + 2 * round));
        admin.awaitReady(PUBLISHED);
        Http.await(
                PUBLISHED + " answers",
                () -> ask(chatRequest(PUBLISHED, false, 8)).statusCode() == 200);
        assertThat(read(chatRequest(PUBLISHED, true, 200))).contains("[DONE]");

        Path empty = Files.createDirectories(adapters.resolve("empty"));
        admin.register("empty", empty);

        admin.register(BROKEN, variant(BROKEN, 18 + 2 * round));
        admin.awaitReady(BROKEN);
        String digest = admin.show(BROKEN).get("versions").get(0).get("digest").asString();
        remove(digest.replace("sha256:", ""));
        Http.await(BROKEN + " fails", () -> ask(chatRequest(BROKEN, false, 8)).statusCode() >= 500);
    }

    /** The adapter sql with another scale, and so another digest. */
    private Path variant(String name, int alpha) throws IOException {
        Path folder = Files.createDirectories(adapters.resolve(name));
        try (Stream<Path> files = Files.list(Sample.adapter("sql"))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        folder.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path configuration = folder.resolve("adapter_config.json");
        Files.writeString(
                configuration,
                Files.readString(configuration)
                        .replace("\"lora_alpha\": 16", "\"lora_alpha\": " + alpha));
        return folder;
    }

    private void remove(String digest) throws IOException {
        List<Path> found;
        try (Stream<Path> all = Files.walk(artifacts)) {
            found = all.filter(path -> path.toString().contains(digest)).toList();
        }
        assertThat(found).as("artifact of " + digest).isNotEmpty();
        for (Path path : found.stream().sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
        }
    }

    private HttpRequest chatRequest(String model, boolean stream, int tokens) {
        return request(
                "/v1/chat/completions",
                ("{\"model\":\"%s\",\"stream\":%s,\"max_tokens\":%d,\"ignore_eos\":true,"
                                + "\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}")
                        .formatted(model, stream, tokens, QUESTION));
    }

    private HttpRequest request(String path, String json) {
        URI address = fleet.gateway().resolve(path);
        return HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(3))
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    private HttpResponse<String> ask(HttpRequest request) throws Exception {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private String read(HttpRequest request) throws Exception {
        return ask(request).body();
    }

    /** Reads a stream's first event and goes. */
    private void leave(HttpRequest request) throws Exception {
        HttpResponse<InputStream> answer =
                http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            // comments come while its request waits
            assertThat(lines.lines().filter(line -> line.startsWith("data:")).findFirst())
                    .isPresent();
        }
    }

    /** Lets each round end; fails if one has failed. */
    @Override
    public void close() {
        closing = true;
        try {
            CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new)).join();
        } finally {
            threads.shutdownNow();
            http.close();
        }
    }

    /** Fails if a round has failed, since the measurement is then wrong. */
    void check() {
        for (CompletableFuture<Void> each : running) {
            if (each.state() == Future.State.FAILED) {
                throw new AssertionError("the load has failed", each.exceptionNow());
            }
        }
    }
}
