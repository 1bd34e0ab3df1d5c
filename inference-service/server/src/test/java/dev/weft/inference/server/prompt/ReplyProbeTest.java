package dev.weft.inference.server.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.chat.ChatTemplate;
import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.CallSyntaxes;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates that write calls as those of the formats' models do. */
class ReplyProbeTest {
    /** A template that writes calls in some way. */
    private static String around(String call) {
        return """
        {%% for m in messages %%}<|im_start|>{{ m.role }}
        {{ m.content }}{%% for c in m.tool_calls or [] %%}%s{%% endfor %%}<|im_end|>
        {%% endfor %%}\
        """
                .formatted(call);
    }

    private static ReplyProbe probe(String template) {
        return new ReplyProbe(ChatTemplate.compile(template), Map.of(), Clock.systemUTC());
    }

    private static Optional<String> found(String template) {
        return probe(template).syntax().map(CallSyntax::name);
    }

    private static CallForm form(String template) {
        ReplyProbe probe = probe(template);
        return probe.form(probe.syntax().orElse(CallSyntaxes.HERMES));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "hermes#<tool_call> {\"name\": \"{{ c.function.name }}\", \"arguments\":"
                        + " {{ c.function.arguments | tojson }}} </tool_call>",
                "hermes#<tool_call>{\"name\":\"{{ c.function.name }}\",\"arguments\":{{"
                        + " c.function.arguments | tojson }}}</tool_call>",
                "llama3_json#{\"name\": \"{{ c.function.name }}\", \"parameters\": {{"
                        + " c.function.arguments | tojson }}}",
                "mistral#[TOOL_CALLS] [{{ (c.function | tojson)[:-1] }}, \"id\": \"{{ c.id }}\"}]",
                "mistral_v11#[TOOL_CALLS]{{ c.function.name }}[ARGS]{{ c.function.arguments |"
                        + " tojson }}",
                "mistral_v11#[TOOL_CALLS]{{ c.function.name }}[CALL_ID]{{ c.id }}[ARGS]{{"
                        + " c.function.arguments | tojson }}",
                "granite#<|tool_call|>[{\"name\": \"{{ c.function.name }}\", \"arguments\": {{"
                        + " c.function.arguments | tojson }}}]",
                "granite_tag#<tool_call>[{\"name\": \"{{ c.function.name }}\", \"arguments\": {{"
                        + " c.function.arguments | tojson }}}]",
                "phi4_mini#functools[{\"name\": \"{{ c.function.name }}\", \"arguments\": {{"
                        + " c.function.arguments | tojson }}}]",
                "phi4_mini_tag#<|tool_call|>[{\"name\": \"{{ c.function.name }}\", \"arguments\":"
                        + " {{ c.function.arguments | tojson }}}]<|/tool_call|>",
                "pythonic#[{{ c.function.name }}({% for k, v in c.function.arguments.items() %}{{ k"
                        + " }}={{ v | tojson }}{% if not loop.last %}, {% endif %}{% endfor %})]",
                "deepseek_v31#<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>{{ c.function.name"
                        + " }}<｜tool▁sep｜>{{ c.function.arguments | tojson"
                        + " }}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
            })
    void theFormatIsTheOneThatReadsTheCallAgain(String format, String call) {
        assertThat(found(around(call))).contains(format);
    }

    @Test
    void argumentsThatStandBetweenTagsAreFoundToo() {
        String call =
                """

                <tool_call>
                <function={{ c.function.name }}>
                {% for k, v in c.function.arguments.items() %}<parameter={{ k }}>
                {{ v }}
                </parameter>
                {% endfor %}</function>
                </tool_call>\
                """;
        assertThat(found(around(call))).contains("qwen3_coder");
    }

    @Test
    void argumentsThatATemplateJoinsAsTextAreFoundToo() {
        String call =
                """
                <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>{{ c.function.name }}
                ```json
                {{ '' + c.function.arguments }}
                ```<｜tool▁call▁end｜><｜tool▁calls▁end｜>\
                """;
        assertThat(found(around(call))).contains("deepseek_v3");
        assertThat(form(around(call))).isEqualTo(new CallForm(true, false));
    }

    /** As templates of DeepSeek R1 and V3, which close the calls behind a second one only. */
    @Test
    void callsThatATemplateWritesOnlyWithoutContentAreFoundToo() {
        String template =
                """
                {%% for m in messages %%}{%% if m.content is none %%}<｜tool▁calls▁begin｜>\
                {%% for c in m.tool_calls %%}{%% if not loop.first %%}{{ '\\n' }}{%% endif %%}\
                <｜tool▁call▁begin｜>{{ c.type }}<｜tool▁sep｜>{{ c.function.name }}
                ```json
                {{ %s }}
                ```<｜tool▁call▁end｜>{%% if not loop.first %%}<｜tool▁calls▁end｜>{%% endif %%}\
                {%% endfor %%}{%% else %%}{{ m.content }}{%% endif %%}{%% endfor %%}\
                """;
        String text = template.formatted("'' + c.function.arguments");
        assertThat(found(text)).contains("deepseek_v3");
        assertThat(form(text)).isEqualTo(new CallForm(true, true));
        assertThat(probe(text).takesSeveral(form(text))).isTrue();
        String object = template.formatted("c.function.arguments | tojson");
        assertThat(found(object)).contains("deepseek_v3");
        assertThat(form(object)).isEqualTo(new CallForm(false, true));
    }

    @Test
    void aFormOfAnUnknownFormatIsTheFirstThatShowsTheCall() {
        assertThat(form(around("<f={{ c.function.name }}>{{ c.function.arguments }}")))
                .isEqualTo(CallForm.USUAL);
        assertThat(form(around("<f={{ c.function.name }}>{{ '' + c.function.arguments }}")))
                .isEqualTo(new CallForm(true, false));
        assertThat(form("{% for m in messages %}{{ m.content }}{% endfor %}"))
                .isEqualTo(CallForm.USUAL);
    }

    /** Printed as it is, an object is none of JSON. */
    @Test
    void aFormInWhichTheCallIsOfTheFormatCountsFirst() {
        String call =
                "<tool_call>{\"name\": \"{{ c.function.name }}\", \"arguments\":"
                        + " {{ c.function.arguments }}}</tool_call>";
        assertThat(found(around(call))).contains("hermes");
        assertThat(form(around(call))).isEqualTo(new CallForm(true, false));
    }

    @Test
    void templatesThatSayNothingOfCallsHaveNoFormat() {
        assertThat(found("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"))
                .isEmpty();
        assertThat(found("{{ raise_exception('no') }}")).isEmpty();
    }

    @Test
    void aTemplateThatRefusesOrDropsASecondCallTakesOne() {
        String call = "<tool_call>{{ c.function | tojson }}</tool_call>";
        assertThat(takesSeveral(around(call))).isTrue();
        assertThat(takesSeveral("{{ messages[0].content }}")).isTrue();
        String refuses =
                "{% for m in messages %}{% if (m.tool_calls or []) | length > 1 %}"
                        + "{{ raise_exception('one at a time') }}{% endif %}{% endfor %}";
        assertThat(takesSeveral(refuses + around(call))).isFalse();
        assertThat(
                        takesSeveral(
                                around(call)
                                        .replace("m.tool_calls or []", "(m.tool_calls or [])[:1]")))
                .isFalse();
    }

    private static boolean takesSeveral(String template) {
        return probe(template).takesSeveral(form(template));
    }

    @Test
    void whatTheInstructionsSayOfCallsIsNoCall() {
        String template =
                """
                <tool_call>{"name": "weft_probe", "arguments": {"city":"Oslo","days":2}}</tool_call>
                {% for m in messages %}{{ m.content }}{% endfor %}\
                """;
        assertThat(found(template)).isEmpty();
    }
}
