package dev.weft.grammar.reply.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Thought;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.grammar.reply.parser.ReplyParser;
import dev.weft.grammar.reply.parser.ReplyPart;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Response templates as models on the hub bring them. */
public class ResponseTemplateTest {
    private static final String THINKS =
            "\"thinking\": {\"open\": \"<think>\", \"close\": \"</think>\", \"content\": \"text\"},"
                    + " ";
    private static final String WHOLE =
            "\"transform\": {\"type\": \"function\", \"function\": \"{content}\"}";
    private static final String NAMED =
            "\"transform\": {\"type\": \"function\", \"function\": {\"name\": \"{name}\","
                    + " \"arguments\": \"{content}\"}}";

    private static ResponseTemplate read(String fields) throws UnreadTemplateException {
        return ResponseTemplate.of(
                JsonMapper.shared()
                        .readTree(
                                "{\"defaults\": {\"role\": \"assistant\"}, \"start_anchor\":"
                                    + " \"<|im_start|>assistant\\n\", \"version\": 1, \"fields\": {"
                                        + fields
                                        + "\"content\": {\"close\": \"<|im_end|>\", \"content\":"
                                        + " \"text\"}}}"));
    }

    private static String calls(String field) {
        return "\"tool_calls\": {" + field + "}, ";
    }

    private static CallSyntax syntax(String field) throws UnreadTemplateException {
        return Objects.requireNonNull(read(calls(field)).calls());
    }

    @Test
    void aTemplateWithoutCallsOrThoughtsSaysNothingOfThem() throws Exception {
        assertThat(read("")).isEqualTo(new ResponseTemplate(null, null));
    }

