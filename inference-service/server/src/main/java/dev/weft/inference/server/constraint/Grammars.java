package dev.weft.inference.server.constraint;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.grammar.Grammar;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.walk.TokenVocabulary;
import dev.weft.inference.engine.constraint.AnswerGuide;
import dev.weft.inference.server.completion.AnswerConstraints;
import dev.weft.inference.server.prompt.ChatProfile;
import dev.weft.inference.server.prompt.RenderThreads;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Compiles the forms that requests ask their answers to have. It uses neither the threads of
 * requests nor those of the engine. Any thread; an interrupted caller takes its work back.
 */
public final class Grammars implements AutoCloseable {
    /** Bytes of all grammars that are kept for later requests. */
    private static final long MOST_BYTES = 128L << 20;

    /** Longest time of compiling one grammar; its budget of work ends it before. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    /** Most cores are the engine's. */
    private static final int CORES_PER_THREAD = 8;

    private static final double NANOS = 1e9;

    private final BaseVocabulary vocabulary;
    private final GrammarCache cache =
            new GrammarCache(MOST_BYTES, GrammarOptions.defaults().memoryBudget() / 2);
    private final ConstraintTimes times;
    private final GrammarsInUse inUse;
    private final RenderThreads threads;

    /**
     * Grammars over a base's tokens.
     *
     * @param memory that is taken for the grammars that answers follow
     */
    public Grammars(BaseVocabulary vocabulary, ConstraintTimes times, ProcessMemory memory) {
        this.inUse = new GrammarsInUse(memory);
        this.vocabulary = vocabulary;
        this.times = times;
        int cores = Runtime.getRuntime().availableProcessors();
        this.threads =
                new RenderThreads(
                        new RenderThreads.Bounds(
                                Math.max(1, cores / CORES_PER_THREAD), 256, LONGEST),
                        new RenderThreads.Words(
                                "grammar",
                                "too many grammars wait to be compiled",
                                "the grammar was not compiled"));
    }

    /**
     * Makes constraints for the choices of a request.
     *
     * @param tenant tenants take turns
     * @param stopTokens tokens that end an answer, the model's own unless they are ignored
     * @return makes a constraint for each choice
     * @throws ApiException if the grammar is refused, or too many wait
     */
    public AnswerConstraints constraints(
            HeldReply asked, String tenant, ChatProfile profile, Collection<Integer> stopTokens)
            throws InterruptedException {
        times.asked(asked.kind());
        GrammarCache.Key key = GrammarCache.Key.of(tenant, asked);
        Optional<TokenVocabulary> made = vocabulary.made();
        TokenVocabulary tokens =
                made.isPresent() ? made.get() : threads.run(tenant, vocabulary::get);
        Grammar known = cache.get(key);
        Grammar grammar = known != null ? known : compiled(asked, key, tokens);
        GrammarConstraint.Ends ends = ends(profile, stopTokens);
        AnswerGuide guide = asked.guide().orElse(null);
        Supplier<GrammarConstraint> each =
                () ->
                        new GrammarConstraint(
                                grammar.matcher(tokens),
                                guide,
                                ends,
                                asked.thoughtTokens(),
                                () -> cache.remove(key));
        int least = asked.complete() ? threads.run(tenant, () -> least(each)) : 0;
        return new GrammarConstraints(each, least, inUse, grammar, tenant);
    }

    /** Tokens of the shortest answer that is found. */
    private static int least(Supplier<GrammarConstraint> each) {
        try {
            return each.get().endWithin(Integer.MAX_VALUE);
        } catch (GrammarException e) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "Invalid value for 'complete': true; allowed: false, as answers of this form"
                            + " can't be kept complete: "
                            + e.getMessage(),
                    "complete");
        }
    }

    /**
     * Stop tokens that are ordinary text may come as text, and end the answer if they do; all
     * others end it if the grammar lets it end.
     */
    private GrammarConstraint.Ends ends(ChatProfile profile, Collection<Integer> stopTokens) {
        Set<Integer> end = new HashSet<>(stopTokens);
        end.removeIf(token -> !profile.endTokens().contains(token) && vocabulary.isText(token));
        Set<Integer> none = new HashSet<>(profile.ownSpecialTokens());
        // a token that was added to the base is in no text: a grammar allows it by its name alone
        none.removeIf(token -> end.contains(token) || !vocabulary.isText(token));
        Set<Integer> unplanned = new HashSet<>(stopTokens);
        unplanned.addAll(end);
        unplanned.addAll(none);
        return new GrammarConstraint.Ends(end, none, unplanned);
    }

    private Grammar compiled(HeldReply asked, GrammarCache.Key key, TokenVocabulary tokens)
            throws InterruptedException {
        GrammarOptions options =
                GrammarOptions.defaults()
                        .with(asked.whitespace())
                        .with(asked.keyOrder())
                        .with(asked.numbers())
                        .with(() -> Thread.currentThread().isInterrupted());
        Grammar grammar = threads.run(key.tenant(), () -> timed(asked, options, tokens));
        cache.put(key, grammar);
        return grammar;
    }

    private Grammar timed(HeldReply asked, GrammarOptions options, TokenVocabulary tokens) {
        long begin = System.nanoTime();
        try {
            Grammar grammar = asked.compile(options);
            grammar.prepare(tokens);
            return grammar;
        } catch (GrammarException e) {
            throw RefusedGrammars.refused(asked, e);
        } finally {
            times.compiled((System.nanoTime() - begin) / NANOS);
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
