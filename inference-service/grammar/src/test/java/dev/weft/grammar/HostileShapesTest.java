package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the shape of a schema or a pattern is, compiling it and each mask end within their
 * budgets of work, and soon after the client has left. The deadline is there for what counts no
 * work at all.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileShapesTest {
    private static final int SHAPES = 20;
    private static final int MOST_TOKENS = 8;
    private static final long STEPS = 1_000_000;

    /** More than any of them would take in an hour. */
    private static final long NO_BOUND = 1L << 40;

    static LongStream seeds() {
        return LongStream.range(0, 20).map(i -> i * SHAPES);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void schemasEndWithinTheirBudget(long from) {
        for (long seed = from; seed < from + SHAPES; seed++) {
            walk(new HostileShapes(seed).schema(), options(STEPS, () -> false));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void patternsEndWithinTheirBudget(long from) {
        for (long seed = from; seed < from + SHAPES; seed++) {
            walk(pattern(seed), options(STEPS, () -> false));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whoHasLeftIsNotWorkedFor(long from) {
        for (long seed = from; seed < from + SHAPES; seed++) {
            isCancelled(new HostileShapes(seed).schema());
            isCancelled(pattern(seed));
        }
    }

    private static String pattern(long seed) {
        return "{\"pattern\":\"" + new HostileShapes(seed).pattern() + "\"}";
    }

    private static GrammarOptions options(long steps, BooleanSupplier cancelled) {
        GrammarOptions options = GrammarOptions.defaults();
        return new GrammarOptions(
                options.whitespace(),
                options.keyOrder(),
                options.numbers(),
                steps,
                Math.min(steps, STEPS) / 4,
                16L << 20,
                cancelled);
    }

    /** Compiles without a budget for a client who leaves soon. */
    private static void isCancelled(String schema) {
        int[] asked = {0};
        try {
            Walks.schema(schema, options(NO_BOUND, () -> ++asked[0] > 20));
            assertThat(asked[0]).isLessThanOrEqualTo(20);
        } catch (GrammarException e) {
            assertThat(e.kind() == GrammarException.Kind.CANCELLED).isEqualTo(asked[0] > 20);
        }
    }

    /** Only a GrammarException may come of it. */
    private static void walk(String schema, GrammarOptions options) {
        try {
            TokenMatcher matcher = Walks.schema(schema, options).matcher(Walks.WORDS);
            for (int i = 0; i < MOST_TOKENS; i++) {
                var allowed = Walks.mask(matcher, Walks.WORDS);
                if (allowed.isEmpty() || matcher.mayEnd()) {
                    return;
                }
                matcher.accept(allowed.get(i * 7 % allowed.size()));
            }
        } catch (GrammarException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
