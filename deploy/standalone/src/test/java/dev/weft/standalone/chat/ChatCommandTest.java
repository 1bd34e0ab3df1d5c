package dev.weft.standalone.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.CommandLineRun;
import dev.weft.standalone.FakeHttp;
import dev.weft.standalone.FakeHttp.Answer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ChatCommandTest {
    private static final String STREAM =
            """
            data: {"choices":[{"delta":{"role":"assistant","content":""}}]}

            data: {"choices":[{"delta":{"content":"SELECT "}}]}

            : heartbeat

            data: {"choices":[{"delta":{"content":"*"}}]}

            data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

            data: [DONE]

            """;

    private static FakeHttp gateway(String body) {
        return new FakeHttp(_ -> new Answer(200, "text/event-stream", body));
    }

    private static CommandLineRun chat(FakeHttp gateway, String... arguments) {
        var all = new String[arguments.length + 3];
        all[0] = "chat";
        all[1] = "--gateway";
        all[2] = gateway.address().toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return CommandLineRun.of(all);
    }

    @Test
    void aKeyThatNoHeaderHoldsIsNotShown() {
        try (FakeHttp gateway = gateway(STREAM)) {
            CommandLineRun run = chat(gateway, "sql", "hi", "--api-key", "\u201chush\u201d");
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("OPENAI_API_KEY").doesNotContain("hush");
            assertThat(gateway.requests()).isEmpty();
        }
    }

    @Test
    void printsTheAnswer() {
        try (FakeHttp gateway = gateway(STREAM)) {
            CommandLineRun run = chat(gateway, "sql", "all orders", "--system", "Be brief.");
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).isEqualTo("SELECT *\n");
            assertThat(gateway.requests().getFirst())
                    .isEqualTo(
                            new FakeHttp.Request(
                                    "POST /v1/chat/completions",
                                    "{\"model\":\"sql\",\"stream\":true,\"messages\":["
                                            + "{\"role\":\"system\",\"content\":\"Be brief.\"},"
                                            + "{\"role\":\"user\",\"content\":\"all orders\"}]}"));
        }
    }

    @Test
    void aConversationCarriesWhatWasSaid() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("one\n\ntwo\n".getBytes(StandardCharsets.UTF_8)));
        try (FakeHttp gateway = gateway(STREAM)) {
            assertThat(chat(gateway, "sql").out()).isEqualTo("SELECT *\nSELECT *\n");
            assertThat(gateway.requests().getLast().body())
                    .contains(
                            "{\"role\":\"user\",\"content\":\"one\"},"
                                    + "{\"role\":\"assistant\",\"content\":\"SELECT *\"},"
                                    + "{\"role\":\"user\",\"content\":\"two\"}");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void anErrorOfTheGatewayIsToldInItsWords() {
        try (var gateway =
                new FakeHttp(_ -> Answer.json(404, "{\"error\":{\"message\":\"no model 'x'\"}}"))) {
            CommandLineRun run = chat(gateway, "x", "hello");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).isEqualTo("weft: no model 'x'\n");
        }
    }

    @Test
    void anAnswerThatBreaksOffIsAFailure() {
        String half = STREAM.substring(0, STREAM.indexOf(": heartbeat"));
        try (FakeHttp silent = gateway(half);
                FakeHttp failed =
                        gateway(half + "data: {\"error\":{\"message\":\"worker left\"}}\n\n")) {
            assertThat(chat(silent, "sql", "hello"))
                    .isEqualTo(new CommandLineRun(1, "SELECT ", "weft: the answer broke off\n"));
            assertThat(chat(failed, "sql", "hello"))
                    .isEqualTo(new CommandLineRun(1, "SELECT ", "weft: worker left\n"));
        }
    }
}
