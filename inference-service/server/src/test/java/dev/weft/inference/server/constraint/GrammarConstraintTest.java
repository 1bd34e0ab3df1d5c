package dev.weft.inference.server.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.inference.server.text.TestTokenizers;
import dev.weft.inference.server.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrammarConstraintTest {
    private static final int END = TestTokenizers.IM_END;

    /** The model has more ids than the tokenizer. */
    private static final int VOCABULARY = END + 40;

    @AutoClose private Tokenizer tokenizer;
    private BaseVocabulary vocabulary;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        TestTokenizers.byteLevel(folder);
        tokenizer = Tokenizer.open(folder);
        vocabulary = new BaseVocabulary(tokenizer, VOCABULARY);
    }

    @Test
    void theMaskAllowsWhatSingleTestsAllow() throws GrammarException {
        GrammarConstraint constraint = constraint("ab?[cd]", Set.of(END), Set.of());
        for (char c : "ac".toCharArray()) {
            assertThat(masked(constraint)).isEqualTo(tested(constraint));
            constraint.accept(c);
        }
        assertThat(masked(constraint)).isEqualTo(tested(constraint)).containsExactly(END);
        constraint.accept(END);
        assertThat(masked(constraint)).isEqualTo(tested(constraint)).isEmpty();
        assertThat(constraint.mayEnd()).isFalse();
        constraint.rollback(2);
        assertThat(tested(constraint)).containsExactly((int) 'b', (int) 'c', (int) 'd');
    }

    @Test
    void anEndTokenIsAnEndEvenIfItIsText() throws GrammarException {
        GrammarConstraint constraint = constraint("ab*", Set.of((int) 'b'), Set.of());
        assertThat(tested(constraint)).isEqualTo(masked(constraint)).containsExactly((int) 'a');
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> constraint.accept('b'));
        constraint.accept('a');
        assertThat(tested(constraint)).isEqualTo(masked(constraint)).containsExactly((int) 'b');
        constraint.accept('b');
        assertThat(tested(constraint)).isEmpty();
    }

    @Test
    void withoutEndTokensAFinishedAnswerAllowsNothing() throws GrammarException {
        GrammarConstraint constraint = constraint("a", Set.of(), Set.of());
        constraint.accept('a');
        assertThat(masked(constraint)).isEmpty();
        assertThat(constraint.mayEnd()).isTrue();
    }

    @Test
    void specialTokensStandForNoText() throws GrammarException {
        String special = "<\\|im_end\\|>";
        GrammarConstraint base = constraint(special, Set.of(), Set.of());
        assertThat(tested(base)).isEqualTo(masked(base)).containsExactly((int) '<');
        GrammarConstraint adapter = constraint("[ab]", Set.of(), Set.of((int) 'b'));
        assertThat(tested(adapter)).isEqualTo(masked(adapter)).containsExactly((int) 'a');
        byte[] text = "<|im_end|>".getBytes(StandardCharsets.UTF_8);
        for (byte b : text) {
            base.accept(b);
        }
        assertThat(base.mayEnd()).isTrue();
    }

    private GrammarConstraint constraint(String pattern, Set<Integer> end, Set<Integer> none)
            throws GrammarException {
        return new GrammarConstraint(
                Grammar.regex(pattern, GrammarOptions.defaults()).matcher(vocabulary.get()),
                null,
                new GrammarConstraint.Ends(end, none, Set.of()),
                Integer.MAX_VALUE,
                () -> {});
    }

    private static List<Integer> masked(GrammarConstraint constraint) {
        long[] bits = new long[(VOCABULARY + 63) / 64];
        constraint.mask(bits, Long.MAX_VALUE);
        List<Integer> tokens = new ArrayList<>();
        for (int token = 0; token < 64 * bits.length; token++) {
            if ((bits[token >> 6] >>> token & 1) != 0) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    private static List<Integer> tested(GrammarConstraint constraint) {
        List<Integer> tokens = new ArrayList<>();
        for (int token = 0; token < VOCABULARY; token++) {
            if (constraint.allows(token)) {
                tokens.add(token);
            }
        }
        return tokens;
    }
}
