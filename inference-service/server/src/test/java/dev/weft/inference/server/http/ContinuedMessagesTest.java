package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.text.TestTokenizers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Chats whose last message goes on, with replies as a scripted engine writes them. */
@Timeout(400)
class ContinuedMessagesTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String CONTINUED =
            "\"continue_final_message\":true,\"add_generation_prompt\":false";
    private static final String TOOLS =
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"now\"}}]";

    @AutoClose private static TalkingWorker worker;
    private static WorkerClient client;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        worker = TalkingWorker.start(data);
        client = worker.client;
    }

    /** A chat whose last message has these fields beside its role. */
    private static String chat(String last, String more) {
        return "{\"model\":\"test-base\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},"
                   + "{\"role\":\"assistant\","
                + last
                + "}],"
                + more
                + "}";
    }

    private static String begun(String text, String more) {
        String content = "\"content\":" + JsonMapper.shared().writeValueAsString(text);
        return chat(content, CONTINUED + (more.isEmpty() ? "" : "," + more));
    }

    private static JsonNode choice(String body) throws Exception {
        return client.json(CHAT, body).path("choices").path(0);
    }

    private static String content(JsonNode choice) {
        return choice.at("/message/content").stringValue();
    }

    private static JsonNode refused(String path, String body) throws Exception {
        HttpResponse<String> answer = client.send(client.post(path, body));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        return WorkerClient.tree(answer.body()).path("error");
    }

    @Test
    void theAnswerIsWhatComesNew() throws Exception {
        worker.reply = " four.";
        JsonNode choice = choice(begun("It is", ""));
        assertThat(content(choice)).isEqualTo(" four.");
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(worker.prompt()).contains("user\nhi").endsWith("assistant\nIt is");

        StringBuilder streamed = new StringBuilder();
        for (JsonNode event : worker.events(CHAT, begun("It is", "\"stream\":true"))) {
            streamed.append(event.at("/choices/0/delta/content").asString(""));
        }
        assertThat(streamed).hasToString(" four.");
    }

    @Test
    void textsAreKeptAsTheyAre() throws Exception {
        worker.reply = "x";
        for (String text : List.of("hi", "", " ", "a \n", "{\"a\": [", "CONTINUE_FINAL")) {
            choice(begun(text, ""));
            assertThat(worker.prompt()).endsWith("assistant\n" + text);
        }
    }

    @Test
    void partsOfTextGoOnToo() throws Exception {
        worker.reply = "x";
        choice(
                chat(
                        "\"content\":[{\"type\":\"text\",\"text\":\"So\"},"
                                + "{\"type\":\"text\",\"text\":\"it is\"}],\"tool_calls\":[]",
                        CONTINUED));
        assertThat(worker.prompt()).endsWith("assistant\nSo\nit is");
    }

    @Test
    void aPromptMayEndBehindTheLastMessage() throws Exception {
        worker.reply = "x";
        assertThat(content(choice(chat("\"content\":\"So\"", "\"add_generation_prompt\":false"))))
                .isEqualTo("x");
        char end = (char) (TestTokenizers.IM_END & 0xFF);
        assertThat(worker.prompt()).endsWith("assistant\nSo" + end + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"content\":\"a\"|\"continue_final_message\":true|add_generation_prompt",
                "\"content\":\"a\"|\"continue_final_message\":true,\"add_generation_prompt\":true|add_generation_prompt",
                "\"content\":\"a\"|\"continue_final_message\":\"content\"|continue_final_message",
                "\"content\":[]|%s|messages[1].content",
                "\"reasoning\":\"a\"|%s|messages[1].content",
                "\"content\":\"a\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]|%s|messages[1].tool_calls",
                "\"content\":\"a\",\"function_call\":{\"name\":\"f\"}|%s|messages[1].function_call",
            })
    void whatCantGoOnIsNamed(String last, String more, String param) throws Exception {
        String body = chat(last, more.formatted(CONTINUED));
        for (String path : List.of(CHAT, "/tokenize")) {
            JsonNode error = refused(path, body);
            assertThat(error.path("param").stringValue()).isEqualTo(param);
            assertThat(error.path("code").stringValue()).isEqualTo("invalid_value");
            if (param.equals("add_generation_prompt")) {
                assertThat(error.path("message").stringValue())
                        .contains("'continue_final_message'", "'add_generation_prompt'");
            }
        }
    }

    @Test
    void onlyAnAnswerGoesOn() throws Exception {
        for (String role : List.of("user", "system", "tool")) {
            String body =
                    begun("a", "").replace("\"role\":\"assistant\"", "\"role\":\"" + role + "\"");
            JsonNode error = refused(CHAT, body);
            assertThat(error.path("param").stringValue()).isEqualTo("messages[1].role");
            assertThat(error.path("message").stringValue()).contains("continue_final_message");
        }
    }

    @Test
    void tokensAreThoseOfThePrompt() throws Exception {
        worker.reply = "x";
        choice(begun("It is", ""));
        List<Integer> prompt = worker.worker.engine.requests.getLast().prompt();
        JsonNode tokens = client.json("/tokenize", begun("It is", "")).path("tokens");
        assertThat(tokens.valueStream().map(JsonNode::intValue)).containsExactlyElementsOf(prompt);
    }

    /** The model has answered already, so that marks of thoughts are text. */
    @Test
    void noThoughtComesBehindAText() throws Exception {
        worker.reply = " four <think>or</think> five";
        JsonNode message = choice(begun("It is", "")).path("message");
        assertThat(message.path("content").stringValue()).isEqualTo(worker.reply);
        assertThat(message.has("reasoning")).isFalse();
    }

    @Test
    void aThoughtThatTheTextBeginsGoesOn() throws Exception {
        worker.reply = " two and two.</think>\n\nFour.";
        JsonNode message = choice(begun("<think>\nI add", "")).path("message");
        assertThat(message.path("reasoning").stringValue()).isEqualTo(" two and two.");
        assertThat(message.path("content").stringValue()).isEqualTo("Four.");
    }

    @Test
    void aTextGoesOnBehindItsThought() throws Exception {
        worker.reply = "<think>Four.";
        String last = "\"content\":\"\",\"reasoning\":\"I add.\"";
        JsonNode message = choice(chat(last, CONTINUED)).path("message");
        assertThat(worker.prompt()).endsWith("<think>\nI add.\n</think>\n\n");
        assertThat(message.path("content").stringValue()).isEqualTo("<think>Four.");
        assertThat(message.has("reasoning")).isFalse();
    }

    @Test
    void aThoughtMayBeginBehindNothing() throws Exception {
        worker.reply = "<think>I add.</think>Four.";
        JsonNode message = choice(begun("", "")).path("message");
        assertThat(message.path("reasoning").stringValue()).isEqualTo("I add.");
        assertThat(message.path("content").stringValue()).isEqualTo("Four.");
    }

    @Test
    void callsMayComeBehindAText() throws Exception {
        worker.reply = " the time.\n<tool_call>{\"name\": \"now\", \"arguments\": {}}</tool_call>";
        JsonNode choice = choice(begun("I look at", TOOLS));
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("tool_calls");
        assertThat(content(choice)).isEqualTo(" the time.");
        assertThat(choice.at("/message/tool_calls/0/function/name").stringValue()).isEqualTo("now");
    }

    @Test
    void callsMayComeBehindAThoughtThatGoesOn() throws Exception {
        worker.reply =
                " for it.</think><tool_call>{\"name\": \"now\", \"arguments\": {}}</tool_call>";
        JsonNode message = choice(begun("<think>A <tool_call>", TOOLS)).path("message");
        assertThat(message.path("reasoning").stringValue()).isEqualTo(" for it.");
        assertThat(message.at("/tool_calls/0/function/name").stringValue()).isEqualTo("now");
    }

    /** Its rest would be told as text. */
    @Test
    void aTextInWhichACallBeginsIsRefusedWithTools() throws Exception {
        worker.reply = "w\", \"arguments\": {}}</tool_call>";
        String text = "I look.\n<tool_call>{\"name\": \"no";
        JsonNode error = refused(CHAT, begun(text, TOOLS));
        assertThat(error.path("param").stringValue()).isEqualTo("messages");
        assertThat(error.path("message").stringValue()).contains("a call of a tool begins");
        assertThat(content(choice(begun(text, TOOLS + ",\"tool_choice\":\"none\""))))
                .isEqualTo(worker.reply);
        assertThat(content(choice(begun(text, "")))).isEqualTo(worker.reply);
    }
}
