package dev.weft.inference.relay.host;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.AdapterCall;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerReply;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that a server applies an adapter: its log-probabilities of the next token after some fixed
 * prompts must differ from the base's by much, or by more than two answers of the same model differ
 * from each other. Servers accept adapters that they then don't apply, for layers that the model
 * lacks or modules that they ignore.
 *
 * <p>Other requests in the batch change the last bits of an answer. So log-probabilities of the
 * likeliest next tokens are compared: such a change moves them a little even if another token
 * becomes the likeliest. The mean over all prompts decides. (Longer answers part at a near tie, and
 * then differ by as much as an adapter makes.) Log-probabilities of many tokens cost no more than
 * that of one, and an adapter that hardly moves one moves others. A few short prompts show most
 * adapters. Many longer ones are asked only if those don't, since a server on a CPU reads some 70
 * tokens a second for an adapter.
 *
 * <p>The base is asked twice, since a server that has cached a prompt answers with other last bits.
 * An adapter must differ from the nearer answer, and by more than the two answers differ. The base
 * is asked before the server has an adapter: vLLM 0.32 on a CPU answers requests for the base with
 * the weights of its last slot if an adapter is in the same batch.
 *
 * <p>The answers of a proven adapter are kept, unless they differ from the base's by much. If the
 * adapter comes again, its new answer is compared with the kept one, so that it need not be asked
 * twice. Any thread.
 */
final class Canary {
    private static final Logger LOG = LoggerFactory.getLogger(Canary.class);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int ROUNDS = 3;

    /** Log-probabilities that are asked for after each prompt; vLLM's default limit. */
    private static final int TOKENS = 20;

    /** Adapters whose answers are kept: about 10 kB each. */
    private static final int MOST_KEPT = 512;

    private static final int BAD_REQUEST = 400;

    /**
     * Mean differences. No change of the batch causes one above {@code CERTAIN}: in bf16 single
     * log-probabilities have been seen to move by 0.2, the mean of eight by 0.02. A change that
     * causes one above {@code LIKELY} shows in the adapter's own answers, too.
     */
    private static final double CERTAIN = 0.1;

    private static final double LIKELY = 0.05;

    /** A smaller mean difference counts as zero; summing in another order causes as much. */
    private static final double LEAST = 0.001;

    private static final List<List<Integer>> SHORT = prompts(2, 6);
    private static final List<List<Integer>> LONG = prompts(8, 16);

    /** Only log-probabilities of answers: those of prompts have crashed vLLM's engine. */
    private static final Map<String, Object> ASKED =
            Map.of("max_tokens", 1, "temperature", 0, "ignore_eos", true);

    private final ServerCalls calls;
    private final Dialect dialect;
    private final String base;

    /** The answers of proven adapters; if they are too many, the oldest is dropped. */
    private final Map<RelayName, Answers> proven = Collections.synchronizedMap(new Kept());

    /** The base's answers to both kinds of prompts; null until it was asked. */
    private volatile @Nullable OfBase ofBase;

    /** Log-probabilities that the server tells after a prompt. */
    private volatile int tokens = TOKENS;

    private record OfBase(Twice ofShort, Twice ofLong) {}

    /** The base's answers to prompts that the server has not cached, and has cached. */
    private record Twice(NextTokens cold, NextTokens cached) {
        double distance(NextTokens other) {
            return Math.min(cold.distance(other), cached.distance(other));
        }

        double noise() {
            return cold.distance(cached);
        }
    }

    /**
     * What an adapter answered.
     *
     * @param toLong null if the long prompts were not needed
     */
    private record Answers(NextTokens toShort, @Nullable NextTokens toLong) {}

