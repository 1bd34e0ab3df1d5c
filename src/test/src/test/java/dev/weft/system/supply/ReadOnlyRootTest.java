package dev.weft.system.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the product as an image of it does, with the image's entry point. The user has no name,
 * capabilities, home or environment, and the root file system is read-only.
 */
class ReadOnlyRootTest {
    private static final String USER = "10001";
    private static final int MOST_SECONDS = 240;

    @ParameterizedTest
    @ValueSource(strings = {"tensorrt-llm/Containerfile", "weft/Containerfile"})
    void answersWithNothingToWriteToButItsDataAndTmp(String image, @TempDir Path folder)
            throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "the image is for Linux");
        assumeTrue(
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "only root may make a file system read-only");
        Path data = Files.createDirectory(folder.resolve("data"));
        Path log = folder.resolve("log");
        Process process = start(Product.ROOT.resolve("deploy/container").resolve(image), data, log);
        try {
            URI gateway = ready(process, log);

            assertThat(Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")))
                    .contains(
                            String.join("\t", "Uid:", USER, USER, USER, USER),
                            "CapEff:\t0000000000000000",
                            "NoNewPrivs:\t1");
            HttpResponse<String> answer = ask(gateway);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(data).isDirectoryContaining("glob:**/catalog");
        } finally {
            process.destroy();
            process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
            process.destroyForcibly().onExit().join();
        }
    }

    private static Process start(Path image, Path data, Path log) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Product.ROOT.resolve("src/test/confined").toString());
        command.add(Product.FOLDER.toString());
        command.add(Product.ROOT.resolve("samples").toString());
        command.add(data.toString());
        command.addAll(entryPoint(image));
        command.addAll(List.of("serve", "/mnt/samples/weft-tiny.yaml", "--data", "/mnt/data"));
        command.addAll(List.of("--port", "0", "--set", "weft.catalog.port=0"));
        command.addAll(List.of("--set", "weft.inference.port=0"));
        return new ProcessBuilder(command).redirectError(log.toFile()).start();
    }

    /** The image's entry point, with this machine's folders instead of the image's. */
    private static List<String> entryPoint(Path image) throws Exception {
        String line =
                Files.readAllLines(image).stream()
                        .filter(text -> text.startsWith("ENTRYPOINT "))
                        .findFirst()
                        .orElseThrow();
        return Stream.of(
                        line.substring("ENTRYPOINT ".length())
                                .replaceAll("[\\[\\]\"]", "")
                                .split(", *"))
                .map(word ->
                        word.replace("/opt/java/openjdk", System.getProperty("java.home"))
                                .replace("/opt/weft", "/mnt/weft"))
                .toList();
    }

    private static URI ready(Process process, Path log) throws Exception {
        var address = new CompletableFuture<URI>();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try (BufferedReader out = process.inputReader()) {
                        out.lines()
                                .filter(line -> line.startsWith("ready "))
                                .forEach(line ->
                                        address.complete(URI.create(line.substring(6).strip())));
                        address.completeExceptionally(new AssertionError("it has ended"));
                    } catch (Exception e) {
                        address.completeExceptionally(e);
                    }
                });
        try {
            return address.get(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("not ready; its log:\n" + Files.readString(log), e);
        }
    }

    private static HttpResponse<String> ask(URI gateway) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(gateway.resolve("/v1/completions"))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofMinutes(2))
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"model\": \"sql\", \"prompt\": \"a\", \"max_tokens\":"
                                                + " 2}"))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }
}
