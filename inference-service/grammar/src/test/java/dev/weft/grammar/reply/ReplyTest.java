package dev.weft.grammar.reply;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.weft.grammar.Grammar;
import dev.weft.grammar.TextRule;
import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.Walks;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Thought;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.grammar.reply.template.ResponseTemplateTest;
import dev.weft.grammar.walk.TokenVocabulary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ReplyTest {
    private static final int WALKS = 60;
    private static final int MOST_TOKENS = 400;
    private static final Map<String, String> SCHEMAS =
            Map.of(
                    "get_weather",
                    "{\"type\":\"object\",\"properties\":{\"city\":{\"enum\":[\"Paris\",\"Rom\"]},"
                            + "\"days\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":9}},"
                            + "\"required\":[\"city\"],\"additionalProperties\":false}",
                    "get",
                    "{\"type\":\"object\",\"properties\":{\"key\":{\"type\":\"string\","
                            + "\"pattern\":\"^[ab]{1,3}$\"},\"deep\":{\"type\":[\"boolean\","
                            + "\"null\"]}},\"required\":[\"key\",\"deep\"],"
                            + "\"additionalProperties\":false}",
                    "now",
                    "{\"type\":\"object\",\"additionalProperties\":false}");
    private static final Thought THOUGHT = new Thought("<think>", "</think>", false);

    private static final Pattern MARKS = Pattern.compile("(?<=>)|(?=<)|\\s+");

    static Stream<CallSyntax> syntaxes() {
        return Stream.concat(CallSyntaxes.ALL.stream(), ResponseTemplateTest.madeFormats());
    }

    private static List<Tool> tools() {
        return SCHEMAS.entrySet().stream()
                .map(one -> new Tool(one.getKey(), json(one.getValue()), false))
                .toList();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static ReplyRule rule(CallSyntax syntax, boolean required, @Nullable Thought thought) {
        return new ReplyRule(new ReplyRule.Calls(syntax, tools(), required, true), thought);
    }

    /** Bytes, some words, and the marks of a format as added tokens. */
    private static TokenVocabulary vocabulary(CallSyntax syntax) {
        List<byte[]> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(new byte[] {(byte) b});
        }
        for (String word : List.of("get", "get_", "weather", "{\"", "\": ", "name", "city", "aa")) {
            tokens.add(word.getBytes(StandardCharsets.UTF_8));
        }
        Stream.of("<think>", "</think>", "<tool_call>", "</tool_call>", "[TOOL_CALLS]", "[ARGS]")
                .forEach(mark -> tokens.add(added(mark)));
        for (var phrase : syntax.phrases()) {
            for (String mark : MARKS.splitAsStream(phrase.text()).toList()) {
                if (mark.startsWith("<") && mark.endsWith(">")) {
                    tokens.add(added(mark));
                }
            }
        }
        tokens.add(new byte[0]);
        return TokenVocabulary.of(tokens.toArray(byte[][]::new), Set.of(tokens.size() - 1));
    }

    private static byte[] added(String mark) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(TokenVocabulary.ADDED);
        bytes.writeBytes(mark.getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("syntaxes")
    void everyWalkOfRequiredCallsIsReadAsCallsThatAreValid(CallSyntax syntax) throws Exception {
        ReplyRule rule = rule(syntax, true, null);
        Grammar grammar = Grammar.reply(rule, null, GrammarOptions.defaults());
        TokenVocabulary vocabulary = vocabulary(syntax);
        Random random = new Random(4);
        int ended = 0;
        for (int i = 0; i < WALKS; i++) {
            String text = walk(grammar.matcher(vocabulary), vocabulary, random);
            if (text == null) {
                continue;
            }
            ended++;
            ParsedReply reply = ParsedReply.inAnyPieces(rule, text, random);
            assertThat(reply.text()).as(text).isEmpty();
            assertThat(reply.names()).as(text).isNotEmpty();
            for (int call = 0; call < reply.names().size(); call++) {
                assertThat(reply.arguments().get(call)).as(text).endsWith("}");
                assertValid(reply.names().get(call), reply.arguments().get(call));
            }
        }
        assertThat(ended).isGreaterThan(WALKS / 2);
    }

    /** Models write a format's marks as tokens of their own, wherever they may. */
    @ParameterizedTest
    @MethodSource("syntaxes")
    void callsAreCallsWhoeverSpellsTheirMarks(CallSyntax syntax) throws Exception {
        TokenVocabulary vocabulary = vocabulary(syntax);
        ReplyRule required = rule(syntax, true, null);
        Grammar calls = Grammar.reply(required, null, GrammarOptions.defaults());
        Random random = new Random(8);
        int ended = 0;
        for (int i = 0; i < WALKS; i++) {
            String text = walk(calls.matcher(vocabulary), vocabulary, random);
            if (text == null) {
                continue;
            }
            ended++;
            for (Thought thought : new Thought[] {null, THOUGHT}) {
                ReplyRule rule = rule(syntax, false, thought);
                Grammar grammar = Grammar.reply(rule, null, GrammarOptions.defaults());
                String whole = thought == null ? text : "<think>hm</think>" + text;
                follow(grammar.matcher(vocabulary), vocabulary, whole);
                ParsedReply reply = ParsedReply.inAnyPieces(rule, whole, random);
                assertThat(reply.text()).as(whole).isEmpty();
                assertThat(reply.names()).as(whole).isNotEmpty();
            }
            follow(calls.matcher(vocabulary), vocabulary, text);
        }
        assertThat(ended).isGreaterThan(WALKS / 2);
    }

    /** Goes through a text to its end, its marks as added tokens. */
    private static void follow(TokenMatcher matcher, TokenVocabulary vocabulary, String text)
            throws GrammarException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; ) {
            int token = mark(vocabulary, bytes, at);
            int length = token < 0 ? 1 : Objects.requireNonNull(vocabulary.bytes(token)).length - 1;
            token = token < 0 ? bytes[at] & 0xFF : token;
            assertThat(matcher.allows(token)).as(text + " at " + at).isTrue();
            matcher.accept(token);
            at += length;
        }
        assertThat(matcher.mayEnd()).as(text).isTrue();
    }

    /** An added token that stands at an offset; -1 for none. */
    private static int mark(TokenVocabulary vocabulary, byte[] text, int at) {
        for (int token = 0; token < vocabulary.size(); token++) {
            byte[] bytes = vocabulary.bytes(token);
            if (bytes != null
                    && bytes.length > 1
                    && bytes[0] == TokenVocabulary.ADDED
                    && at + bytes.length - 1 <= text.length
                    && Arrays.equals(bytes, 1, bytes.length, text, at, at + bytes.length - 1)) {
                return token;
            }
        }
        return -1;
    }

    @ParameterizedTest
    @MethodSource("syntaxes")
    void theBeginningOfACallThatWasAskedForIsNoText(CallSyntax syntax) {
        String call = syntax.openings().getLast().text() + "now" + syntax.call().between().text();
        for (Thought thought : new Thought[] {null, THOUGHT}) {
            ReplyRule rule = rule(syntax, true, thought);
            for (int end = 0; end <= call.length(); end++) {
                String cut =
                        (thought == null ? "" : "<think>hm</think>\n") + call.substring(0, end);
                assertThat(ParsedReply.inAnyPieces(rule, cut, new Random(1)).text())
                        .as(cut)
                        .isEmpty();
            }
        }
    }

    private static void assertValid(String name, String arguments) {
        Schema oracle =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(json(String.valueOf(SCHEMAS.get(name))));
        assertThat(oracle.validate(json(arguments))).as(name + arguments).isEmpty();
    }

    /** A reply's text; null if it became too long. */
    private static @Nullable String walk(
            TokenMatcher matcher, TokenVocabulary vocabulary, Random random)
            throws GrammarException {
        int end = vocabulary.size() - 1;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < MOST_TOKENS; i++) {
            List<Integer> allowed = Walks.mask(matcher, vocabulary);
            assertThat(allowed).as("behind " + text).isNotEmpty();
            if (random.nextInt(9) == 0) {
                for (int token = 0; token < vocabulary.size(); token++) {
                    assertThat(matcher.allows(token)).isEqualTo(allowed.contains(token));
                }
            }
            if (allowed.contains(end) && (allowed.size() == 1 || random.nextInt(3) > 0)) {
                return text.toString(StandardCharsets.UTF_8);
            }
            int token = allowed.get(random.nextInt(allowed.size()));
            if (token == end) {
                return text.toString(StandardCharsets.UTF_8);
            }
            matcher.accept(token);
            for (byte b : java.util.Objects.requireNonNull(vocabulary.bytes(token))) {
                if (b != TokenVocabulary.ADDED) {
                    text.write(b);
                }
            }
        }
        return null;
    }

    @Test
    void textBeforeCallsIsText() throws Exception {
        ReplyRule rule = rule(CallSyntaxes.HERMES, false, null);
        Grammar grammar = Grammar.reply(rule, null, GrammarOptions.defaults());
        String text =
                """
                I look.

                <tool_call>
                {"name": "get_weather", "arguments": {"city": "Rom"}}
                </tool_call>
                <tool_call>{"name":"now","arguments":{}}</tool_call>\
                """;
        assertThat(Walks.accepts(grammar, text)).isTrue();
        ParsedReply reply = ParsedReply.inAnyPieces(rule, text, new Random(1));
        assertThat(reply)
                .isEqualTo(
                        new ParsedReply(
                                "I look.",
                                "",
                                List.of("get_weather", "now"),
                                List.of("{\"city\": \"Rom\"}", "{}")));
    }

    @Test
    void onlyToolsThatThereAreAndValidArgumentsMayFollowAMark() throws Exception {
        Grammar grammar =
                Grammar.reply(
                        rule(CallSyntaxes.HERMES, false, null), null, GrammarOptions.defaults());
        String begin = "<tool_call>\n{\"name\": \"";
        String city = begin + "get_weather\", \"arguments\": {\"city\": \"";
        assertThat(Walks.allows(grammar, begin + "now\"")).isTrue();
        assertThat(Walks.allows(grammar, begin + "no\"")).isFalse();
        assertThat(Walks.allows(grammar, city + "Par")).isTrue();
        assertThat(Walks.allows(grammar, city + "Lon")).isFalse();
        assertThat(Walks.allows(grammar, "<tool_call>x")).isFalse();
        assertThat(Walks.allows(grammar, "<tool <tool_cal x <|tool_call")).isTrue();
        assertThat(Walks.accepts(grammar, "any text, even {\"name\": 1} and < or <tool_")).isTrue();
    }

    @Test
    void aReplyThatOnlyLooksLikeCallsIsText() throws Exception {
        ReplyRule rule = rule(named("llama3_json"), false, null);
        Grammar grammar = Grammar.reply(rule, null, GrammarOptions.defaults());
        for (String text :
                List.of(
                        "{\"name\": \"Ada\", \"age\": 3}",
                        "{}",
                        "  {",
                        "",
                        "hi {\"name\": \"now\"",
                        "{\"name\": \"Ada\", \"parameters\": {\"x\": 1}}",
                        " ".repeat(9) + "{\"name\": \"now\", \"parameters\": {}}")) {
            assertThat(Walks.accepts(grammar, text)).as(text).isTrue();
            assertThat(ParsedReply.inAnyPieces(rule, text, new Random(1)).text()).isEqualTo(text);
        }
        String call = "{\"name\": \"now\", \"parameters\": {}}";
        assertThat(Walks.accepts(grammar, call)).isTrue();
        assertThat(Walks.accepts(grammar, call + " more")).isFalse();
        assertThat(Walks.accepts(grammar, "<|python_tag|>" + call + "; " + call)).isTrue();
        assertThat(ParsedReply.inAnyPieces(rule, call + ";" + call, new Random(1)).names())
                .containsExactly("now", "now");
    }

    @Test
    void aListThatOnlyLooksLikeCallsIsText() throws Exception {
        ReplyRule rule = rule(named("pythonic"), false, null);
        Grammar grammar = Grammar.reply(rule, null, GrammarOptions.defaults());
        for (String text : List.of("[f(x) for x in y]", "[nowhere()]", "[1, 2]")) {
            assertThat(Walks.accepts(grammar, text)).as(text).isTrue();
            assertThat(ParsedReply.inAnyPieces(rule, text, new Random(1)).text()).isEqualTo(text);
        }
    }

    /** Of whitespace as of marks: what the grammar takes for text is text. */
    @Test
    void behindAThoughtCallsBeginWhereTheGrammarHasThem() throws Exception {
        ReplyRule rule = rule(named("llama3_json"), false, THOUGHT);
        Grammar grammar = Grammar.reply(rule, null, GrammarOptions.defaults());
        String call = "{\"name\": \"now\", \"parameters\": {}}";
        for (int spaces : new int[] {0, 1, 8, 9, 16, 17, 40}) {
            String text = "<think>hm</think>" + " ".repeat(spaces) + call;
            boolean calls = !Walks.accepts(grammar, text + " more");
            assertThat(calls).isEqualTo(spaces <= 16);
            ParsedReply reply = ParsedReply.inAnyPieces(rule, text, new Random(1));
            assertThat(reply.names()).hasSize(calls ? 1 : 0);
            assertThat(reply.text()).isEqualTo(calls ? "" : call);
        }
    }

    private static CallSyntax named(String name) {
        return CallSyntaxes.named(name).orElseThrow();
    }

    @Test
    void theRuleHoldsBehindTheThought() throws Exception {
        TextRule answer = new TextRule.Choice(List.of("yes", "no"));
        ReplyRule rule = new ReplyRule(null, THOUGHT);
        Grammar grammar = Grammar.reply(rule, answer, GrammarOptions.defaults());
        assertThat(Walks.accepts(grammar, "yes")).isTrue();
        assertThat(Walks.accepts(grammar, "maybe")).isFalse();
        assertThat(Walks.accepts(grammar, "<think>\nmaybe</think>\n\nno")).isTrue();
        assertThat(Walks.accepts(grammar, "<think>\nmaybe")).isFalse();
        assertThat(Walks.allows(grammar, "<think>maybe</think>\n\nm")).isFalse();
        ParsedReply reply =
                ParsedReply.inAnyPieces(rule, "<think>\nmay be\n</think>\n\nno", new Random(1));
        assertThat(reply).isEqualTo(new ParsedReply("no", "may be", List.of(), List.of()));
        ReplyRule begun = new ReplyRule(null, THOUGHT.begun(true));
        assertThat(ParsedReply.inAnyPieces(begun, "a</thin</think>b", new Random(1)))
                .isEqualTo(new ParsedReply("b", "a</thin", List.of(), List.of()));
    }

    @Test
    void aThoughtThatIsToEndEnds() throws Exception {
        Grammar grammar =
                Grammar.reply(
                        new ReplyRule(null, THOUGHT),
                        new TextRule.Choice(List.of("yes")),
                        GrammarOptions.defaults());
        TokenMatcher matcher = grammar.matcher(Walks.BYTES);
        matcher.closeThought(Set.of());
        for (byte b : "<think>ab</".getBytes(StandardCharsets.UTF_8)) {
            matcher.accept(b);
        }
        assertThat(matcher.allows('x')).isTrue();
        matcher.closeThought(Set.of());
        assertThat(Walks.mask(matcher, Walks.BYTES)).containsExactly((int) '<');
        matcher.rollback(1);
        assertThat(matcher.allows('x')).isTrue();
        matcher.accept('/');
        matcher.closeThought(Set.of());
        for (byte b : "</think>yes".getBytes(StandardCharsets.UTF_8)) {
            matcher.accept(b);
        }
        assertThat(matcher.mayEnd()).isTrue();
    }

    /** Models learn to end thoughts with that token, and any others are more than one. */
    @Test
    void aThoughtThatIsToEndEndsWithTheTokenThatItsMarkIs() throws Exception {
        TokenVocabulary vocabulary = vocabulary(CallSyntaxes.HERMES);
        int token = mark(vocabulary, "</think>".getBytes(StandardCharsets.UTF_8), 0);
        Grammar grammar =
                Grammar.reply(
                        new ReplyRule(null, THOUGHT.begun(true)),
                        new TextRule.Choice(List.of("yes")),
                        GrammarOptions.defaults());
        for (boolean bound : new boolean[] {false, true}) {
            TokenMatcher matcher = grammar.matcher(vocabulary);
            if (bound) {
                assertThat(matcher.endWithin(20, Set.of())).isLessThanOrEqualTo(20);
            }
            matcher.accept('h');
            matcher.closeThought(Set.of());
            assertThat(Walks.mask(matcher, vocabulary)).containsExactly(token);
            assertThat(Walks.oneByOne(matcher, vocabulary)).containsExactly(token);
            matcher.accept(token);
            for (byte b : "yes".getBytes(StandardCharsets.UTF_8)) {
                matcher.accept(b);
            }
            assertThat(matcher.mayEnd()).isTrue();
        }
        TokenMatcher without = grammar.matcher(vocabulary);
        without.closeThought(Set.of(token));
        assertThat(Walks.mask(without, vocabulary)).contains((int) '<');
    }

    @Test
    void textAndCallsWorkWithAFormOfTheAnswer() throws Exception {
        TextRule answer =
                new TextRule.Schema(
                        json(
                                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":1}"));
        for (CallSyntax syntax : syntaxes().toList()) {
            Grammar grammar =
                    Grammar.reply(rule(syntax, false, THOUGHT), answer, GrammarOptions.defaults());
            assertThat(Walks.accepts(grammar, "[1, 23]")).as(syntax.name()).isTrue();
            assertThat(Walks.accepts(grammar, "<think>hm</think>[1]")).isTrue();
            assertThat(Walks.allows(grammar, "Well")).isFalse();
            assertThat(Walks.allows(grammar, syntax.openings().getFirst().head().text())).isTrue();
        }
    }

    /** A format's marks are text within JSON's strings. */
    @Test
    void marksInAFormOfTheAnswerAreNoCalls() throws Exception {
        TextRule answer = new TextRule.Schema(json("{\"type\":\"object\"}"));
        for (CallSyntax syntax : syntaxes().toList()) {
            ReplyRule.Calls calls = new ReplyRule.Calls(syntax, tools(), false, true);
            for (Thought thought : new Thought[] {null, THOUGHT}) {
                ReplyRule rule = new ReplyRule(calls, thought, ReplyRule.Text.FORMED);
                Grammar grammar = Grammar.reply(rule, answer, GrammarOptions.defaults());
                String before = thought == null ? "" : "<think>hm</think>";
                String opening = syntax.openings().getFirst().text();
                String call = opening + "now" + syntax.call().between().text();
                String text = JsonMapper.shared().writeValueAsString(Map.of("a", call + "{}"));
                assertThat(Walks.accepts(grammar, before + text)).as(text).isTrue();
                ParsedReply reply = ParsedReply.inAnyPieces(rule, before + text, new Random(1));
                assertThat(reply.names()).as(text).isEmpty();
                assertThat(reply.text()).isEqualTo(text);
                assertThat(Walks.allows(grammar, before + call)).as(call).isTrue();
                ParsedReply called =
                        ParsedReply.inAnyPieces(rule, before + call + "{}", new Random(1));
                assertThat(called.names()).as(call).containsExactly("now");
            }
        }
    }

    /** Behind a thought, too: a form may begin with whitespace of its own. */
    @Test
    void aFormWhoseEveryCharacterCountsHasNoGapBeforeIt() throws Exception {
        TextRule answer = new TextRule.Choice(List.of(" yes", "\n\nno", "maybe"));
        for (Thought thought : List.of(THOUGHT, THOUGHT.begun(true))) {
            ReplyRule rule = new ReplyRule(null, thought, ReplyRule.Text.EXACT);
            Grammar grammar = Grammar.reply(rule, answer, GrammarOptions.defaults());
            String before = (thought.begun() ? "" : "<think>") + "hm</think>";
            for (String text : List.of(" yes", "\n\nno", "maybe")) {
                assertThat(Walks.accepts(grammar, before + text)).as(text).isTrue();
                ParsedReply reply = ParsedReply.inAnyPieces(rule, before + text, new Random(1));
                assertThat(reply.text()).isEqualTo(text);
                assertThat(reply.thought()).isEqualTo("hm");
            }
            for (String text : List.of("yes", "  yes", "\nno", " maybe", "\n\n\nno")) {
                assertThat(Walks.accepts(grammar, before + text)).as(text).isFalse();
            }
        }
    }

    @Test
    void aThoughtThatGoesOnKeepsItsWhitespace() {
        ReplyRule rule = new ReplyRule(null, THOUGHT.goesOn());
        ParsedReply reply =
                ParsedReply.inAnyPieces(rule, " that it is </think>\n\nyes", new Random(1));
        assertThat(reply.thought()).isEqualTo(" that it is");
        assertThat(reply.text()).isEqualTo("yes");
        ReplyRule begun = new ReplyRule(null, THOUGHT.begun(true));
        assertThat(ParsedReply.inAnyPieces(begun, "\nI see</think>", new Random(1)).thought())
                .isEqualTo("I see");
    }

    @Test
    void textWithTagsIsFreeBetweenThem() throws Exception {
        JsonNode number = json("{\"type\":\"integer\"}");
        JsonNode bool = json("{\"type\":\"boolean\"}");
        List<Tag> tags = List.of(new Tag("<f=n>", number, "</f>"), new Tag("<f=b>", bool, "</f>"));
        Grammar any = tags(new TagRule(tags, List.of("<f=", "<f=n"), false, true));
        for (String text :
                List.of("", "no tag", "a<f=n>12</f> and <f=b>true</f>", "<f=b>false</f>", "< f=")) {
            assertThat(Walks.accepts(any, text)).as(text).isTrue();
        }
        for (String text : List.of("<f=x", "<f=n>a", "<f=n>1</g", "<f=b>1")) {
            assertThat(Walks.allows(any, text)).as(text).isFalse();
        }
        assertThat(Walks.accepts(any, "<f=n>1</f")).isFalse();
        Grammar one = tags(new TagRule(tags, List.of("<f="), true, false));
        assertThat(Walks.accepts(one, "text")).isFalse();
        assertThat(Walks.accepts(one, "text<f=n>1</f>")).isTrue();
        assertThat(Walks.allows(one, "text<f=n>1</f>x")).isFalse();
        TagRule wrong = new TagRule(tags, List.of("<g"), false, true);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> tags(wrong))
                .isInstanceOfSatisfying(
                        GrammarException.class,
                        e -> assertThat(e.pointer()).isEqualTo("/structures/0/begin"));
    }

    @Test
    void aTagThatAnotherOneHidesIsRefused() throws Exception {
        JsonNode number = json("{\"type\":\"integer\"}");
        JsonNode bool = json("{\"type\":\"boolean\"}");
        Tag tag = new Tag("<f>", number, "</f>");
        for (Tag other :
                List.of(
                        new Tag("<f>", bool, "</f>"),
                        new Tag("<f>", number, "</g>"),
                        new Tag("<f>=", bool, "</f>"),
                        new Tag("<f", bool, "</f>"))) {
            TagRule rule = new TagRule(List.of(tag, other), List.of("<"), false, true);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> tags(rule))
                    .isInstanceOfSatisfying(
                            GrammarException.class,
                            e -> assertThat(e.pointer()).isEqualTo("/structures/1/begin"))
                    .hasMessageContaining("/structures/0");
        }
        tags(new TagRule(List.of(tag, tag), List.of("<"), false, true));
        Tag plain = new Tag("<f", bool, "</f>");
        Grammar both = tags(new TagRule(List.of(plain, tag), List.of("<f"), false, true));
        assertThat(Walks.accepts(both, "<ftrue</f> <f>1</f>")).isTrue();
        assertThat(Walks.allows(both, "<f>t")).isFalse();
        TagRule begins =
                new TagRule(
                        List.of(plain, new Tag("<ftr>", number, "</f>")),
                        List.of("<f"),
                        false,
                        true);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> tags(begins))
                .isInstanceOf(GrammarException.class);
    }

    @Test
    void aTagWhoseMarksNoTextSpellsIsRefused() {
        JsonNode any = json("{}");
        org.assertj.core.api.Assertions.assertThatThrownBy(() ->
                        tags(
                                new TagRule(
                                        List.of(new Tag("<f>", any, "\ud800")),
                                        List.of("<f"),
                                        false,
                                        true)))
                .isInstanceOfSatisfying(
                        GrammarException.class,
                        e -> assertThat(e.pointer()).isEqualTo("/structures/0/end"));
    }

    private static Grammar tags(TagRule rule) throws GrammarException {
        return Grammar.of(new TextRule.Tags(rule), GrammarOptions.defaults());
    }

    @Test
    void aFaultOfASchemaNamesItsTool() {
        List<Tool> tools =
                List.of(
                        new Tool("a", json("{}"), false),
                        new Tool("b", json("{\"properties\":{\"x\":{\"type\":\"bird\"}}}"), false));
        ReplyRule rule =
                new ReplyRule(new ReplyRule.Calls(CallSyntaxes.HERMES, tools, false, true), null);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> Grammar.reply(rule, null, GrammarOptions.defaults()))
                .isInstanceOfSatisfying(
                        GrammarException.class,
                        e -> {
                            assertThat(e.tool()).isEqualTo("b");
                            assertThat(e.pointer()).isEqualTo("/properties/x/type");
                        });
    }
}
