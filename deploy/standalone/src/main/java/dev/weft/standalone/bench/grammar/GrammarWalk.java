package dev.weft.standalone.bench.grammar;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compiles each schema cold and walks its instances. Each token takes a mask and a test of a bit.
 */
final class GrammarWalk {
    private static final double NANOS_PER_MICRO = 1e3;

    private final MeasuredTokenizer tokenizer;
    private final long[] bits;
    final MeasuredDurations masks = new MeasuredDurations();
    final MeasuredDurations compiles = new MeasuredDurations();
    final MeasuredDurations untilFirstMask = new MeasuredDurations();

    /** How an instance ended. */
    private enum End {
        ALLOWED,
        REFUSED,
        ERROR
    }

    GrammarWalk(MeasuredTokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.bits = new long[(tokenizer.vocabulary().size() + 63) / 64];
    }

    SchemaResult run(SchemaCase all) {
        List<SchemaCase.Instance> spelled = new ArrayList<>();
        List<List<Integer>> tokens = new ArrayList<>();
        for (SchemaCase.Instance instance : all.instances()) {
            tokenizer
                    .encode(instance.text())
                    .ifPresent(split -> {
                        spelled.add(instance);
                        tokens.add(split);
                    });
        }
        SchemaCase one = new SchemaCase(all.name(), all.schema(), spelled);
        long start = System.nanoTime();
        Grammar grammar;
        try {
            grammar = Grammar.jsonSchema(one.schema(), GrammarOptions.defaults());
        } catch (GrammarException e) {
            return refused(one, e, System.nanoTime() - start);
        }
        long compiled = System.nanoTime();
        GrammarException failure = null;
        try {
            grammar.matcher(tokenizer.vocabulary()).mask(bits, Long.MAX_VALUE);
        } catch (GrammarException e) {
            failure = e;
        }
        long masked = System.nanoTime();
        compiles.add(compiled - start);
        untilFirstMask.add(masked - start);
        SchemaResult.Times times =
                new SchemaResult.Times((compiled - start) / 1e3, (masked - compiled) / 1e3);
        return walked(one, grammar, tokens, times, failure);
    }

    private static SchemaResult refused(SchemaCase one, GrammarException e, long nanos) {
        return new SchemaResult(
                one.name(),
                SchemaResult.Verdict.REFUSED,
                new SchemaResult.Reason(e.pointer(), e.keyword()),
                new SchemaResult.Times(nanos / NANOS_PER_MICRO, 0),
                counted(one, 0, 0, 0));
    }

    private static SchemaResult.InstanceCounts counted(
            SchemaCase one, int blocked, int accepted, int errors) {
        int valid = (int) one.instances().stream().filter(SchemaCase.Instance::valid).count();
        return new SchemaResult.InstanceCounts(
                valid, one.instances().size() - valid, blocked, accepted, errors);
    }

    private SchemaResult walked(
            SchemaCase one,
            Grammar grammar,
            List<List<Integer>> tokens,
            SchemaResult.Times times,
            @Nullable GrammarException failure) {
        int blocked = 0;
        int accepted = 0;
        int errors = failure == null ? 0 : 1;
        for (int i = 0; i < tokens.size(); i++) {
            boolean valid = one.instances().get(i).valid();
            End end = walk(grammar, tokens.get(i));
            errors += end == End.ERROR ? 1 : 0;
            blocked += valid && end != End.ALLOWED ? 1 : 0;
            accepted += !valid && end == End.ALLOWED ? 1 : 0;
        }
        SchemaResult.Verdict verdict =
                accepted > 0
                        ? SchemaResult.Verdict.ACCEPTED
                        : blocked > 0 || failure != null
                                ? SchemaResult.Verdict.BLOCKED
                                : SchemaResult.Verdict.CLEAN;
        return new SchemaResult(
                one.name(),
                verdict,
                failure == null ? null : new SchemaResult.Reason(null, null),
                times,
                counted(one, blocked, accepted, errors));
    }

    private End walk(Grammar grammar, List<Integer> tokens) {
        TokenMatcher matcher = grammar.matcher(tokenizer.vocabulary());
        try {
            for (int token : tokens) {
                if (!allows(matcher, token)) {
                    return End.REFUSED;
                }
                matcher.accept(token);
            }
            return allows(matcher, tokenizer.end()) ? End.ALLOWED : End.REFUSED;
        } catch (GrammarException | IllegalArgumentException e) {
            // a token that the mask allows and the matcher refuses is an error, too
            return End.ERROR;
        }
    }

    private boolean allows(TokenMatcher matcher, int token) throws GrammarException {
        long start = System.nanoTime();
        matcher.mask(bits, Long.MAX_VALUE);
        masks.add(System.nanoTime() - start);
        return (bits[token >> 6] >>> token & 1) != 0;
    }
}
