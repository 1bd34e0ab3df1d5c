package dev.weft.inference.server.http.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.http.TalkingWorker;
import dev.weft.inference.server.http.WorkerClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A last message of the assistant in {@code /v1/messages}. */
@Timeout(400)
class BegunAnswerTest {
    private static final String PATH = "/v1/messages";
    private static final String TOOLS =
            """
            "tools":[{"name":"now","description":"the time","input_schema":{"type":"object",
             "properties":{"zone":{"type":"string"}}}}]\
            """;

    @AutoClose private static TalkingWorker worker;
    private static WorkerClient client;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        worker = TalkingWorker.start(data);
        client = worker.client;
    }

    /** A message whose last one, of the assistant, has that content. */
    private static String begun(String content, String more) {
        return "{\"model\":\"test-base\",\"max_tokens\":90,\"messages\":[{\"role\":\"user\","
                + "\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":"
                + content
                + "}]"
                + (more.isEmpty() ? "" : "," + more)
                + "}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"I am\"|assistant\\nI am",
                "[{\"type\":\"text\",\"text\":\"I"
                        + " \"},{\"type\":\"text\",\"text\":\"am\"}]|assistant\\nI am",
                "[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"\"},{\"type\":\"text\",\"text\":\"I"
                    + " am\"}]|<think>\\nhm\\n</think>\\n\\nI am",
                "\"\"|assistant\\n",
            })
    void anAnswerThatTheClientBeganGoesOn(String content, String end) throws Exception {
        worker.reply = " here.";
        for (String more :
                List.of(
                        "",
                        TOOLS + ",\"tool_choice\":{\"type\":\"auto\"}",
                        "\"thinking\":{\"type\":\"disabled\"}")) {
            JsonNode answer = client.json(PATH, begun(content, more));
            assertThat(answer.at("/content/0/text").stringValue()).isEqualTo(" here.");
            assertThat(answer.path("stop_reason").stringValue()).isEqualTo("end_turn");
            assertThat(worker.prompt()).endsWith(end.replace("\\n", "\n"));
        }
        int used = worker.worker.engine.requests.getLast().prompt().size();
        assertThat(
                        client.json(PATH + "/count_tokens", begun(content, ""))
                                .path("input_tokens")
                                .intValue())
                .isEqualTo(used);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"I am \"|\"top_k\":3|messages[1].content",
                "\"\\n\"|\"top_k\":3|messages[1].content",
                "[{\"type\":\"text\",\"text\":\"I am\\t\"}]|\"top_k\":3|messages[1].content",
                "[{\"type\":\"text\",\"text\":\"I\"},{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"now\",\"input\":{}}]|\"top_k\":3|messages[1].content[1].type",
                "\"I am\"|\"thinking\":{\"type\":\"enabled\"}|thinking.type",
                "\"I am\"|\"thinking\":{\"type\":\"adaptive\"}|thinking.type",
                "\"I am\"|%s,\"tool_choice\":{\"type\":\"any\"}|tool_choice.type",
                "\"I am\"|%s,\"tool_choice\":{\"type\":\"tool\",\"name\":\"now\"}|tool_choice.type",
                "\"I am\"|\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{}}}|output_config.format",
                "\"I am\"|\"output_format\":{\"type\":\"json_schema\",\"schema\":{}}|output_format",
            })
    void whatGoesWithNoBegunAnswerIsNamed(String content, String more, String param)
            throws Exception {
        for (String path : List.of(PATH, PATH + "/count_tokens")) {
            HttpResponse<String> answer =
                    client.send(client.post(path, begun(content, more.formatted(TOOLS))));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            JsonNode error = WorkerClient.tree(answer.body()).path("error");
            assertThat(error.path("type").stringValue()).isEqualTo("invalid_request_error");
            assertThat(error.path("param").stringValue()).isEqualTo(param);
            assertThat(error.path("message").stringValue()).contains("'" + param + "'");
        }
    }
}
