package dev.weft.grammar.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import dev.weft.grammar.Grammar;
import dev.weft.grammar.Walks;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import java.lang.Character.UnicodeScript;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns of large sets of characters, which are sent to take memory or to fill what is kept. */
@Timeout(60)
final class HostilePatternTest {
    private static final long MOST_ALLOCATED = 100L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static Grammar terminal(String pattern, long memory) throws GrammarException {
        return Grammar.text("start: /" + pattern + "/i", options(20_000_000, memory));
    }

    private static GrammarOptions options(long steps, long memory) {
        GrammarOptions options = GrammarOptions.defaults();
        return new GrammarOptions(
                options.whitespace(),
                options.keyOrder(),
                options.numbers(),
                steps,
                options.walkBudget(),
                memory,
                () -> false);
    }

    /** Each of these sets has some hundred ranges, and more in both cases. */
    @ParameterizedTest
    @ValueSource(strings = {"\\W", "\\S", "\\w", "\\P{L}", "[\\W]", "[^\\w]", "[\\P{L}\\W]"})
    void setsOfOnePatternTakeLittleTogether(String one) throws Exception {
        String pattern = one.repeat(19_000 / one.length());
        terminal(one, 4L << 20);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            terminal(pattern, 16L << 20);
        } catch (GrammarException e) {
            assertThat(e.kind()).isEqualTo(GrammarException.Kind.TOO_LARGE);
        }
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED);
    }

    @Test
    void oneClassOfManySetsIsRefused() {
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> terminal("[" + "\\W".repeat(9_000) + "]", 16L << 20))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(GrammarException.Kind.TOO_LARGE));
    }

    /** Sets count only while their pattern is read. */
    @Test
    void patternsDoNotAddUp() throws Exception {
        StringBuilder grammar = new StringBuilder("start: t0\n");
        for (int i = 0; i < 400; i++) {
            grammar.append("t%d: /%s%d/i\n".formatted(i, "[\\W\\d]".repeat(4), i));
        }
        GrammarOptions options = options(20_000_000, 8L << 20);
        assertThat(Grammar.text(grammar.toString(), options).bytes()).isLessThan(8L << 20);
    }

    /** The sets of all scripts are kept, however their names are written, and those of others. */
    @Test
    void namesOfScriptsDriveOutNothing() throws Exception {
        for (UnicodeScript script : UnicodeScript.values()) {
            String name = script.name().toLowerCase(Locale.ROOT);
            terminal("\\p{sc=" + name + "}|\\p{Script=" + script.name() + "}", 16L << 20);
        }
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            words.append("start%s: /\\w%d/\n".formatted(i == 0 ? "" : "_" + i, i));
        }
        GrammarOptions options = options(3_000_000, 16L << 20);
        assertThat(Walks.accepts(Grammar.text(words.toString(), options), "ä0")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\p{sc=Klingon}", "\\p{Klingon}", "\\p{sc=}", "\\p{}", "\\p{gc=Thai}"})
    void unknownNamesAreRefused(String pattern) {
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> terminal(pattern, 16L << 20))
                .withMessageContaining("is not served");
    }
}
