package dev.weft.system.supply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Starts each service without the launcher, by {@code java -jar} on its jar among the product's
 * libraries, as docs/configuration.md says. The other services are away.
 */
class ServiceJarsTest {
    private static final Pattern STARTED = Pattern.compile("Netty started on port (\\d+)");
    private static final String NOBODY = "http://127.0.0.1:1";

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "adapter-catalog", "inference-server"})
    void startsAndEndsWhenItIsTold(String service, @TempDir Path folder) throws Exception {
        Path log = folder.resolve("log");
        Process process =
                new ProcessBuilder(command(service))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            Http.await(() -> "it listens; its log:\n" + read(log), () -> listens(process, log));
            Matcher started = STARTED.matcher(read(log));
            assertThat(started.find()).isTrue();
            assertThat(read(log)).contains("logging.structured.format.console");
            URI address = URI.create("http://127.0.0.1:" + started.group(1));
            assertThat(Http.get(address.resolve("/actuator/health/liveness")).statusCode())
                    .isEqualTo(200);
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    private static List<String> command(String service) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String flags = Files.readString(Product.FOLDER.resolve("jvm.flags"));
        command.addAll(List.of(flags.strip().split("\\s+")));
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of("-jar", jar(service).toString()));
        command.add("--weft.deployment=" + Sample.deploymentFile());
        command.add("--weft.catalog.url=" + NOBODY);
        command.add("--weft.gateway.workers=" + NOBODY);
        // quick without the optimising compiler
        command.add("--weft.inference.kernels=reference");
        command.add("--weft.log.format=json");
        command.add("--server.port=0");
        command.add("--logging.level.org.springframework.boot=info");
        return command;
    }

    private static Path jar(String service) throws IOException {
        return Product.ownJars().stream()
                .filter(jar -> jar.getFileName().toString().startsWith(service + "-"))
                .findFirst()
                .orElseThrow();
    }

    private static boolean listens(Process process, Path log) {
        String said = read(log);
        if (!process.isAlive()) {
            throw new AssertionError("it has ended; its log:\n" + said);
        }
        return STARTED.matcher(said).find();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
