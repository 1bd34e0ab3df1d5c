package dev.weft.system.agent;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.NodeProgram;
import java.util.List;
import java.util.Map;
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
        NodeProgram.check(
                program,
                client,
                Map.of("WEFT_URL", AgentFleet.fleet().gateway() + path, "WEFT_TASKS", tasks()));
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
