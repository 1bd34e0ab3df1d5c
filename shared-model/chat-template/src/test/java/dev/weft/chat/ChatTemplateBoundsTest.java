package dev.weft.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests templates that want more than one rendering may take. */
class ChatTemplateBoundsTest {
    private static final String DOUBLE =
            "{% set ns = namespace(x='ab') %}{% for i in range(100) %}{% set ns.x = EXPR %}"
                    + "{% endfor %}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
                "{% for a in range(100000) %}{{ 'x' * 100000 }}{% endfor %}",
                "{{ 'x' * 10 ** 12 }}",
                "{{ ['x'] * 10 ** 9 }}",
                "{{ 2 ** (10 ** 9) }}",
                "{{ 10 ** 200000 * 10 ** 200000 }}",
                "{{ '%999999999d' % 1 }}",
                "{{ '%*d' % (10 ** 9, 1) }}",
                "{{ '{:999999999}'.format(1) }}",
                "{{ 'x'.center(10 ** 9) }}",
                "{{ 'x'|center(10 ** 9) }}",
                "{{ '1'.zfill(10 ** 9) }}",
                "{{ 'x'|indent(10 ** 9) }}",
                "{{ [1, [2]]|tojson(indent=10 ** 9) }}",
                "{{ '\\t'.expandtabs(10 ** 9) }}",
                "{{ ('a' * 10000).replace('', 'b' * 10000) }}",
                "{{ ('a' * 10000)|replace('a', 'b' * 10000) }}",
                "{{ ('b' * 10000).join('a' * 10000) }}",
                "{{ ('a' * 10000)|join('b' * 10000) }}",
                "{{ [1]|batch(10 ** 9, 0)|list }}",
                "{{ [1]|slice(10 ** 9)|list }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m() %}{% call m() %}{% endcall %}{{ caller }}{% endmacro %}{{ m() }}",
                "{% for x in [1] recursive %}{{ loop([x]) }}{% endfor %}",
                "{% set ns = namespace(l=[]) %}{% for i in range(5000) %}"
                        + "{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(5000) %}"
                        + "{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l|tojson }}",
                "{% set ns = namespace(l=[], m=[]) %}{% for i in range(5000) %}{% set ns.l = [ns.l]"
                        + " %}{% set ns.m = [ns.m] %}{% endfor %}{{ ns.l == ns.m }}",
                "{% set ns = namespace(l=(1,)) %}{% for i in range(5000) %}"
                        + "{% set ns.l = (ns.l,) %}{% endfor %}{{ {ns.l: 1} }}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(5000) %}"
                        + "{% set ns.l = ns.l|map('abs') %}{% endfor %}{{ ns.l|list }}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(5000) %}"
                        + "{% set ns.l = ns.l|unique %}{% endfor %}{{ ns.l|list }}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(5000) %}"
                        + "{% set ns.l = ns.l|select %}{% endfor %}{{ ns.l|first }}",
                "{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}",
                "{% set s = 'ab' * 1000000 %}{% for i in range(100000) %}"
                        + "{% set x = s.count('zz') %}{% endfor %}",
                "{% set s = 'ab' * 1000000 %}{% for i in range(100000) %}"
                        + "{% set x = 'zz' in s %}{% endfor %}",
                "{% set l = range(100000)|list %}{% for i in range(100000) %}"
                        + "{% set x = l[1:] %}{% endfor %}",
                "{% set l = range(100000)|list %}{% for i in range(100000) %}"
                        + "{% set x = l|sort %}{% endfor %}",
                "{% set s = 'a' * 4000000 %}{% set t = 'a' * 2000000 ~ 'b' %}"
                        + "{% for i in range(1000) %}{% set x = t in s %}{% endfor %}",
                "{% set s = 'a' * 4000000 %}{% set t = 'b' ~ 'a' * 2000000 %}"
                        + "{% for i in range(1000) %}{% set x = s.rfind(t) %}{% endfor %}",
                "{% set s = 'a' * 4000000 %}{% set t = 'b' * 2000000 ~ 'a' %}"
                        + "{% for i in range(1000) %}{% set x = s.strip(t) %}{% endfor %}",
                "{% set s = 'a ' * 4000000 %}{% for i in range(1000) %}"
                        + "{% set x = s.rsplit() %}{% endfor %}",
                "{% set s = 'ä' * 4000000 %}{% for i in range(100000) %}{% for j in range(100) %}{%"
                        + " set x = s is lower %}{% endfor %}{% endfor %}",
                "{% set s = ' ' * 4000000 %}{% for i in range(100000) %}"
                        + "{% set x = s|trim %}{% endfor %}",
                "{% set s = 'a' * 4000000 %}{% set t = (s,) * 100000 %}"
                        + "{% for i in range(1000) %}{% set x = s.startswith(t) %}{% endfor %}",
                "{% set n = 2 ** 60000 %}{% for i in range(100000) %}{% for j in range(100) %}"
                        + "{% set x = n + n %}{% endfor %}{% endfor %}",
                "{% for i in range(100000) %}{% set x = '%.99999f' % 1.5 %}{% endfor %}",
                "{% set s = '%c' * 4000000 %}{% for i in range(100) %}"
                        + "{% set x = strftime_now(s) %}{% endfor %}",
                "{% set ns = namespace(l=[]) %}{% for i in range(100000) %}"
                        + "{% set ns.l = [ns.l, range(1000)|list] %}{% endfor %}",
                "{% set ns = namespace(l=[]) %}{% for i in range(100000) %}"
                        + "{% set ns.l = [ns.l, 'x' * 100000] %}{% endfor %}"
            })
    void stopsATemplateThatWantsTooMuch(String source) {
        assertStops(source);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ns.x ~ ns.x",
                "ns.x + ns.x",
                "[ns.x, ns.x]|join",
                "ns.x|replace('a', 'aa')",
                "'%s%s' % (ns.x, ns.x)",
                "'{0}{0}'.format(ns.x)",
                "[ns.x, ns.x]|tojson",
                "[ns.x, ns.x]|string",
                "ns.x|e ~ ns.x",
                "ns.x|list + ns.x|list"
            })
    void stopsWhatDoublesEachTime(String expression) {
        assertStops(DOUBLE.replace("EXPR", expression));
    }

    private static void assertStops(String source) {
        ChatTemplate template = ChatTemplate.compile(source);
        long start = System.nanoTime();

        ChatRenderException e =
                catchThrowableOfType(
                        ChatRenderException.class,
                        () -> template.render(ChatInput.of(List.of()), Goldens.CLOCK));

        assertThat(e).isNotNull();
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(ChatRenderException.Reason.LIMIT);
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(30);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "(,)",
                "[,]",
                "{'a':,}",
                "`not `,``",
                "-,``",
                "x[,]",
                "x[0:,]",
                "range(,)",
                "x|d(,)",
                "`x if x else `,``",
                "`x is eq `,``",
                "``,[0]",
                "``,|d",
                "``,[:1]"
            })
    void refusesExpressionsNestedTooDeeply(String opening, String closing) {
        String source = "{{ " + opening.repeat(10_000) + "1" + closing.repeat(10_000) + " }}";

        assertThatThrownBy(() -> ChatTemplate.compile(source))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("nested more than");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "~", "or", "and", "**", "*", "==", "if 1 else"})
    void readsOrRefusesLongChainsWithoutLosingTheThread(String link) {
        String source = "{{ 1" + (" " + link + " 1").repeat(20_000) + " }}";

        String outcome = Goldens.outcome(source, Map.of());

        assertThat(outcome).matches("(?s)error|output: .*");
    }

    /** If unbounded, each of them takes far more than its own text allows, or the stack. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ('1_' * 4000000 ~ '1')|float }}",
                "{{ [{}]|map(attribute='9' * 1000000)|list }}",
                "{% set s = namespace(k=(1,)) %}{% for i in range(390) %}{% set s.k = (s.k,) %}"
                        + "{% endfor %}{{ {s.k: 1}|length }}"
            })
    void rendersOrRefusesWhatWouldTakeTheStack(String source) throws Exception {
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread small =
                new Thread(
                        null,
                        () -> {
                            try {
                                String text = Goldens.outcome(source, Map.of());
                                outcome.complete(new ChatTemplateException(text, 1, 1));
                            } catch (StackOverflowError e) {
                                outcome.complete(e);
                            }
                        },
                        "small stack",
                        256 << 10);
        small.start();

        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(ChatTemplateException.class);
    }

    @Test
    void readsOrRefusesALongBinaryNumberWithoutLosingTheThread() {
        String outcome = Goldens.outcome("{{ 0b" + "0".repeat(200_000) + " }}", Map.of());

        assertThat(outcome).matches("error|output: 0");
    }

    @Test
    void takesNoLongerToReadATemplateOfManyNamesAndBranches() {
        StringBuilder source = new StringBuilder();
        for (int i = 0; i < 6_000; i++) {
            source.append("{% set a").append(i).append("=1 %}");
        }
        source.append("{% if 1 %}{% endif %}".repeat(6_000));

        assertThatThrownBy(() -> ChatTemplate.compile(source.toString()))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("steps");
    }

    @Test
    void endsWhereItsThreadIsInterrupted() throws Exception {
        ChatTemplate template =
                ChatTemplate.compile("{% for i in range(100000) %}{{ [i] * 100 }}{% endfor %}");
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread thread = new Thread(() -> render(template, outcome));

        thread.start();
        thread.interrupt();

        assertThat(outcome.get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        ChatRenderException.class,
                        e -> assertThat(e.reason()).isEqualTo(ChatRenderException.Reason.STOPPED));
    }

    @Test
    void asksForMemoryAsItNeedsItAndEndsWithWhatIsThrownThen() {
        ChatTemplate template =
                ChatTemplate.compile("{% for i in range(100) %}{{ 'x' * 100000 }}{% endfor %}");
        AtomicLong taken = new AtomicLong();

        String text = template.render(ChatInput.of(List.of()), Goldens.CLOCK, taken::addAndGet);

        assertThat(taken.get()).isGreaterThan(2L * text.length());
        assertThatThrownBy(() ->
                        template.render(
                                ChatInput.of(List.of()),
                                Goldens.CLOCK,
                                _ -> {
                                    throw new IllegalStateException("no memory left");
                                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesStatementsNestedTooDeeply() {
        assertThatThrownBy(() -> ChatTemplate.compile("{% if 1 %}".repeat(5_000)))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("nested more than");
    }

    @Test
    void stopsDeepRecursionBeforeTheStackOfAnyThreadEnds() throws Exception {
        ChatTemplate template =
                ChatTemplate.compile(
                        "{% macro m(a) %}{% if a %}{% for x in [1] %}{% filter trim %}"
                                + "{{ ((m(a)|trim ~ 'x')|upper)[0:1] }}{% endfilter %}{% endfor %}"
                                + "{% endif %}{% endmacro %}{{ m(1) }}");
        CompletableFuture<Throwable> platform = new CompletableFuture<>();
        CompletableFuture<Throwable> virtual = new CompletableFuture<>();
        new Thread(null, () -> render(template, platform), "default stack", 1 << 20).start();
        Thread.ofVirtual().start(() -> render(template, virtual));

        assertThat(platform.get(30, TimeUnit.SECONDS)).isInstanceOf(ChatRenderException.class);
        assertThat(virtual.get(30, TimeUnit.SECONDS)).isInstanceOf(ChatRenderException.class);
    }

    private static void render(ChatTemplate template, CompletableFuture<Throwable> result) {
        try {
            template.render(ChatInput.of(List.of()), Goldens.CLOCK);
            result.complete(new AssertionError("rendered"));
        } catch (ChatRenderException | StackOverflowError e) {
            result.complete(e);
        }
    }

    @Test
    void rendersALongConversationWithinItsBounds() {
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            messages.add(
                    Map.of("role", i % 2 == 0 ? "user" : "assistant", "content", "x".repeat(1000)));
        }
        ChatTemplate template =
                ChatTemplate.compile(
                        "{% for m in messages %}{% set content = m.content|trim %}"
                                + "{% if '</think>' in content %}{% endif %}"
                                + "{{ '<|' + m.role + '|>' + content + '\\n' }}{% endfor %}");

        assertThat(template.render(ChatInput.of(messages), Goldens.CLOCK))
                .hasSizeGreaterThan(1_000_000);
    }
}
