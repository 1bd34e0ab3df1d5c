package dev.weft.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.GenerationWork;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes requests that try to harm others. */
final class Hostile {
    private static final int VOCABULARY = 70;
    private static final int NO_TOKEN = 1_000_000;
    private static final List<Integer> EVERY_TOKEN =
            IntStream.range(0, VOCABULARY).boxed().toList();
    private static final double[] TEMPERATURES = {0, Double.MIN_VALUE, 1e-40, 1e-30, 0.5, 100};
    private static final double[] TOP_PS = {Double.MIN_VALUE, 1e-40, 0.5, 0.9, 1};
    private static final double[] PENALTIES = {-2, 0, 2};

    private final SplittableRandom random;
    private final AdapterDigest overflowing;
    private final Set<Kind> seen = EnumSet.noneOf(Kind.class);
    private int count;

    /** What it tries. */
    enum Kind {
        /** Corners of the sampling parameters, which are allowed. */
        CORNERS,
        /** Every token is a stop token that must not come yet, or a bad word. */
        NOTHING_LEFT,
        /** The adapter's products are no numbers. */
        OVERFLOW,
        /** A prompt that fails within the forward pass, so that nobody knows whose row it was. */
        NO_SUCH_TOKEN,
        /** Settings that fail in the sampler. */
        NO_SUCH_STOP_TOKEN,
        NO_SUCH_BIASED_TOKEN,
        /** The listener fails. */
        THROWS,
        /** The client leaves at once. */
        LEAVES;
    }

    /**
     * A hostile request.
     *
     * @param recorded hears what the listener lets through
     */
    record Attack(
            Kind kind,
            GenerationRequest request,
            GenerationListener listener,
            RecordedGeneration recorded,
            AdapterDigest overflowing) {
        boolean leaves() {
            return kind == Kind.LEAVES;
        }

        /** Checks that the attack ended as it should; the error is null if it ended without one. */
        void check(@Nullable EngineException error) {
            switch (kind) {
                case CORNERS, LEAVES -> assertThat(error).as("%s", request).isNull();
                case NOTHING_LEFT ->
                        failed(error, EngineException.Cause.INVALID_REQUEST, "can't be chosen");
                case OVERFLOW -> failed(error, overflowing.toString());
                case NO_SUCH_TOKEN, NO_SUCH_STOP_TOKEN, NO_SUCH_BIASED_TOKEN, THROWS ->
                        failed(error, "request " + request.id() + " at token");
            }
        }

        private void failed(@Nullable EngineException error, String words) {
            failed(error, EngineException.Cause.REQUEST_FAILED, words);
        }

        private void failed(
                @Nullable EngineException error, EngineException.Cause cause, String words) {
            assertThat(error).as("%s %s", kind, request).isNotNull().hasMessageContaining(words);
            assertThat(error).extracting(EngineException::reason).isEqualTo(cause);
        }
    }

    Hostile(SplittableRandom random, AdapterDigest overflowing) {
        this.random = random;
        this.overflowing = overflowing;
    }

    Set<Kind> seen() {
        return seen;
    }

    Attack next(List<LoraAdapter> adapters) {
        // a step that fails costs several, so few of them
        int pick = random.nextInt(60);
        Kind kind = Kind.values()[pick < 3 ? pick % 3 + 3 : pick % Kind.values().length];
        if (kind == Kind.NO_SUCH_TOKEN && pick >= 3 && random.nextInt(4) > 0) {
            kind = Kind.CORNERS;
        }
        seen.add(kind);
        RecordedGeneration recorded = new RecordedGeneration();
        return new Attack(
                kind,
                request(kind, adapters),
                kind == Kind.THROWS ? new Thrower(recorded, random.nextInt(3)) : recorded,
                recorded,
                overflowing);
    }

    private GenerationRequest request(Kind kind, List<LoraAdapter> adapters) {
        int adapter = random.nextInt(adapters.size());
        @Nullable AdapterDigest digest =
                adapter < adapters.size() - 1 ? adapters.get(adapter).digest() : null;
        boolean held =
                kind == Kind.NO_SUCH_STOP_TOKEN
                        || (kind == Kind.NOTHING_LEFT && random.nextBoolean());
        return new GenerationRequest(
                "hostile-" + count++,
                kind == Kind.OVERFLOW ? overflowing : digest,
                kind == Kind.NO_SUCH_TOKEN ? List.of(1, NO_TOKEN, 2) : prompt(random),
                new GenerationRequest.Ending(
                        4,
                        held ? 1 + random.nextInt(4) : 0,
                        switch (kind) {
                            case NOTHING_LEFT -> held ? EVERY_TOKEN : List.of();
                            case NO_SUCH_STOP_TOKEN -> List.of(3, NO_TOKEN);
                            default -> List.of();
                        }),
                sampling(kind, held),
                random.nextInt(4) - 1);
    }

    private Sampling sampling(Kind kind, boolean held) {
        return new Sampling(
                one(TEMPERATURES),
                new Sampling.Cut(one(TOP_PS), random.nextInt(3) * 40, random.nextInt(3) / 2.0),
                new Sampling.Penalties(
                        one(PENALTIES), one(PENALTIES), random.nextBoolean() ? 0.01 : 100),
                random.nextLong(),
                kind == Kind.NO_SUCH_BIASED_TOKEN
                        ? Map.of(NO_TOKEN, 1.0)
                        : Map.of(4 + random.nextInt(60), -100.0, 3, 100.0),
                kind == Kind.NOTHING_LEFT && !held
                        ? EVERY_TOKEN.stream().map(List::of).toList()
                        : List.of());
    }

    /** 1 to 60 tokens, many of which begin like others. */
    static List<Integer> prompt(SplittableRandom random) {
        int length = 1 + random.nextInt(60);
        int common = random.nextInt(64);
        return IntStream.range(0, length)
                .mapToObj(i -> i < common ? i * 7 % 67 : random.nextInt(VOCABULARY))
                .toList();
    }

    private double one(double[] of) {
        return of[random.nextInt(of.length)];
    }

    /** Fails when it hears of a row, of the prompt, or of a token; and of its end, after that. */
    private record Thrower(RecordedGeneration recorded, int when) implements GenerationListener {
        @Override
        public void onRow() {
            recorded.onRow();
            fail(0);
        }

        @Override
        public void onPrompt(int cachedTokens) {
            recorded.onPrompt(cachedTokens);
            fail(1);
        }

        @Override
        public void onToken(TokenEvent event) {
            recorded.onToken(event);
            fail(2);
        }

        @Override
        public void onWork(GenerationWork work) {
            recorded.onWork(work);
            throw new IllegalStateException("a hostile listener");
        }

        @Override
        public void onFinish(FinishReason reason) {
            recorded.onFinish(reason);
            throw new IllegalStateException("a hostile listener");
        }

        @Override
        public void onError(EngineException error) {
            recorded.onError(error);
            throw new StackOverflowError("a hostile listener");
        }

        private void fail(int now) {
            if (now == when) {
                if (now == 1) {
                    throw new IllegalStateException("a hostile listener");
                }
                throw new StackOverflowError("a hostile listener");
            }
        }
    }
}
