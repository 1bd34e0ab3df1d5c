package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The official npm client: {@code src/test/node/openai-client.cjs} asks, streams, lists, reads
 * log-probabilities and gets typed errors, and fails where something is not as it should be. {@code
 * ./weft test} installs the client where npm is.
 */
@ExtendWith(SampleFleet.class)
class NodeClientTest {
    private static final Path CLIENT = Path.of("target", "npm", "node_modules", "openai");

    @Test
    void theNpmClientWorksWithNoSpecialCase() throws Exception {
        assumeTrue(onPath("node"), "node is not installed");
        assumeTrue(Files.isDirectory(CLIENT), "npm's openai is not installed: ./weft test does it");
        Sample.Prompt prompt =
                Sample.heldOut().counted().stream()
                        .filter(p -> !p.of("sql").close())
                        .findFirst()
                        .orElseThrow();
        ProcessBuilder builder =
                new ProcessBuilder("node", Path.of("src/test/node/openai-client.cjs").toString())
                        .redirectErrorStream(true);
        builder.environment().put("WEFT_URL", SampleFleet.fleet().gateway() + "/v1");
        builder.environment().put("WEFT_PROMPT", prompt.text());
        builder.environment().put("WEFT_EXPECTED", prompt.of("sql").answer());
        builder.environment().put("WEFT_CLIENT", CLIENT.toAbsolutePath().toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("all checks passed");
    }

    private static boolean onPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
