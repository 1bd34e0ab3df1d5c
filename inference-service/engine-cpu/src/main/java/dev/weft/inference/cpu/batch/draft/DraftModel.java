package dev.weft.inference.cpu.batch.draft;

import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.Logits;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.kv.KvSequence;
import dev.weft.inference.cpu.model.Decoder;
import dev.weft.inference.cpu.model.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drafts with a small model of the base's vocabulary: the most probable token, again and again, as
 * long as the model is confident. It has a KV cache of its own, in which nothing is shared. A
 * failure switches it off, and ends no request.
 */
public final class DraftModel implements Drafter, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DraftModel.class);

    /**
     * The most tokens of a request that are read at once before its draft, in the same step as
     * others' tokens.
     */
    private static final int PIECE = 128;

    /** A draft ends once its chance to be right is below this. */
    private static final double LEAST_CHANCE = 0.3;

    private final Team team;
    private final Decoder decoder;
    private final KvCache cache;
    private final Sizes sizes;
    private final Step step = new Step();
    private final List<float[]> scores;
    private boolean failed;

    /**
     * The bounds of drafts.
     *
     * @param vocabulary of the model
     * @param tokens of the base, which drafts are of
     * @param contextLength of the model
     * @param maxTokens rows of the decoder
     */
    public record Sizes(int vocabulary, int tokens, int contextLength, int maxTokens) {}

    /** Drafts with a decoder that nothing else uses. */
    public DraftModel(Team team, Decoder decoder, KvCache cache, Sizes sizes) {
        this.team = team;
        this.decoder = decoder;
        this.cache = cache;
        this.sizes = sizes;
        this.scores =
                IntStream.range(0, team.size()).mapToObj(_ -> new float[sizes.vocabulary]).toList();
    }

    /** A request's keys and values, and the tokens that they are of. */
    private final class Seat implements Place {
        private final KvSequence sequence = cache.sequence("", null);

        /** The tokens that it has read, by position from the first. */
        private final List<Integer> read = new ArrayList<>();

        /** Number of leading tokens that were found to be the request's, which never change. */
        private int agreed;

        /**
         * Forgets the tokens that the request did not go on with. It also forgets the request's
         * last token, whose logits are wanted.
         */
        void align(int[] tokens, int length) {
            int same = agreed;
            while (same < Math.min(read.size(), length - 1) && read.get(same) == tokens[same]) {
                same++;
            }
            forget(same);
            agreed = same;
        }

        private void forget(int from) {
            read.subList(from, read.size()).clear();
            agreed = Math.min(agreed, from);
        }

        /**
         * Makes room. Starts over if positions of such a long sequence are rotated in another way.
         */
        boolean reserve(int length) {
            if (!sequence.stretch(length)) {
                release();
                sequence.stretch(length);
            }
            return sequence.reserve(length);
        }

        @Override
        public void release() {
            sequence.release();
            forget(0);
        }
    }

    /** A draft that is being made. */
    private static final class Growing {
        private final Ask ask;
        private final Seat seat;
        private final List<Integer> tokens = new ArrayList<>();
        private final List<Double> confidence = new ArrayList<>();
        private double chance = 1;

        private Growing(Ask ask, Seat seat) {
            this.ask = ask;
            this.seat = seat;
        }

        boolean goesOn() {
            return tokens.size() < ask.most() && chance >= LEAST_CHANCE;
        }

        void add(int token, double probability) {
            tokens.add(token);
            confidence.add(probability);
            chance *= probability;
        }

        Draft draft() {
            return tokens.isEmpty() ? Draft.NONE : Draft.computed(tokens, confidence);
        }
    }

    @Override
    public Place open() {
        return new Seat();
    }

    @Override
    public List<Draft> draft(List<Ask> asks) {
        List<Growing> drafts = asks.stream().map(ask -> new Growing(ask, seat(ask))).toList();
        if (!failed) {
            try {
                grow(drafts);
            } catch (RuntimeException | Error e) {
                failed = true;
                LOG.error("the model that drafts has failed; answers go on without it", e);
            }
        }
        return drafts.stream().map(Growing::draft).toList();
    }

    private static Seat seat(Ask ask) {
        if (ask.place() instanceof Seat seat) {
            return seat;
        }
        throw new IllegalArgumentException("a place of another drafter");
    }

    private void grow(List<Growing> drafts) {
        step.clear();
        List<Growing> growing = new ArrayList<>();
        for (Growing draft : drafts) {
            if (begin(draft)) {
                growing.add(draft);
            }
        }
        while (step.size() > 0) {
            compute(growing);
            step.clear();
            growing.removeIf(draft -> !draft.goesOn());
            for (Growing draft : growing) {
                read(draft, draft.tokens.getLast(), true);
            }
        }
    }

    /** Adds the request's unread tokens to the step; false if it gets no draft now. */
    private boolean begin(Growing draft) {
        Ask ask = draft.ask;
        Seat seat = draft.seat;
        seat.align(ask.tokens(), ask.length());
        boolean fits = ask.length() + ask.most() <= sizes.contextLength;
        if (!fits || ask.most() < 1 || !seat.reserve(ask.length() + ask.most())) {
            return false;
        }
        int room = Math.min(PIECE, sizes.maxTokens - step.size());
        int from = seat.read.size();
        int to = Math.min(ask.length(), from + room);
        for (int position = from; position < to; position++) {
            if (ask.tokens()[position] >= sizes.vocabulary) {
                return false;
            }
            read(draft, ask.tokens()[position], position == ask.length() - 1);
        }
        return to == ask.length();
    }

    private void read(Growing draft, int token, boolean logits) {
        Seat seat = draft.seat;
        step.add(new Step.TokenRow(token, seat.read.size(), seat.sequence, null, logits));
        seat.read.add(token);
    }

    /** One step; each growing draft gets a token, in the order of the step's logits. */
    private void compute(List<Growing> growing) {
        int[] tokens = new int[growing.size()];
        double[] confidence = new double[growing.size()];
        decoder.prepare(step);
        team.run(member -> {
            decoder.forward(member, step);
            float[] own = scores.get(member.index());
            for (int i = member.index(); i < tokens.length; i += member.size()) {
                Logits.copyRow(decoder.logits(), i, own);
                if (Logits.usable(own)) {
                    tokens[i] = Logits.argmax(own);
                    confidence[i] = Math.exp(own[tokens[i]] - Logits.logSumExp(own));
                }
            }
        });
        for (int i = 0; i < tokens.length; i++) {
            // A token without confidence, or one that the base does not have, is not drafted.
            if (confidence[i] > 0 && tokens[i] < sizes.tokens) {
                growing.get(i).add(tokens[i], confidence[i]);
            } else {
                growing.get(i).chance = 0;
            }
        }
    }

    @Override
    public void close() {
        decoder.close();
        cache.close();
    }
}
