package dev.weft.system.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Program;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The official npm clients: a program below {@code src/test/node} for each asks, streams, calls
 * tools and gets typed errors, and fails if a result is wrong. {@code ./weft test} installs the
 * clients if npm is there.
 */
@ExtendWith(SampleFleet.class)
class NodeClientTest {
    @ParameterizedTest
    @CsvSource({
        "openai, openai-client.cjs, /v1",
        "@anthropic-ai/sdk, anthropic-client.cjs, ''",
    })
    void theNpmClientsWorkWithNoSpecialCase(String client, String program, String path)
            throws Exception {
        Program node = Program.node(Program.NPM, client);
        Sample.Prompt prompt =
                Sample.heldOut().counted().stream()
                        .filter(p -> !p.of("sql").close())
                        .findFirst()
                        .orElseThrow();
        ProcessBuilder builder = node.with(List.of(Path.of("src/test/node", program).toString()));
        builder.environment().put("WEFT_URL", SampleFleet.fleet().gateway() + path);
        builder.environment().put("WEFT_PROMPT", prompt.text());
        builder.environment().put("WEFT_EXPECTED", prompt.of("sql").answer());
        builder.environment().put("WEFT_CLIENT", Program.NPM.resolve(client).toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("all checks passed");
    }
}
