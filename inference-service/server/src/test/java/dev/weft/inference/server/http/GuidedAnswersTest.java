package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.constraint.AnswerGuide;
import dev.weft.inference.engine.constraint.GuideException;
import dev.weft.inference.engine.constraint.TokenConstraint;
import dev.weft.inference.server.TestWorker;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Forms of answers on an engine that has a grammar of its own, which knows no expressions. */
class GuidedAnswersTest {
    private static final String TOOLS =
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"now\"}}]";

    @TempDir Path data;
    @AutoClose private TestWorker worker;

    @BeforeEach
    void start() throws Exception {
        worker =
                TestWorker.startGuided(
                        data,
                        _ -> TestWorker.bytes("{}"),
                        guide -> {
                            if (guide instanceof AnswerGuide.Regex) {
                                throw new GuideException("", "", "no expressions here");
                            }
                        });
    }

    private HttpResponse<String> chat(String fields) throws Exception {
        String body =
                "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":2,%s}"
                        .formatted(TestWorker.BASE, fields);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(worker.service.address().resolve("/v1/chat/completions"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void theEngineIsToldTheFormAndTestsTokensWithIt() throws Exception {
        HttpResponse<String> answer = chat("\"response_format\":{\"type\":\"json_object\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        TokenConstraint constraint =
                Objects.requireNonNull(worker.engine.requests.getLast().constraint());
        assertThat(constraint.guide()).contains(new AnswerGuide.AnyObject());
        assertThat(constraint.allows('{')).isTrue();
        assertThat(constraint.allows('x')).isFalse();
    }

    @Test
    void toolsWithoutAFormAreOnlyReadOutOfTheReply() throws Exception {
        HttpResponse<String> answer = chat(TOOLS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(worker.engine.requests.getLast().constraint()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "response_format | together with tools |"
                        + " \"response_format\":{\"type\":\"json_object\"},"
                        + TOOLS,
                "guided_regex | no expressions here | \"guided_regex\":\"a\"",
                "guided_grammar | does not hold answers to this form | \"guided_grammar\":\"root"
                        + " ::= [a]\"",
                "tool_choice | can't constrain answers | \"tool_choice\":\"required\"," + TOOLS,
                "complete | can't constrain answers |"
                        + " \"complete\":true,\"response_format\":{\"type\":\"json_object\"}"
            })
    void whatTheEngineCanNotHoldIsRefusedByName(String field, String why, String fields)
            throws Exception {
        HttpResponse<String> answer = chat(fields);
        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = JsonMapper.shared().readTree(answer.body()).path("error");
        assertThat(error.path("param").asString()).isEqualTo(field);
        assertThat(error.path("message").asString()).contains(why);
    }
}
