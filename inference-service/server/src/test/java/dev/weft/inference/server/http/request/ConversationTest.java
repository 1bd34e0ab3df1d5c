package dev.weft.inference.server.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.chat.ChatTemplate;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.prompt.CallForm;
import dev.weft.inference.server.prompt.ChatProfile;
import dev.weft.inference.server.prompt.Conversation;
import dev.weft.inference.server.prompt.ReplyStyle;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private static final ChatTemplate JSON = ChatTemplate.compile("{{ messages | tojson }}");

    @Test
    void joinsTextPartsForTemplatesThatTakeStrings() {
        assertThat(
                        rendered(
                                """
                                {"messages":[{"role":"user","content":[
                                 {"type":"text","text":"a"},{"type":"text","text":"b"}]}]}
                                """))
                .isEqualTo("[{\"role\": \"user\", \"content\": \"a\\nb\"}]");
    }

    @Test
    void keepsTextPartsForTemplatesThatReadThem() {
        ChatTemplate parts =
                ChatTemplate.compile(
                        "{% for m in messages %}{% for part in m.content %}<{{ part.text }}>"
                                + "{% endfor %}{% endfor %}");

        assertThat(
                        profile(parts)
                                .render(
                                        read(
                                                """
                                                {"messages":[{"role":"user","content":[
                                                 {"type":"text","text":"a"},
                                                 {"type":"text","text":"b"}]}]}
                                                """),
                                        Clock.systemUTC()))
                .isEqualTo("<a><b>");
    }

    @Test
    void readsTheDeveloperAsTheSystem() {
        assertThat(rendered("{\"messages\":[{\"role\":\"developer\",\"content\":\"a\"}]}"))
                .isEqualTo("[{\"role\": \"system\", \"content\": \"a\"}]");
    }

    /** Templates don't know them; a call without its text would be lost. */
    @Test
    void refusesCallsOfTheOldForm() {
        Map.of(
                        "\"assistant\",\"content\":null,\"function_call\":{\"name\":\"f\"}",
                        "messages[0].function_call",
                        "\"function\",\"name\":\"f\",\"content\":\"a\"",
                        "messages[0].role")
                .forEach((message, param) ->
                        assertThatThrownBy(
                                        () -> read("{\"messages\":[{\"role\":" + message + "}]}"))
                                .isInstanceOfSatisfying(
                                        ApiException.class,
                                        e -> assertThat(e.param()).isEqualTo(param)));
        assertThat(
                        rendered(
                                """
                                {"messages":[{"role":"assistant","content":"a","function_call":null}]}
                                """))
                .isEqualTo("[{\"role\": \"assistant\", \"content\": \"a\"}]");
    }

    /** Clients that echo a reply send them, and {@code m.get('x', '')} would be null. */
    @Test
    void nullFieldsReachNoTemplate() {
        assertThat(
                        rendered(
                                """
                                {"messages":[{"role":"assistant","content":"a","thinking":null,
                                 "reasoning_content":null,"refusal":null,"name":null}]}
                                """))
                .isEqualTo("[{\"role\": \"assistant\", \"content\": \"a\"}]");
    }

    /** Templates that read parts of users' contents print a result's list as it is. */
    @Test
    void aResultInPartsIsText() {
        ChatTemplate template =
                ChatTemplate.compile(
                        "{% for m in messages %}{% if m.role == 'tool' %}{{ m.content }}"
                                + "{% else %}{% for p in m['content'] %}{{ p.text }}{% endfor %}"
                                + "{% endif %}{% endfor %}");
        String body =
                """
                {"messages":[{"role":"user","content":[{"type":"text","text":"a"}]},
                 {"role":"tool","content":[{"type":"text","text":"b"},{"type":"text","text":"c"}]}]}
                """;
        assertThat(profile(template).render(read(body), Clock.systemUTC())).isEqualTo("ab\nc");
    }

    /** Templates take a message that has the field for one with calls. */
    @Test
    void anEmptyListOfCallsIsNone() {
        assertThat(
                        rendered(
                                """
                                {"messages":[{"role":"assistant","content":"a","tool_calls":[]}]}
                                """))
                .isEqualTo("[{\"role\": \"assistant\", \"content\": \"a\"}]");
    }

    @Test
    void parsesTheArgumentsOfEarlierToolCalls() {
        assertThat(
                        rendered(
                                """
                                {"messages":[{"role":"assistant","content":null,"tool_calls":[
                                 {"id":"1","type":"function","function":{"name":"f",
                                 "arguments":"{\\"x\\":[1,2.5,true,null]}"}}]}]}
                                """))
                .isEqualTo(
                        "[{\"role\": \"assistant\", \"content\": \"\", \"tool_calls\": [{\"id\":"
                                + " \"1\", \"type\": \"function\", \"function\": {\"name\": \"f\","
                                + " \"arguments\": {\"x\": [1, 2.5, true, null]}}}]}]");
    }

    @Test
    void aTemplateThatJoinsArgumentsGetsTheClientsText() {
        Map.of(
                        "\"{ \\\"x\\\":1.0}\"",
                        "{ \"x\":1.0}",
                        "{\"x\":1}",
                        "{\"x\":1}",
                        "\"{\\\"x\\\":\"",
                        "{}",
                        "null",
                        "{}")
                .forEach((arguments, text) ->
                        assertThat(formed(new CallForm(true, false), "null", arguments))
                                .isEqualTo(
                                        "[{\"role\": \"assistant\", \"content\": \"\","
                                                + " \"tool_calls\": [{\"function\": {\"name\":"
                                                + " \"f\", \"arguments\": \""
                                                + text.replace("\"", "\\\"")
                                                + "\"}}]}]"));
    }

    /** A template that looks for calls only where the content is none would drop them. */
    @Test
    void contentOfCallsIsNoneForATemplateThatAsksForIt() {
        for (String content : new String[] {"null", "\"\"", "[]", "\"\\n\""}) {
            assertThat(formed(new CallForm(false, true), content, "{}"))
                    .isEqualTo(
                            "[{\"role\": \"assistant\", \"content\": null, \"tool_calls\":"
                                    + " [{\"function\": {\"name\": \"f\", \"arguments\": {}}}]}]");
        }
        assertThat(formed(new CallForm(false, true), "\"a\"", "{}")).contains("\"content\": \"a\"");
    }

    private static String formed(CallForm form, String content, String arguments) {
        ReplyStyle style = new ReplyStyle(CallSyntaxes.HERMES, true, null, Set.of(), form);
        String body =
                """
                {"messages":[{"role":"assistant","content":%s,"tool_calls":[
                 {"function":{"name":"f","arguments":%s}}]}]}
                """;
        return new ChatProfile(JSON, JSON, Map.of(), Set.of(), Set.of(), style)
                .render(read(body.formatted(content, arguments)), Clock.systemUTC());
    }

    /** Answers tell such numbers, and Python reads them. */
    @Test
    void argumentsMayHaveLongNumbersAndNames() {
        String digits = "7".repeat(1_500);
        String name = "k".repeat(60_000);
        assertThat(
                        rendered(
                                """
                                {"messages":[{"role":"assistant","tool_calls":[
                                 {"type":"function","function":{"name":"f",
                                 "arguments":"{\\"n\\":%s,\\"%s\\":1}"}}]}]}
                                """
                                        .formatted(digits, name)))
                .contains("{\"n\": " + digits + ", \"" + name + "\": 1}");
    }

    @Test
    void showsToolsToTheTemplateUnlessTheChoiceIsNone() {
        ChatProfile profile = profile(ChatTemplate.compile("{{ tools | length if tools else 0 }}"));
        String body =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tools\":[{\"type\":"
                        + "\"function\",\"function\":{\"name\":\"f\"}}]";

        assertThat(profile.render(read(body + "}"), Clock.systemUTC())).isEqualTo("1");
        assertThat(profile.render(read(body + ",\"tool_choice\":\"none\"}"), Clock.systemUTC()))
                .isEqualTo("0");
    }

    @Test
    void handsTemplateKwargsAndSpecialTokensOn() {
        ChatTemplate template = ChatTemplate.compile("{{ bos_token }}{{ enable_thinking }}");

        assertThat(
                        profile(template)
                                .render(
                                        read(
                                                """
                                                {"messages":[{"role":"user","content":"a"}],
                                                 "chat_template_kwargs":{"enable_thinking":false}}
                                                """),
                                        Clock.systemUTC()))
                .isEqualTo("<s>False");
    }

    @Test
    void refusesKwargsThatAreFieldsOfTheRequest() {
        assertThatThrownBy(() ->
                        read(
                                """
                                {"messages":[{"role":"user","content":"a"}],
                                 "chat_template_kwargs":{"messages":[]}}
                                """))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("chat_template_kwargs.messages");
    }

    @Test
    void tellsWhatATemplateRaises() {
        ChatProfile profile =
                profile(ChatTemplate.compile("{{ raise_exception('roles must alternate') }}"));

        assertThatThrownBy(() ->
                        profile.render(
                                read("{\"messages\":[{\"role\":\"user\",\"content\":" + "\"a\"}]}"),
                                Clock.systemUTC()))
                .isInstanceOf(ApiException.class)
                .hasMessage("roles must alternate")
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void refusesATextThatTheTemplateChanges() {
        ChatProfile profile =
                profile(ChatTemplate.compile("{{ messages[-1].content.split('>')[-1] }}"));
        String body =
                """
                {"messages":[{"role":"assistant","content":"%s"}],
                 "continue_final_message":true,"add_generation_prompt":false}
                """;

        assertThat(profile.render(read(body.formatted("a b")), Clock.systemUTC())).isEqualTo("a b");
        assertThatThrownBy(() -> profile.render(read(body.formatted("a > b")), Clock.systemUTC()))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("does not write the text of the last message")
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void saysWhereThereIsNoTemplate() {
        ChatProfile none = new ChatProfile(null, null, Map.of(), Set.of());

        assertThatThrownBy(() ->
                        none.render(
                                new Conversation(
                                        List.of(), List.of(), Conversation.Ending.OPENED, Map.of()),
                                Clock.systemUTC()))
                .hasMessageContaining("no chat template");
    }

    @Test
    void refusesPartsThatAreNoTextByTheirPlace() {
        assertThatThrownBy(() ->
                        read(
                                """
                                {"messages":[{"role":"user","content":[
                                 {"type":"text","text":"a"},
                                 {"type":"image_url","image_url":{"url":"x"}}]}]}
                                """))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("messages[0].content[1].type")
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER);
    }

    private static String rendered(String body) {
        return profile(JSON).render(read(body), Clock.systemUTC());
    }

    private static ChatProfile profile(ChatTemplate template) {
        return new ChatProfile(template, template, Map.of("bos_token", "<s>"), Set.of());
    }

    private static Conversation read(String body) {
        return ConversationReader.read(JsonFields.parse(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void handsEffortOnInTheClientsWord() {
        String body =
                "{\"reasoning_effort\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";
        assertThat(read(body.formatted("max")).templateKwargs())
                .isEqualTo(Map.of("reasoning_effort", "max"));
        assertThat(read(body.formatted("low")).templateKwargs())
                .isEqualTo(Map.of("reasoning_effort", "low"));
        assertThat(read(body.formatted("none")).templateKwargs())
                .isEqualTo(Map.of("reasoning_effort", "none", "enable_thinking", false));
    }
}
