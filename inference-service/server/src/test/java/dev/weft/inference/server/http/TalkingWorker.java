package dev.weft.inference.server.http;

import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.text.TestTokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A worker whose model calls tools and thinks: it says what a test has it say. */
public final class TalkingWorker implements AutoCloseable {
    /** Writes calls and thoughts as Qwen 3 does. */
    private static final String TEMPLATE =
            """
            {%- if tools %}<|im_start|>system
            {% for tool in tools %}{{ tool.function.name }}
            {% endfor %}<|im_end|>
            {% endif %}
            {%- for m in messages %}<|im_start|>{{ m.role }}
            {% if m.reasoning_content %}<think>
            {{ m.reasoning_content }}
            </think>

            {% endif %}{{ m.content or '' }}
            {%- for call in m.tool_calls or [] %}
            <tool_call>
            {"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
            </tool_call>
            {%- endfor %}<|im_end|>
            {% endfor %}
            {%- if add_generation_prompt %}<|im_start|>assistant
            {% endif %}\
            """;

    public final TestWorker worker;
    public final WorkerClient client;
    public volatile String reply = "";

    private TalkingWorker(Path data, String template) throws IOException {
        worker = TestWorker.startTalking(data, _ -> tokens(), template);
        client = new WorkerClient(worker.service);
    }

    public static TalkingWorker start(Path data) throws IOException {
        return start(data, TEMPLATE);
    }

    /** A worker whose model has that chat template. */
    public static TalkingWorker start(Path data, String template) throws IOException {
        return new TalkingWorker(data, template);
    }

    private List<Integer> tokens() {
        List<Integer> tokens = new ArrayList<>(TestWorker.bytes(reply));
        tokens.add(TestTokenizers.IM_END);
        return tokens;
    }

    /** The text of the last request's prompt. */
    public String prompt() {
        List<Integer> prompt = worker.engine.requests.getLast().prompt();
        byte[] bytes = new byte[prompt.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = prompt.get(i).byteValue();
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The JSON of a stream's events. */
    public List<JsonNode> events(String path, String body) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        for (String line : client.send(client.post(path, body)).body().lines().toList()) {
            if (line.startsWith("data: {")) {
                events.add(JsonMapper.shared().readTree(line.substring(6)));
            }
        }
        return events;
    }

    @Override
    public void close() {
        client.stop();
        worker.close();
    }
}
