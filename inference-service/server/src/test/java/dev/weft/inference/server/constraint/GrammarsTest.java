package dev.weft.inference.server.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.inference.engine.constraint.TokenConstraint;
import dev.weft.inference.server.completion.AnswerConstraints;
import dev.weft.inference.server.prompt.ChatProfile;
import dev.weft.inference.server.prompt.ReplyStyle;
import dev.weft.inference.server.text.TestTokenizers;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GrammarsTest {
    private static final int END = TestTokenizers.IM_END;
    private static final ChatProfile PROFILE = new ChatProfile(null, null, Map.of(), Set.of(END));

    private final ConstraintTimes times = new ConstraintTimes();
    private final ProcessMemory memory = new ProcessMemory(1 << 20);
    private Tokenizer tokenizer;
    private Grammars grammars;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        TestTokenizers.byteLevel(folder);
        tokenizer = Tokenizer.open(folder);
        grammars = new Grammars(new BaseVocabulary(tokenizer, END + 1), times, memory);
    }

    @AfterEach
    void close() {
        grammars.close();
        tokenizer.close();
    }

    @Test
    void aGrammarIsCompiledOnceForATenant() throws Exception {
        constraints("one", "[ab]{3}", List.of(END));
        constraints("one", "[ab]{3}", List.of(END));
        assertThat(times.seconds().count()).isEqualTo(1);
        constraints("two", "[ab]{3}", List.of(END));
        assertThat(times.seconds().count()).isEqualTo(2);
        assertThat(times.requests()).containsEntry(AnswerForm.Kind.REGEX, 3L);
    }

    @Test
    void constraintsOfOneRequestGoTheirOwnWays() throws Exception {
        AnswerConstraints each = constraints("one", "ab", List.of(END));
        TokenConstraint first = each.of(50);
        TokenConstraint second = each.of(50);
        first.accept('a');
        assertThat(first.allows('b')).isTrue();
        assertThat(second.allows('b')).isFalse();
        assertThat(second.allows('a')).isTrue();
    }

    @Test
    void stopTokensThatAreTextMayComeAsTextAndOthersOnlyAtTheEnd() throws Exception {
        int special = TestTokenizers.IM_START;
        TokenConstraint constraint =
                constraints("one", "ab", List.of(END, special, (int) 'a')).of(50);
        assertThat(constraint.allows('a')).isTrue();
        assertThat(constraint.allows(special)).isFalse();
        constraint.accept('a');
        constraint.accept('b');
        assertThat(constraint.allows(special)).isTrue();
        assertThat(constraint.allows(END)).isTrue();
    }

    @Test
    void tokensThatAreSpecialToTheAdapterStandForNoText() throws Exception {
        ChatProfile adapter =
                new ChatProfile(
                        null,
                        null,
                        Map.of(),
                        Set.of(END),
                        Set.of((int) 'a', END),
                        ReplyStyle.DEFAULT);
        TokenConstraint constraint =
                grammars.constraints(rule("[ab]"), "one", adapter, List.of(END)).of(50);
        assertThat(constraint.allows('a')).isFalse();
        assertThat(constraint.allows('b')).isTrue();
        constraint.accept('b');
        assertThat(constraint.allows(END)).isTrue();
    }

    @Test
    void aRefusalNamesTheFieldAndIsNotKept() {
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(ApiException.class)
                    .isThrownBy(() -> constraints("one", "(", List.of(END)))
                    .withMessageStartingWith("Invalid value for 'guided_regex'")
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_VALUE);
                        assertThat(e.param()).isEqualTo("guided_regex");
                    });
        }
        assertThat(times.seconds().count()).isEqualTo(2);
    }

    /** It compiles, and the first token would fail each time that a client tries again. */
    @Test
    void aSchemaWhoseAnswersCantBeBegunIsRefused() {
        String objects =
                IntStream.range(0, 2_000)
                        .mapToObj("{\"type\":\"object\",\"required\":[\"a%d\"]}"::formatted)
                        .collect(Collectors.joining(","));
        JsonNode schema = JsonMapper.shared().readTree("{\"oneOf\":[" + objects + "]}");
        HeldReply asked =
                HeldReply.text(
                        new AnswerRule(
                                new AnswerForm.Schema(schema),
                                GrammarOptions.Whitespace.BOUNDED,
                                GrammarOptions.KeyOrder.ANY,
                                GrammarOptions.Numbers.TYPED,
                                "response_format",
                                "Invalid schema for response_format 'x'"),
                        false);
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> grammars.constraints(asked, "one", PROFILE, List.of(END)))
                .withMessageStartingWith(
                        "Invalid schema for response_format 'x': it takes too much")
                .satisfies(e -> assertThat(e.code().retriable()).isFalse());
    }

    @Test
    void aGrammarCountsOnceForItsTenantAsLongAsRequestsFollowIt() throws Exception {
        AnswerConstraints first = constraints("one", "[ab]{300}", List.of(END));
        AnswerConstraints second = constraints("one", "[ab]{300}", List.of(END));
        assertThat(memory.takenBytes()).isZero();
        assertThat(first.hold()).isTrue();
        long once = memory.takenBytes();
        assertThat(once).isPositive();
        assertThat(second.hold()).isTrue();
        assertThat(memory.takenBytes()).isEqualTo(once);
        TokenConstraint walk = first.of(50);
        for (int i = 0; i < 50; i++) {
            walk.accept('a');
        }
        assertThat(second.hold()).isTrue();
        long grown = memory.takenBytes();
        assertThat(grown).as("with what the walk has found").isGreaterThan(once);
        first.release();
        first.release();
        assertThat(memory.takenBytes()).isEqualTo(grown);
        second.release();
        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    void manyLargeGrammarsAreRefusedBeforeTheMemoryIsGone() throws Exception {
        List<AnswerConstraints> held = new ArrayList<>();
        boolean refused = false;
        for (int i = 0; !refused; i++) {
            AnswerConstraints next = constraints("one", "x" + i + "(ab|cd|ef){200}", List.of(END));
            held.add(next);
            refused = !next.hold();
            TokenConstraint walk = next.of(50);
            walk.accept('x');
        }
        assertThat(memory.takenBytes()).isLessThanOrEqualTo(memory.mostBytes());
        held.forEach(AnswerConstraints::release);
        assertThat(memory.takenBytes()).isZero();
    }

    private AnswerConstraints constraints(String tenant, String regex, List<Integer> stop)
            throws InterruptedException {
        return grammars.constraints(rule(regex), tenant, PROFILE, stop);
    }

    private static HeldReply rule(String regex) {
        AnswerRule text =
                new AnswerRule(
                        new AnswerForm.Regex(regex),
                        GrammarOptions.Whitespace.BOUNDED,
                        GrammarOptions.KeyOrder.ANY,
                        GrammarOptions.Numbers.ANY,
                        "guided_regex",
                        "Invalid value for 'guided_regex'");
        return HeldReply.text(text, false);
    }
}
