package dev.weft.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {
    private static final ChatInput HELLO =
            ChatInput.of(List.of(Map.of("role", "user", "content", "Hello")));
    private static final Map<String, Object> NONE = Map.of();

    @Test
    void namesPlaceAndConstructOfATemplateItRefuses() {
        ChatTemplateException e =
                catchThrowableOfType(
                        ChatTemplateException.class,
                        () -> ChatTemplate.compile("a\n  {{ messages|nofilter }}"));

        assertThat(e).hasMessage("chat template, line 2, column 15: No filter named 'nofilter'");
        assertThat(e.line()).isEqualTo(2);
        assertThat(e.column()).isEqualTo(15);
        assertThatThrownBy(() -> ChatTemplate.compile("{% include 'x' %}"))
                .hasMessageContaining("the tag 'include' is not supported");
        assertThatThrownBy(() -> ChatTemplate.compile("{{ fetch('x') }}"))
                .hasMessageContaining("the function 'fetch' is not defined");
        assertThatThrownBy(() -> ChatTemplate.compile("x".repeat((1 << 18) + 1)))
                .isInstanceOf(ChatTemplateException.class);
    }

    @Test
    void callsAFunctionThatTheTemplateHasAskedFor() {
        ChatTemplate template =
                ChatTemplate.compile("{% if now is defined %}{{ now() }}{% else %}none{% endif %}");

        assertThat(template.render(HELLO, Goldens.CLOCK)).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "messages|nofilter; No filter named 'nofilter'.",
                "messages is notest; No test named 'notest'.",
                "messages|map('nofilter')|list; No filter named 'nofilter'.",
                "messages|pprint; the filter 'pprint' is not supported",
                "fetch('x'); 'fetch' is undefined",
                "lipsum(); the function 'lipsum' is not supported",
                "'a'.encode(); access to attribute 'encode' of 'str' object is unsafe."
            })
    void namesWhatIsNotThereOnceARenderingGetsToIt(String expression, String fault) {
        ChatTemplate template =
                ChatTemplate.compile("{% if tools %}\n{{ " + expression + " }}\n{% endif %}ok");
        ChatInput tools = new ChatInput(HELLO.messages(), List.of(1), null, true, NONE, NONE);

        assertThat(template.render(HELLO, Goldens.CLOCK)).isEqualTo("ok");
        assertThatThrownBy(() -> template.render(tools, Goldens.CLOCK))
                .isInstanceOf(ChatRenderException.class)
                .hasMessage("the chat template can't render these messages (line 2): %s", fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% if messages|nofilter %}{% endif %}",
                "{{ 1 if messages is notest else 2 }}",
                "{% set x %}{{ fetch() }}{% endset %}",
                "{% generation %}{{ messages|pprint }}{% endgeneration %}",
                "{{ fetch() and 1 }}",
                "{{ 1 < fetch() < 3 }}"
            })
    void refusesWhatNoRenderingGetsPast(String source) {
        assertThatThrownBy(() -> ChatTemplate.compile(source))
                .isInstanceOf(ChatTemplateException.class);
    }

    @Test
    void tellsWhatTheTemplateRaisedInItsOwnWords() {
        ChatTemplate template =
                ChatTemplate.compile("\n{{ raise_exception('Roles must alternate!') }}");

        ChatRenderException e =
                catchThrowableOfType(
                        ChatRenderException.class, () -> template.render(HELLO, Goldens.CLOCK));

        assertThat(e).hasMessage("Roles must alternate!");
        assertThat(e.reason()).isEqualTo(ChatRenderException.Reason.RAISED);
        assertThat(e.line()).isEqualTo(2);
    }

    @Test
    void tellsWhereATemplateFailedOnAConversation() {
        ChatTemplate template = ChatTemplate.compile("a\n{{ messages[0].name.first }}");

        ChatRenderException e =
                catchThrowableOfType(
                        ChatRenderException.class, () -> template.render(HELLO, Goldens.CLOCK));

        assertThat(e)
                .hasMessage(
                        "the chat template can't render these messages (line 2): 'dict object'"
                                + " has no attribute 'name'");
        assertThat(e.reason()).isEqualTo(ChatRenderException.Reason.FAILED);
    }

    @Test
    void tellsTheTimeOfTheClocksZone() {
        Clock clock = Clock.fixed(Instant.parse("2026-12-31T23:30:00Z"), ZoneId.of("Europe/Paris"));

        assertThat(
                        ChatTemplate.compile("{{ strftime_now('%d %B %Y %H:%M') }}")
                                .render(HELLO, clock))
                .isEqualTo("01 January 2027 00:30");
    }

    @Test
    void letsTemplateArgumentsWinOverSpecialTokensButNotOverTheRequest() {
        ChatInput input =
                new ChatInput(
                        List.of(),
                        null,
                        null,
                        false,
                        Map.of("bos_token", "<s>", "eos_token", "</s>"),
                        Map.of("eos_token", "<end>"));

        assertThat(
                        ChatTemplate.compile("{{ bos_token }}{{ eos_token }}{{ tools is none }}")
                                .render(input, Goldens.CLOCK))
                .isEqualTo("<s><end>True");
        assertThatThrownBy(() ->
                        new ChatInput(
                                List.of(),
                                null,
                                null,
                                false,
                                Map.of(),
                                Map.of("messages", List.of())))
                .hasMessageContaining("chat_template_kwargs has 'messages'");
    }

    @Test
    void knowsWhetherATemplateReadsPartsAndJoinsTextForThoseThatDoNot() {
        assertThat(readsParts("{% for p in message.content %}{{ p }}{% endfor %}")).isTrue();
        assertThat(readsParts("{% for p in m.content[0:] %}{{ p.text }}{% endfor %}")).isTrue();
        assertThat(
                        readsParts(
                                "{% set content = m.get('content') %}"
                                        + "{% for p in content %}{{ p.text }}{% endfor %}"))
                .isTrue();
        String macro = "{% macro show(c) %}{% for p in c %}{{ p }}{% endfor %}{% endmacro %}";
        assertThat(readsParts(macro + "{{ show(m.content) }}")).isTrue();
        assertThat(readsParts(macro + "{% set x = show(c=m.content) %}{{ x }}")).isTrue();
        assertThat(readsParts(macro + "{% if show(m.content) %}x{% endif %}")).isTrue();
        assertThat(readsParts(macro + "{% for x in y if show(m.content) %}x{% endfor %}")).isTrue();
        assertThat(readsParts(macro + "{{ show(m.tools) }}")).isFalse();
        String other = "{% macro print(c) %}{{ c }}{% endmacro %}";
        assertThat(readsParts(macro + other + "{{ show(m.tools) }}{{ print(m.content) }}"))
                .isFalse();
        assertThat(readsParts("{% for p in m['content']|selectattr('text') %}{% endfor %}"))
                .isTrue();
        assertThat(readsParts("{% set c = m.content %}{% for p in c %}{{ p }}{% endfor %}"))
                .isTrue();
        assertThat(
                        readsParts(
                                "{% macro t(content) %}{% for p in content %}{{ p }}{% endfor %}"
                                        + "{% endmacro %}"))
                .isTrue();
        assertThat(readsParts("{% for m in messages %}{{ m.content }}{% endfor %}")).isFalse();

        Object parts =
                List.of(
                        Map.of("type", "text", "text", "one"),
                        Map.of("type", "text", "text", "two"));
        Object image = List.of(Map.of("type", "image_url"));
        ChatInput joined =
                ChatInput.of(
                                List.of(
                                        Map.of("role", "user", "content", parts),
                                        Map.of("role", "user", "content", image)))
                        .withJoinedText();
        assertThat(joined.messages().getFirst().get("content")).isEqualTo("one\ntwo");
        assertThat(joined.messages().getLast().get("content")).isEqualTo(image);
    }

    private static boolean readsParts(String source) {
        return ChatTemplate.compile(source).readsContentParts();
    }

    @Test
    void isRenderedByManyThreadsAtOnce() throws Exception {
        ChatTemplate template =
                ChatTemplate.compile(
                        "{% set ns = namespace(n=0) %}{% for i in range(500) %}"
                                + "{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> results =
                    java.util.stream.IntStream.range(0, 64)
                            .mapToObj(_ ->
                                    threads.submit(() -> template.render(HELLO, Goldens.CLOCK)))
                            .toList();
            for (Future<String> result : results) {
                assertThat(result.get()).isEqualTo("124750");
            }
        }
    }
}
