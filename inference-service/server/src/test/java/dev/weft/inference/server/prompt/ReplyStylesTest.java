package dev.weft.inference.server.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weft.chat.ChatTemplate;
import dev.weft.chat.TokenizerConfig;
import dev.weft.grammar.reply.format.Thought;
import dev.weft.inference.server.settings.ReplySettings;
import dev.weft.inference.server.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What response templates and chat templates say together. */
class ReplyStylesTest {
    private static final String SILENT =
            "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}";
    private static final String WRITES =
            "{%% for m in messages %%}{{ m.content }}{%% for c in m.tool_calls or [] %%}%s{%%"
                    + " endfor %%}\n"
                    + "{%% endfor %%}";
    private static final String HERMES =
            WRITES.formatted(
                    "<tool_call>{\"name\": \"{{ c.function.name }}\", \"arguments\": {{"
                            + " c.function.arguments | tojson }}}</tool_call>");
    private static final String OWN =
            WRITES.formatted(
                    "<call>{\"fn\": \"{{ c.function.name }}\", \"args\": {{ c.function.arguments |"
                            + " tojson }}}</call>");
    private static final String READS_OWN =
            "{\"fields\":{\"tool_calls\":{\"open\":\"<call>\",\"close\":\"</call>\",\"content\":\"json\","
                + "\"transform\":{\"function\":{\"name\":\"{content.fn}\",\"arguments\":\"{content.args}\"}}},"
                + "\"thinking\":{\"open\":\"[THINK]\",\"close\":\"[/THINK]\"}}}";

    @AutoClose private static Tokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        tokenizer = Tokenizer.open(Path.of("../../samples/weft-tiny/base"));
    }

    private static ReplyStyle style(
            String toolFormat, @Nullable String chat, @Nullable String response) {
        ReplySettings settings =
                new ReplySettings(
                        toolFormat,
                        ReplySettings.Reasoning.AUTO,
                        ReplySettings.ReasoningFields.BOTH);
        TokenizerConfig config =
                new TokenizerConfig(
                        chat == null ? Map.of() : Map.of(TokenizerConfig.DEFAULT_TEMPLATE, chat),
                        Map.of(),
                        List.of(),
                        null,
                        null,
                        response);
        return new ReplyStyles(settings, tokenizer, Clock.systemUTC())
                .of("a model", config, chat == null ? null : ChatTemplate.compile(chat));
    }

    @Test
    void aResponseTemplateSaysHowCallsAndThoughtsAreWritten() {
        for (String chat : new String[] {OWN, SILENT, null}) {
            ReplyStyle style = style("auto", chat, READS_OWN);
            assertThat(style.calls().openings().getFirst().text())
                    .isEqualTo("<call> { \"fn\" : \"");
            assertThat(style.thought()).isEqualTo(new Thought("[THINK]", "[/THINK]", false));
        }
    }

    @Test
    void aChatTemplateThatWritesCallsOtherwiseIsRight() {
        assertThat(style("auto", HERMES, READS_OWN).calls().name()).isEqualTo("hermes");
    }

    @Test
    void oneThatSaysMoreThanRepliesCanBeHeldToIsLeftAlone() {
        ReplyStyle style =
                style("auto", HERMES + "</think>", "{\"fields\":{\"content\":{\"open\":\"<x>\"}}}");
        assertThat(style.calls().name()).isEqualTo("hermes");
        assertThat(style.thought()).isEqualTo(new Thought("<think>", "</think>", false));
    }

    /** As Granite 3.3, whose template writes no calls. */
    @Test
    void instructionsNameTheFormatOfATemplateThatWritesNoCalls() {
        Map.of(
                        "respond with <|tool_call|> followed by a list",
                        "granite",
                        "respond with <|tool_call|> a list <|/tool_call|>",
                        "phi4_mini_tag",
                        "put a call between <tool_call> and </tool_call>",
                        "hermes",
                        "write <tool_call><function=f></function></tool_call>",
                        "qwen3_coder",
                        "begin with [TOOL_CALLS]",
                        "mistral")
                .forEach((told, format) ->
                        assertThat(warned("{% if tools %}" + told + "{% endif %}" + SILENT, format))
                                .as(told)
                                .isEmpty());
    }

    @Test
    void aFormatThatNothingNamesIsWarnedOfOnce() {
        String mark = "<|tool_call|>";
        for (String chat :
                new String[] {
                    SILENT,
                    // of no use: it stands there without tools, too
                    mark + SILENT,
                    // what the template writes is not what it tells, so neither is trusted
                    "{% if tools %}" + mark + "{% endif %}" + OWN
                }) {
            assertThat(warned(chat, "hermes"))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith("a model: ")
                    .contains("taken is hermes", "weft.inference.reply.tool-format");
        }
        assertThat(warned(HERMES, "hermes")).isEmpty();
    }

    /** The warnings about a chat template of which a format is taken. */
    private static List<String> warned(String chat, String format) {
        Logger log = (Logger) LoggerFactory.getLogger(ReplyStyles.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try {
            assertThat(style("auto", chat, null).calls().name()).isEqualTo(format);
        } finally {
            log.detachAppender(lines);
        }
        return lines.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void settingsWin() {
        assertThat(style("mistral", OWN, READS_OWN).calls().name()).isEqualTo("mistral");
    }
}
