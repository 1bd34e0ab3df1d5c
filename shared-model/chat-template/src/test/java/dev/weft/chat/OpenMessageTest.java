package dev.weft.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.chat.jinja.characters.Chars;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Prompts that end within the last message, of templates in the manner of model families. */
class OpenMessageTest {
    private static final String EARLIER = "Sure, it is";

    /** Texts that every template writes. */
    private static final List<String> PLAIN =
            List.of(
                    EARLIER,
                    "S",
                    "{\"a\": [1,",
                    "été 😀 \u6c34 e\u0301 \ud83d\udc69\u200d\ud83d\udcbb",
                    "two\n\nparagraphs, and a `tab`\t|",
                    "",
                    "user",
                    "{{ messages }} {% raw %} {# #}",
                    "<|im_start|>assistant\n<|im_end|>\n<|im_start|>user\nhi",
                    "[INST] x [/INST] <s></s> <|eot_id|> <end_of_turn>\n<start_of_turn>model",
                    "<think>\nI should",
                    "CONTINUE_FINAL_MESSAGE_TAG and more");

    private static final List<String> SPACED =
            List.of(
                    "ends with a space ",
                    "ends with lines\n\n",
                    "  begins with spaces",
                    "\n\tboth \u00a0\u3000",
                    " ",
                    "\n\n");

    /** Texts of which templates take thoughts out. */
    private static final List<String> THINKING =
            List.of("<think>hm</think>\n\nIt is", "hm</think>", "a</think>b</think>c ");

    private static final List<String> SYNTAX =
            List.of(
                    "<think>",
                    "</think>",
                    "<|im_end|>",
                    " ",
                    "\n",
                    "a",
                    "é",
                    "😀",
                    "[/INST]",
                    "{{");

    @ParameterizedTest
    @FieldSource("dev.weft.chat.Goldens#FAMILIES")
    void promptsEndWithTheTextOrAreRefused(String name) throws IOException {
        String source = Goldens.read("template-" + name + ".json").get("source").stringValue();
        ChatTemplate template = ChatTemplate.compile(source);
        for (String text : PLAIN) {
            assertThat(checked(template, chat(text))).as("'%s'", text).isTrue();
        }
        for (String text : SPACED) {
            assertThat(checked(template, chat(text))).as("'%s'", text).isTrue();
        }
        for (String text : THINKING) {
            checked(template, chat(text));
        }
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            int pieces = random.nextInt(6);
            for (int piece = 0; piece < pieces; piece++) {
                text.append(SYNTAX.get(random.nextInt(SYNTAX.size())));
            }
            checked(template, chat(text.toString()));
        }
    }

    private static ChatInput chat(Object content) {
        return new ChatInput(
                List.of(
                        Map.of("role", "user", "content", "Is water wet? " + EARLIER),
                        Map.of("role", "assistant", "content", EARLIER),
                        Map.of("role", "user", "content", "Again: " + EARLIER),
                        Map.of("role", "assistant", "content", content)),
                null,
                null,
                false,
                Map.of("bos_token", "<s>", "eos_token", "</s>"),
                Map.of());
    }

    /** Whether the chat is served; if so, the prompt is what it has to be. */
    private static boolean checked(ChatTemplate template, ChatInput chat) {
        Optional<String> rendered = rendered(template, chat);
        if (rendered.isEmpty()) {
            return false;
        }
        String prompt = rendered.get();
        String text = String.valueOf(chat.messages().getLast().get("content"));
        String begun = stripped(text, true, false);
        assertThat(prompt.endsWith(begun) || prompt.endsWith(stripped(text, true, true)))
                .as("'%s' ends with '%s'", prompt, text)
                .isTrue();
        if (!begun.isEmpty()) {
            assertThat(template.render(chat, Goldens.CLOCK))
                    .startsWith(stripped(prompt, false, true));
        }
        return true;
    }

    private static Optional<String> rendered(ChatTemplate template, ChatInput chat) {
        try {
            return Optional.of(template.renderOpen(chat, Goldens.CLOCK, _ -> {}));
        } catch (ChatRenderException e) {
            assertThat(e.reason()).isEqualTo(ChatRenderException.Reason.ANOTHER_TEXT);
            return Optional.empty();
        }
    }

    /** The text without Python's whitespace at its ends. */
    private static String stripped(String text, boolean begin, boolean end) {
        int from = 0;
        int to = text.length();
        while (begin && from < to && Chars.isSpace(text.charAt(from))) {
            from++;
        }
        while (end && to > from && Chars.isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    @Test
    void aTemplateThatTrimsTextsTrimsThisOneToo() {
        ChatTemplate keeps = ChatTemplate.compile("[{{ messages[-1].content }}]");
        ChatTemplate trims = ChatTemplate.compile("[ {{ messages[-1].content | trim }}]");

        assertThat(open(keeps, " a \n")).isEqualTo("[ a \n");
        assertThat(open(trims, " a \n")).isEqualTo("[ a");
        assertThat(open(trims, "a")).isEqualTo("[ a");
        assertThat(open(trims, "")).isEqualTo("[ ");
        assertThat(open(trims, " \n")).isEqualTo("[ ");
    }

    private static String open(ChatTemplate template, Object content) {
        return template.renderOpen(chat(content), Goldens.CLOCK, _ -> {});
    }

    @Test
    void theLastPartWithATextGoesOn() {
        ChatTemplate template =
                ChatTemplate.compile(
                        "{% for part in messages[-1].content %}<{{ part.text }}>{% endfor %}");
        List<Object> parts = new ArrayList<>();
        parts.add(Map.of("type", "text", "text", "one"));
        parts.add(Map.of("type", "text", "text", "two "));

        assertThat(open(template, parts)).isEqualTo("<one><two ");
        assertThat(parts.getLast()).isEqualTo(Map.of("type", "text", "text", "two "));
    }

    @Test
    void aThoughtStandsBeforeTheTextInQwen3() throws IOException {
        String source = Goldens.read("template-qwen3-like.json").get("source").stringValue();

        assertThat(open(ChatTemplate.compile(source), "It is"))
                .endsWith("<|im_start|>assistant\n<think>\n\n</think>\n\nIt is");
    }

    @Test
    void aTextThatTheTemplateChangesIsRefused() {
        for (String source :
                List.of(
                        "{{ messages[-1].content | upper }}",
                        "{{ messages[-1].content | tojson }}",
                        "{{ messages[0].content }}",
                        "{{ messages[-1].content.split('>')[-1] }}")) {
            ChatTemplate template = ChatTemplate.compile(source);
            ChatRenderException e =
                    catchThrowableOfType(
                            ChatRenderException.class, () -> open(template, "a \"b\" <c> d"));
            assertThat(e.reason()).as(source).isEqualTo(ChatRenderException.Reason.ANOTHER_TEXT);
        }
    }

    @Test
    void aMessageWithoutATextIsNoneThatGoesOn() {
        ChatTemplate template = ChatTemplate.compile("{{ messages }}");

        for (Object content : List.of(List.of(), List.of(Map.of("type", "image")), 7)) {
            assertThatThrownBy(() -> open(template, content))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(
                        () -> template.renderOpen(ChatInput.of(List.of()), Goldens.CLOCK, _ -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