    @Test
    void readsThoughtsUnderEachOfTheirNames() throws Exception {
        assertThat(read(THINKS).thought()).isEqualTo(new Thought("<think>", "</think>", false));
        assertThat(
                        read("\"reasoning_content\": {\"open\": [\"[THINK]\"], \"close\":"
                                        + " \"[/THINK]\"}, ")
                                .thought())
                .isEqualTo(new Thought("[THINK]", "[/THINK]", false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "hermes#\"open\": \"<tool_call>\", \"close\": \"</tool_call>\", \"repeats\": true,"
                        + " \"content\": \"json\", "
                        + WHOLE,
                "hermes#\"open\": \"<tool_call>\\n\", \"close\": \"\\n</tool_call>\", \"content\":"
                        + " \"json\", \"transform\": {\"function\": {\"name\": \"{content.name}\","
                        + " \"arguments\": \"{content.arguments}\"}}",
                "mistral#\"open\": \"[TOOL_CALLS]\", \"content\": \"json\", \"transform_each\":"
                        + " true, \"transform\": {\"type\": \"function\", \"function\": {\"name\":"
                        + " \"{name}\", \"arguments\": \"{arguments}\"}}",
                "mistral_v11#\"open_pattern\":"
                    + " \"\\\\[TOOL_CALLS\\\\](?P<name>[\\\\w.-]+)\\\\[ARGS\\\\]\", \"content\":"
                    + " \"json\", \"repeats\": true, "
                        + NAMED,
                "granite#\"open\": \"<|tool_call|>\", \"content\": \"json\", \"transform_each\":"
                        + " true, \"transform\": {\"type\": \"function\", \"function\": {\"name\":"
                        + " \"{name}\", \"arguments\": \"{arguments}\"}}",
                "phi4_mini_tag#\"open\": \"<|tool_call|>\", \"close\": \"<|/tool_call|>\","
                        + " \"content\": \"json\", \"transform_each\": true, \"transform\":"
                        + " {\"function\": {\"name\": \"{name}\", \"arguments\": \"{arguments}\"}}",
                "qwen3_coder#\"open_pattern\": \"<tool_call>\\\\s*<function=(?P<name>\\\\w+)>\","
                        + " \"close\": \"</tool_call>\", \"content\": \"xml-inline\","
                        + " \"content_args\": {\"tag_pattern\":"
                        + " \"<parameter=(?P<key>\\\\w+)>\\\\s*(?P<value>.*?)\\\\s*</parameter>\","
                        + " \"value_parser\": {\"name\": \"json\", \"args\": {\"allow_non_json\":"
                        + " true}}}, "
                        + NAMED,
            })
    void findsTheKnownFormatThatReadsTheSameCalls(String format, String field) throws Exception {
        assertThat(syntax(field).name()).isEqualTo(format);
    }

    private static String made(String name, String arguments) {
        return "\"content\": \"json\", \"transform\": {\"function\": {\"name\": \"{%s}\", \"arguments\": \"{%s}\"}}"
                .formatted(name, arguments);
    }

    /** Formats that no known one reads, made of templates. */
    public static Stream<CallSyntax> madeFormats() {
        return Stream.of(
                        "\"open\": \"<call>\", \"close\": \"</call>\", "
                                + made("content.fn", "content.kwargs"),
                        "\"open\": \"<|calls|>\", \"close\": \"<|done|>\", \"transform_each\":"
                                + " true, "
                                + made("name", "args"),
                        "\"open_pattern\":"
                                + " \"<\\\\|call\\\\|>(?P<name>\\\\w+)<\\\\|with\\\\|>\\\\n?\","
                                + " \"close\": \"<|end|>\", "
                                + made("name", "content"))
                .map(field -> {
                    try {
                        return syntax(field);
                    } catch (UnreadTemplateException e) {
                        throw new AssertionError(field, e);
                    }
                });
    }

    static Stream<Arguments> madeFormatsWithReplies() {
        Iterator<String> replies =
                List.of(
                                "<call> {\"fn\": \"get\", \"kwargs\": {\"x\": 1}} </call>",
                                "<|calls|>[{\"name\":\"get\",\"args\":{\"x\":1}}]<|done|>",
                                "<|call|>get<|with|>{\"x\": 1}<|end|>")
                        .iterator();
        return madeFormats().map(made -> Arguments.of(made, replies.next()));
    }

    @ParameterizedTest
    @MethodSource("madeFormatsWithReplies")
    void makesAFormatOfOneThatIsNotKnown(CallSyntax made, String reply) throws Exception {

        assertThat(made.name()).isEqualTo("response_template");
        JsonNode parameters =
                JsonMapper.shared()
                        .readTree(
                                "{\"type\":\"object\",\"properties\":{\"x\":{\"const\":1}},"
                                        + "\"required\":[\"x\"],\"additionalProperties\":false}");
        ReplyRule rule =
                new ReplyRule(
                        new ReplyRule.Calls(
                                made, List.of(new Tool("get", parameters, false)), true, false),
                        null);
        ReplyParser parser = new ReplyParser(rule);
        List<ReplyPart> parts = new ArrayList<>(parser.add(reply));
        parts.addAll(parser.finish());
        assertThat(parts).first().isEqualTo(new ReplyPart.CallBegin(0, "get"));
        assertThat(arguments(parts)).isEqualTo(JsonMapper.shared().readTree("{\"x\": 1}"));
        assertThat(parts).noneMatch(ReplyPart.Text.class::isInstance);
        assertThat(parser.complete()).isTrue();
    }

    private static JsonNode arguments(List<ReplyPart> parts) {
        StringBuilder json = new StringBuilder();
        for (ReplyPart part : parts) {
            if (part instanceof ReplyPart.CallArguments piece) {
                json.append(piece.json());
            }
        }
        return JsonMapper.shared().readTree(json.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                // gpt-oss: what stands between name and arguments may be anything
                "fields.tool_calls.open_pattern#\"open_pattern\": \"commentary to=functions\\\\."
                        + "(?P<name>\\\\w+).*?<\\\\|message\\\\|>\", \"close\": \"<|call|>\","
                        + " \"content\": \"json\", "
                        + NAMED,
                // Gemma 4: strings in quotes of its own
                "fields.tool_calls.content_args#\"open_pattern\": \"<\\\\|tool_call>call:"
                        + "(?P<name>\\\\w+)\", \"close\": \"<tool_call|>\", \"content\": \"json\","
                        + " \"content_args\": {\"unquoted_keys\": true}, "
                        + NAMED,
                "fields.tool_calls.content#\"open\": \"<meta>\", \"close\": \"</meta>\","
                        + " \"content\": \"kv-lines\"",
                "fields.tool_calls.transform#\"open\": \"<call>\", \"close\": \"</call>\","
                        + " \"content\": \"json\"",
                "fields.tool_calls.open#\"open\": \"{\", \"content\": \"json\", " + WHOLE,
                "fields.tool_calls.open#\"open\": \"Action: call\", \"content\": \"json\", "
                        + WHOLE,
                "fields.tool_calls.content_args#\"open_pattern\": \"<f=(?P<name>\\\\w+)>\","
                        + " \"close\": \"</f>\", \"content\": \"xml-inline\", \"content_args\":"
                        + " {\"tag_pattern\": \"<a (?P<key>\\\\w+)>(?P<value>.*?)</a>\"}, "
                        + NAMED,
            })
    void saysWhichFieldIsMoreThanRepliesCanBeHeldTo(String where, String field) {
        assertThatThrownBy(() -> read(calls(field)))
                .isInstanceOf(UnreadTemplateException.class)
                .hasMessageStartingWith(where + ": ");
    }

    @Test
    void leavesTemplatesAloneThatMarkAnswers() {
        assertThatThrownBy(() ->
                        ResponseTemplate.of(
                                JsonMapper.shared()
                                        .readTree(
                                                "{\"fields\": {\"content\": {\"open\":"
                                                        + " \"<response>\", \"close\":"
                                                        + " \"</response>\"}}}")))
                .isInstanceOf(UnreadTemplateException.class)
                .hasMessageContaining("fields.content");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "fields#\"a text\"",
                "fields#{\"fields\": []}",
                "fields#7",
                "version#{\"version\": 2, \"fields\": {\"content\": {}}}",
                "fields.citations#{\"fields\": {\"citations\": {\"open\": \"<cite>\"}}}"
            })
    void refusesWhatIsNoTemplateOfItsVersion(String where, String template) {
        assertThatThrownBy(() -> ResponseTemplate.of(JsonMapper.shared().readTree(template)))
                .isInstanceOf(UnreadTemplateException.class)
                .hasMessageStartingWith(where + ": ");
    }

    /** Patterns come with adapters: none of them may take long to be refused. */
    @Test
    void patternsOfAnyLengthAreReadAtOnce() {
        String hostile = "(?P<key>a)".repeat(5_000) + "(?P<value>.*)".repeat(1_000);
        assertThatThrownBy(() ->
                        syntax(
                                "\"open_pattern\": \"<f=(?P<name>\\\\w+)>\", \"close\": \"</f>\","
                                        + " \"content\": \"xml-inline\", \"content_args\":"
                                        + " {\"tag_pattern\": \""
                                        + hostile
                                        + "\"}, "
                                        + NAMED))
                .isInstanceOf(UnreadTemplateException.class);
    }
}
