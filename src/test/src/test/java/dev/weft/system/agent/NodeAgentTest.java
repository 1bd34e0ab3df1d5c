package dev.weft.system.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Program;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Agents with two tools by the official npm clients: a program below {@code src/test/node} each.
 */
@ExtendWith(AgentFleet.class)
class NodeAgentTest {
    @ParameterizedTest
    @CsvSource({
        "openai, openai-agent.cjs, /v1",
        "@anthropic-ai/sdk, anthropic-agent.cjs, ''",
    })
    void theNpmClientsCallTheRightToolAndTellWhatItFound(String client, String program, String path)
            throws Exception {
        Program node = Program.node(Program.NPM, client);
        ProcessBuilder builder = node.with(List.of(Path.of("src/test/node", program).toString()));
        builder.environment().put("WEFT_URL", AgentFleet.fleet().gateway() + path);
        builder.environment().put("WEFT_TASKS", tasks());
        builder.environment().put("WEFT_CLIENT", Program.NPM.resolve(client).toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("all checks passed");
    }

    private static String tasks() {
        List<Map<String, Object>> tools =
                AgentTask.TOOLS.stream()
                        .map(name ->
                                Map.<String, Object>of(
                                        "name", name, "properties", AgentTask.properties()))
                        .toList();
        return Http.JSON.writeValueAsString(
                Map.of("model", AgentTask.MODEL, "tools", tools, "tasks", AgentTask.ALL));
    }
}
