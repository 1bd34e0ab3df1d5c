package dev.weft.system.client;

import dev.weft.system.fleet.NodeProgram;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.util.Map;
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
        Sample.Prompt prompt =
                Sample.heldOut().counted().stream()
                        .filter(p -> !p.of("sql").close())
                        .findFirst()
                        .orElseThrow();
        NodeProgram.check(
                program,
                client,
                Map.of(
                        "WEFT_URL", SampleFleet.fleet().gateway() + path,
                        "WEFT_PROMPT", prompt.text(),
                        "WEFT_EXPECTED", prompt.of("sql").answer()));
    }
}
