package dev.weft.inference.server.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.http.WorkerClient;
import dev.weft.inference.server.text.TestTokenizers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No field that a maker's clients may send is dropped in silence. */
@Timeout(400)
class MakersFieldsTest {
    private static final String MESSAGES =
            "\"model\":\"test-base\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static TestWorker worker;
    private static WorkerClient client;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        worker = TestWorker.start(data, _ -> List.of(97, TestTokenizers.IM_END));
        client = new WorkerClient(worker);
    }

    @AfterAll
    static void stop() {
        client.stop();
        worker.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CHAT|/v1/chat/completions|{%s}",
                "TEXT|/v1/completions|{\"model\":\"test-base\",\"prompt\":\"hi\"}",
                "RESPONSES|/v1/responses|{\"model\":\"test-base\",\"input\":\"hi\"}",
                "MESSAGES|/v1/messages|{\"max_tokens\":9,%s}",
                "COUNT|/v1/messages/count_tokens|{%s}",
            })
    void everyFieldIsServedOrRefusedOrChangesNothing(MakersFields fields, String path, String body)
            throws Exception {
        new FieldProbe(client, path).assertNoneIsDropped(fields, body.formatted(MESSAGES));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"logprob_token_ids\":[],\"stream_interval\":1,\"watermarking\":false",
                "\"return_token_offsets\":false,\"return_prompt_text\":false",
                "\"routed_experts_prompt_start\":0,\"repetition_detection\":null",
                "\"thinking_token_budget\":-1",
            })
    void valuesThatSayWhatHappensAnywayAreTaken(String field) throws Exception {
        for (HttpResponse<String> answer :
                List.of(
                        client.send(
                                client.post(
                                        "/v1/chat/completions",
                                        "{" + MESSAGES + "," + field + "}")),
                        client.send(
                                client.post(
                                        "/v1/completions",
                                        "{\"model\":\"test-base\",\"prompt\":\"a\","
                                                + field
                                                + "}")))) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @Test
    void soIsEveryFieldOfAnObjectInAMessage() throws Exception {
        FieldProbe probe = new FieldProbe(client, "/v1/messages");
        probe.assertNoneIsDropped(
                MakersFields.MESSAGES_OUTPUT,
                MakersFields.MESSAGES_OUTPUT.names(),
                "{\"max_tokens\":9,\"output_config\":{}," + MESSAGES + "}",
                "output_config");
        probe.assertNoneIsDropped(
                MakersFields.MESSAGES_THINKING,
                MakersFields.MESSAGES_THINKING.names(),
                "{\"max_tokens\":9,\"thinking\":{\"type\":\"enabled\"}," + MESSAGES + "}",
                "thinking");
    }

    @Test
    void soIsEveryFieldOfATool() throws Exception {
        new FieldProbe(client, "/v1/messages")
                .assertNoneIsDropped(
                        MakersFields.MESSAGES_TOOL,
                        MakersFields.MESSAGES_TOOL.names(),
                        "{\"max_tokens\":9,\"tools\":[{\"name\":\"f\",\"input_schema\":{}}],"
                                + MESSAGES
                                + "}",
                        "tools[0]");
        new FieldProbe(client, "/v1/responses")
                .assertNoneIsDropped(
                        MakersFields.RESPONSES_TOOL,
                        MakersFields.RESPONSES_TOOL.names(),
                        "{\"model\":\"test-base\",\"input\":\"hi\","
                                + "\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]}",
                        "tools[0]");
    }
}
