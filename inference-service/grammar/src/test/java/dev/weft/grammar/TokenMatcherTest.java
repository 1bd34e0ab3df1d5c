package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.completion.Endings;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.FixedScan;
import dev.weft.grammar.scan.Scan;
import dev.weft.grammar.walk.TokenVocabulary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenMatcherTest {
    private static final int A = 0;
    private static final int B = 1;
    private static final int END = 2;

    private final TokenVocabulary vocabulary =
            TokenVocabulary.of(new byte[][] {bytes("a"), bytes("b"), null}, Set.of(END));

    @Test
    void whatWouldWaitForAnotherAnswerSaysSo() throws Exception {
        Grammar grammar = Grammar.choice(List.of("ab", "aa"), GrammarOptions.defaults());
        TokenMatcher matcher = grammar.matcher(vocabulary);
        FutureTask<Void> test =
                new FutureTask<>(() -> {
                    assertThat(matcher.tryAllows(A)).isEmpty();
                    assertThat(matcher.mayEnd()).isFalse();
                    return null;
                });
        grammar.machine().lock().lock();
        try {
            Thread.ofPlatform().start(test);
            test.get(30, TimeUnit.SECONDS);
        } finally {
            grammar.machine().lock().unlock();
        }
        assertThat(matcher.tryAllows(A)).contains(true);
    }

    @Test
    void whatWasTestedIsAcceptedWithoutWaiting() throws Exception {
        Grammar grammar = Grammar.choice(List.of("ab", "aa"), GrammarOptions.defaults());
        TokenMatcher matcher = grammar.matcher(vocabulary);
        assertThat(matcher.tryAllows(A)).contains(true);
        FutureTask<Void> accept =
                new FutureTask<>(() -> {
                    matcher.accept(A);
                    return null;
                });
        grammar.machine().lock().lock();
        try {
            Thread.ofPlatform().start(accept);
            accept.get(30, TimeUnit.SECONDS);
        } finally {
            grammar.machine().lock().unlock();
        }
        assertThat(matcher.allows(B)).isTrue();
        matcher.accept(B);
        assertThat(matcher.mayEnd()).isTrue();
        matcher.rollback(1);
        assertThat(matcher.mayEnd()).isFalse();
        assertThat(matcher.tryAllows(END)).contains(false);
        matcher.accept(A);
        matcher.accept(END);
        assertThat(matcher.allows(A)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> matcher.accept(B));
    }

    @Test
    void numbersHaveAnEnd() throws Exception {
        Grammar any = Walks.schema("{\"type\":\"number\"}");
        for (String number : List.of("1".repeat(40), "-0." + "0".repeat(39), "1e25")) {
            assertThat(Walks.accepts(any, number)).as(number).isTrue();
            assertThat(Walks.allows(any, number + "0")).isEqualTo(number.equals("1e25"));
        }
        assertThat(Walks.accepts(any, "1".repeat(40) + ".5")).isTrue();
        assertThat(Walks.accepts(any, "1".repeat(40) + "e2")).isTrue();
        String large = "7".repeat(60);
        Grammar one = Walks.schema("{\"const\":" + large + "}");
        assertThat(Walks.accepts(one, large)).isTrue();
        assertThat(Walks.allows(one, large + ".0")).isTrue();
        assertThat(Walks.allows(one, large + ".00")).isFalse();
        Grammar above = Walks.schema("{\"minimum\":1" + "0".repeat(50) + ",\"type\":\"integer\"}");
        assertThat(Walks.allows(above, "9".repeat(50))).isTrue();
        assertThat(Walks.accepts(above, "9".repeat(51))).isTrue();
        assertThat(Walks.allows(above, "9".repeat(52))).isFalse();
    }

    /** What no input may cause is no more than this answer's fault. */
    @Test
    void anExceptionOfAWalkIsAFaultOfThisAnswerAlone() {
        TokenMatcher matcher =
                new TokenMatcher(
                        new BrokenMachine(),
                        new Endings(new Expressions(new WorkBudget(), Long.MAX_VALUE)),
                        vocabulary,
                        GrammarOptions.defaults());
        assertThat(matcher.expected(9)).isEmpty();
        assertFault(() -> matcher.mask(new long[1], Long.MAX_VALUE));
        assertFault(() -> matcher.allows(A));
        assertFault(() -> matcher.tryAllows(A));
        assertFault(() -> matcher.accept(A));
        assertFault(() -> matcher.endWithin(9, Set.of()));
    }

    private static void assertFault(ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(call)
                .withCauseInstanceOf(IllegalStateException.class)
                .withMessageNotContaining("broken")
                .extracting(GrammarException::kind)
                .isEqualTo(GrammarException.Kind.FAULT);
    }

    /** A machine of one place that can't be left. */
    private static final class BrokenMachine implements Machine, Spot {
        private final ReentrantLock lock = new ReentrantLock();
        private final WorkBudget budget = new WorkBudget();

        @Override
        public Position start() {
            return new Position(this, FixedScan.word("a"));
        }

        @Override
        public ReentrantLock lock() {
            return lock;
        }

        @Override
        public WorkBudget budget() {
            return budget;
        }

        @Override
        public Position exit(Scan scan, int b, Trail trail, int start) {
            throw new IllegalStateException("broken");
        }

        @Override
        public boolean mayEnd(Scan scan) {
            return false;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Zeros behind the point of a number that has to be above 0 are no number yet. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"exclusiveMinimum\":0,\"maximum\":1}|0.|1",
                "{\"not\":{\"const\":0},\"type\":\"number\"}|-0.|7",
                "{\"exclusiveMinimum\":2.5}|2.5|1",
                "{\"exclusiveMinimum\":0,\"maximum\":1e-60}|0.|0",
            })
    void numbersThatMayNotEndYetDontFillWithZeros(String schema, String begun, String next)
            throws Exception {
        Grammar grammar = Walks.schema(schema);
        long digits = begun.chars().filter(Character::isDigit).count();
        String long40 = begun + "0".repeat((int) (40 - digits));
        assertThat(Walks.allows(grammar, long40)).isTrue();
        assertThat(Walks.allows(grammar, long40 + next)).isTrue();
        assertThat(Walks.allows(grammar, long40 + "0".repeat(60))).isFalse();
        TokenMatcher matcher = grammar.matcher(Walks.BYTES);
        for (int i = 0; i < 400 && !matcher.mayEnd(); i++) {
            byte b = (byte) (i < long40.length() ? long40.charAt(i) : '0');
            List<Integer> allowed = Walks.mask(matcher, Walks.BYTES);
            matcher.accept(allowed.contains((int) b) ? b : allowed.getFirst());
        }
        assertThat(matcher.mayEnd()).isTrue();
    }

    @Test
    void textThatCantBeAnotherIsExpected() throws Exception {
        Grammar one =
                Walks.schema(
                        "{\"type\":\"object\",\"properties\":{\"name\":{\"const\":\"ab12\"},"
                                + "\"nam\":{\"enum\":[12,13]}},"
                                + "\"required\":[\"name\",\"nam\"],\"additionalProperties\":false}",
                        GrammarOptions.defaults().with(GrammarOptions.Whitespace.NONE));
        TokenMatcher matcher = one.matcher(Walks.WORDS);
        assertThat(expected(matcher)).isEqualTo("{\"nam");
        for (byte b : bytes("{\"name")) {
            matcher.accept(b);
        }
        assertThat(expected(matcher)).isEqualTo("\":\"ab12\",\"nam\":1");
        matcher.accept('"');
        assertThat(matcher.expected(1)).hasSize(1);
        for (byte b : bytes(":\"ab12\",\"nam\":12}")) {
            matcher.accept(b);
        }
        assertThat(matcher.mayEnd()).isTrue();
        assertThat(expected(matcher)).isEmpty();
        assertThat(expected(Walks.schema("{}").matcher(Walks.WORDS))).isEmpty();
    }

    /** The text of the tokens that are expected; they are allowed one after the other. */
    private static String expected(TokenMatcher matcher) throws Exception {
        StringBuilder text = new StringBuilder();
        int[] tokens = matcher.expected(100);
        for (int token : tokens) {
            assertThat(matcher.allows(token)).isTrue();
            matcher.accept(token);
            text.append(new String(Walks.WORDS.bytes(token), StandardCharsets.UTF_8));
        }
        matcher.rollback(tokens.length);
        return text.toString();
    }
}
