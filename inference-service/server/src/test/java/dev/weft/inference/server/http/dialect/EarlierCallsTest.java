package dev.weft.inference.server.http.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.http.TalkingWorker;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chats that go on behind a call, by each interface, and what templates make of the call. */
@Timeout(400)
class EarlierCallsTest {
    private static final String TEMPLATE =
            """
            {%% for m in messages %%}[{{ m.role }}]{%% if m.role == 'assistant' and %s %%}\
            {%% for c in m.tool_calls %%}[TOOL_CALLS][{"name": "{{ c.function.name }}", "arguments": \
            {{ %s }}}]{%% endfor %%}{%% else %%}{{ m.content }}{%% endif %%}{%% endfor %%}\
            """;

    private static final String TOOL =
            "\"name\":\"f\",\"%s\":{\"type\":\"object\",\"properties\":{}}}";

    private static final Map<String, String> BODIES =
            Map.of(
                    "/v1/chat/completions",
                    """
                    {"model":"test-base","messages":[{"role":"user","content":"a"},
                     {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",
                     "function":{"name":"f","arguments":"{\\"x\\":1}"}}]},
                     {"role":"tool","tool_call_id":"c1","content":"b"}],
                     "tools":[{"type":"function","function":{%s}]}
                    """
                            .formatted(TOOL.formatted("parameters")),
                    "/v1/messages",
                    """
                    {"model":"test-base","max_tokens":9,"messages":[{"role":"user","content":"a"},
                     {"role":"assistant","content":[
                     {"type":"tool_use","id":"c1","name":"f","input":{"x":1}}]},
                     {"role":"user","content":[
                     {"type":"tool_result","tool_use_id":"c1","content":"b"}]}],
                     "tools":[{%s]}
                    """
                            .formatted(TOOL.formatted("input_schema")),
                    "/v1/responses",
                    """
                    {"model":"test-base","input":[{"role":"user","content":"a"},
                     {"type":"function_call","call_id":"c1","name":"f","arguments":"{\\"x\\":1}"},
                     {"type":"function_call_output","call_id":"c1","output":"b"}],
                     "tools":[{"type":"function",%s]}
                    """
                            .formatted(TOOL.formatted("parameters")));

    @TempDir private Path data;

    @ParameterizedTest
    @ValueSource(strings = {"m.tool_calls", "m.content is none", "m['content'] == ''"})
    void aCallWhoseArgumentsAreJoinedAsTextIsInThePrompt(String calls) throws Exception {
        goesOn(TEMPLATE.formatted(calls, "'' + c.function.arguments"), "{\"x\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.tool_calls", "m.content is none", "m['content'] == ''"})
    void aCallWhoseArgumentsArePrintedAsJsonIsInThePrompt(String calls) throws Exception {
        goesOn(TEMPLATE.formatted(calls, "c.function.arguments | tojson"), "{\"x\": 1}");
    }

    private void goesOn(String template, String arguments) throws Exception {
        try (TalkingWorker worker = TalkingWorker.start(data, template)) {
            for (Map.Entry<String, String> body : BODIES.entrySet()) {
                worker.reply = "x";
                HttpResponse<String> answer =
                        worker.client.send(worker.client.post(body.getKey(), body.getValue()));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(worker.prompt())
                        .as(body.getKey())
                        .isEqualTo(
                                "[user]a[assistant][TOOL_CALLS][{\"name\": \"f\", \"arguments\": "
                                        + arguments
                                        + "}][tool]b");
            }
        }
    }
}
