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

class ChatTemplateTest {
    private static final ChatInput HELLO =
            ChatInput.of(List.of(Map.of("role", "user", "content", "Hello")));

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
