package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The official npm client: {@code src/test/node/openai-client.cjs} asks, streams, lists, reads
 * log-probabilities and gets typed errors, and fails if a result is wrong. {@code ./weft test}
 * installs the client if npm is there.
 */
@ExtendWith(SampleFleet.class)
class NodeClientTest {
    @Test
    void theNpmClientWorksWithNoSpecialCase() throws Exception {
        Program node = Program.node(Program.NPM, "openai");
        Sample.Prompt prompt =
                Sample.heldOut().counted().stream()
                        .filter(p -> !p.of("sql").close())
                        .findFirst()
                        .orElseThrow();
        ProcessBuilder builder =
                node.with(List.of(Path.of("src/test/node/openai-client.cjs").toString()));
        builder.environment().put("WEFT_URL", SampleFleet.fleet().gateway() + "/v1");
        builder.environment().put("WEFT_PROMPT", prompt.text());
        builder.environment().put("WEFT_EXPECTED", prompt.of("sql").answer());
        builder.environment().put("WEFT_CLIENT", Program.NPM.resolve("openai").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("all checks passed");
    }
}
