package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway in a process of its own, without the launcher. */
@Timeout(300)
class AloneTest {
    private static final Pattern STARTED = Pattern.compile("Netty started on port (\\d+)");

    @TempDir private Path folder;

    private Process start(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                GatewayApplication.class.getName(),
                                "--logging.level.org.springframework.boot=info"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
    }

    @Test
    void servesWithADeploymentFileAndEndsWhenItIsTold() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("weft.yaml"),
                        """
                        model_name: base
                        trt_llm: {build: {checkpoint_repository: {source: HF, repo: a/b}}}
                        weft:
                          gateway: {port: 0, workers: "http://127.0.0.1:1"}
                          catalog: {url: "http://127.0.0.1:1", port: 1}
                          inference: {max-rows: 4}
                        """);
        Process process = start("--weft.deployment=" + file);
        try {
            URI address = URI.create("http://127.0.0.1:" + port(process));
            HttpResponse<String> live =
                    Gateways.CLIENT.send(
                            HttpRequest.newBuilder(address.resolve("/actuator/health/liveness"))
                                    .timeout(Gateways.PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(live.statusCode()).as(live.body()).isEqualTo(200);
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void saysHowItIsToldItsDeploymentFile() throws Exception {
        Process process = start();
        try {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).contains("No deployment file is given.", "--weft.deployment=FILE");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
        } finally {
            process.destroyForcibly();
        }
    }

    private static int port(Process process) throws IOException {
        StringBuilder said = new StringBuilder();
        BufferedReader log = process.inputReader();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                return Integer.parseInt(started.group(1));
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("it did not start:\n" + said);
    }
}
