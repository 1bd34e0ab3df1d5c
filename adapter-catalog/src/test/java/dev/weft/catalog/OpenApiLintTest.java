package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks all of Redocly's recommended rules, as errors. */
@Timeout(300)
class OpenApiLintTest {
    /** The folder into which src/test/setup installs it. */
    private static final Path LINTER =
            Path.of("..", "src", "test", "target", "npm", "node_modules", "@redocly", "cli")
                    .resolve("bin/cli.js");

    @TempDir Path folder;

    @Test
    void theDocumentKeepsToAllRecommendedRules() throws Exception {
        assumeTrue(
                Files.isRegularFile(LINTER),
                "missing: npm's @redocly/cli, which ./weft test installs");
        Path document = folder.resolve("openapi.json");
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            Files.writeString(document, catalog.get("/openapi.json").body());
        }
        Files.writeString(
                folder.resolve("redocly.yaml"),
                """
                extends: [recommended-strict]
                rules:
                  # the catalog describes itself where it runs: its own address, often on loopback
                  no-server-example.com: off
                """);
        ProcessBuilder builder =
                new ProcessBuilder(
                                "node",
                                LINTER.toAbsolutePath().toString(),
                                "lint",
                                "--config=redocly.yaml",
                                "openapi.json")
                        .directory(folder.toFile())
                        .redirectErrorStream(true);
        builder.environment().put("REDOCLY_TELEMETRY", "off");
        builder.environment().put("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        Process linter = builder.start();
        linter.getOutputStream().close();
        String output = new String(linter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(linter.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(linter.exitValue()).as(output).isZero();
    }
}