    private static final class Kept extends LinkedHashMap<RelayName, Answers> {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RelayName, Answers> eldest) {
            return size() > MOST_KEPT;
        }
    }

    Canary(ServerCalls calls, Dialect dialect, String base) {
        this.calls = calls;
        this.dialect = dialect;
        this.base = base;
    }

    /** Ids that every vocabulary has, in an order of its own for each prompt. */
    private static List<List<Integer>> prompts(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(n ->
                        IntStream.range(0, length)
                                .mapToObj(i -> 3 + (7 * i + 31 * n + i * i * n) % 217)
                                .toList())
                .toList();
    }

    /**
     * Asks the base for its answers. If the server makes no text, {@link #prove} says so. Call it
     * while the server has no adapters.
     */
    void learn() throws IOException, InterruptedException {
        // what is not learnt now is learnt before the next proof: this may be another server
        ofBase = null;
        tokens = TOKENS;
        proven.clear();
        try {
            ofBase = askBase();
        } catch (EngineException e) {
            LOG.info("the base makes no text, so that no adapter can be proven: {}", e.toString());
        }
    }

    private OfBase askBase() throws IOException, InterruptedException {
        RelayTarget target = new RelayTarget(base, Map.of());
        return new OfBase(askTwice(target, SHORT), askTwice(target, LONG));
    }

    private Twice askTwice(RelayTarget target, List<List<Integer>> prompts)
            throws IOException, InterruptedException {
        return new Twice(ask(target, prompts), ask(target, prompts));
    }

    /**
     * Returns if the adapter is applied.
     *
     * @param target how requests name it
     * @throws EngineException {@code INVALID_ADAPTER} if it isn't, or the server refuses it; {@code
     *     FAILED} if the server fails
     */
    void prove(RelayName name, RelayTarget target) throws IOException, InterruptedException {
        OfBase plain = ofBase;
        if (plain == null) {
            plain = askBase();
            ofBase = plain;
        }
        NextTokens first = ask(target, SHORT);
        if (plain.ofShort.distance(first) > CERTAIN) {
            return;
        }
        Answers earlier = proven.get(name);
        NextTokens other = earlier == null ? ask(target, SHORT) : earlier.toShort;
        Difference seen = Difference.of(plain.ofShort, other, first);
        if (seen.effect > LIKELY && seen.isBeyondNoise()) {
            proven.put(name, new Answers(first, null));
            return;
        }
        NextTokens before =
                earlier == null || earlier.toLong == null ? ask(target, LONG) : earlier.toLong;
        for (int round = 0; round < ROUNDS; round++) {
            NextTokens after = ask(target, LONG);
            seen = Difference.of(plain.ofLong, before, after);
            LOG.debug("{}: {}", name, seen);
            if (seen.isBeyondNoise()) {
                proven.put(name, new Answers(first, after));
                return;
            }
            before = after;
        }
        throw EngineException.invalidAdapter(
                "the server accepts the adapter and does not apply it: with it, log-probabilities"
                        + " of single tokens differ from the base's by %.4f, and from its own by %.4f."
                                .formatted(seen.effect, seen.noise)
                        + " Either the server's model lacks the layers that it names, or it is too"
                        + " weak to be told from the server's roundings: train it for longer or"
                        + " with a larger lora_alpha, or ask the base in its place");
    }

    /**
     * How far two answers of an adapter are from the base's and from each other.
     *
     * @param effect how far the nearer of the two is from the base's answers
     * @param noise the difference between the two, or between the base's two if that is larger
     */
    private record Difference(double effect, double noise) {
        static Difference of(Twice base, NextTokens before, NextTokens after) {
            return new Difference(
                    Math.min(base.distance(before), base.distance(after)),
                    Math.max(base.noise(), before.distance(after)));
        }

        boolean isBeyondNoise() {
            return effect > 2 * noise + LEAST;
        }
    }

    private NextTokens ask(RelayTarget target, List<List<Integer>> prompts)
            throws IOException, InterruptedException {
        ServerReply reply = post(target, prompts, tokens);
        if (reply.status() == BAD_REQUEST && tokens > 1) {
            // servers may tell fewer, as vLLM does with --max-logprobs
            reply = post(target, prompts, 1);
            tokens = reply.ok() ? 1 : tokens;
        }
        if (!reply.ok()) {
            String why =
                    "a request of %d prompts to %s: %s"
                            .formatted(prompts.size(), target.model(), reply.quoted());
            boolean refused = reply.status() == BAD_REQUEST && !dialect.forgot(reply);
            throw refused || dialect.isRefused(reply)
                    ? EngineException.invalidAdapter(why)
                    : new EngineException(EngineException.Cause.FAILED, why);
        }
        return NextTokens.read(reply.text(), prompts.size());
    }

    private ServerReply post(RelayTarget target, List<List<Integer>> prompts, int most)
            throws IOException, InterruptedException {
        Map<String, Object> body = new HashMap<>(ASKED);
        body.putAll(target.fields());
        body.put("logprobs", most);
        body.put("model", target.model());
        body.put("prompt", prompts);
        return calls.post(new AdapterCall("/v1/completions", body), DEADLINE);
    }
}
