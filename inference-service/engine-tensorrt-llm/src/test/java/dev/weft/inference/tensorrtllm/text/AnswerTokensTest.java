package dev.weft.inference.tensorrtllm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTokensTest {
    /** A token is a character. */
    private static class Characters implements TextCodec {
        @Override
        public List<Integer> encode(String text, boolean special) {
            return text.chars().boxed().toList();
        }

        @Override
        public String decode(List<Integer> tokens) {
            StringBuilder text = new StringBuilder();
            tokens.forEach(token -> text.append((char) (int) token));
            return text.toString();
        }

        @Override
        public void close() {}
    }

    /** A space is put before every text, and taken from the front of what is decoded. */
    private static final class SpaceBefore extends Characters {
        @Override
        public List<Integer> encode(String text, boolean special) {
            return super.encode(" " + text, special);
        }

        @Override
        public String decode(List<Integer> tokens) {
            String text = super.decode(tokens);
            return text.startsWith(" ") ? text.substring(1) : text;
        }
    }

    /** Has no token for a line's end. */
    private static final class NoLines extends Characters {
        @Override
        public List<Integer> encode(String text, boolean special) {
            return super.encode(text.replace("\n", "?"), special);
        }
    }

    @Test
    void addUpToTheAnswer() {
        assertThat(told(new Characters(), "Hello", " world", "!")).isEqualTo("Hello world!");
    }

    @Test
    void haveNoSpaceThatTheTokenizerPutsBeforeEveryText() {
        assertThat(told(new SpaceBefore(), "Hello", " world", "s", " ", " and\n", "more"))
                .isEqualTo("Hello worlds  and\nmore");
    }

    @Test
    void haveNoSpaceLongAfterTheStart() {
        assertThat(told(new SpaceBefore(), "a much longer answer", "s go", " on"))
                .endsWith("rs go on");
    }

    @Test
    void areRefusedWhereTheyWouldSaySomethingElse() {
        AnswerTokens tokens = new AnswerTokens(new NoLines());
        assertThat(tokens.add("one")).hasSize(3);
        assertThatIllegalStateException()
                .isThrownBy(() -> tokens.add("\n"))
                .withMessageContaining("no tokens for the answer");
    }

    /** The text of all tokens, decoded at once as a listener would. */
    private static String told(TextCodec codec, String... parts) {
        AnswerTokens tokens = new AnswerTokens(codec);
        List<Integer> all = new ArrayList<>();
        for (String part : parts) {
            all.addAll(tokens.add(part));
        }
        return codec.decode(all);
    }
}
