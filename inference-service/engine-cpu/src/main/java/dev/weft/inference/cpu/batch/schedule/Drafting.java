package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.cpu.batch.cost.DecodeTimes;
import dev.weft.inference.cpu.batch.cost.StepShape;
import dev.weft.inference.cpu.batch.draft.Draft;
import dev.weft.inference.cpu.batch.draft.DraftChoice;
import dev.weft.inference.cpu.batch.draft.DraftOutcomes;
import dev.weft.inference.cpu.batch.draft.Drafter;
import dev.weft.inference.cpu.batch.draft.DrafterCost;
import dev.weft.inference.cpu.batch.draft.RowDrafts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a step verify guesses of the tokens that follow, if the step is expected to gain by it. A
 * verified token is the one that would have been chosen without a guess. Owner thread only.
 */
final class Drafting {
    private static final Logger LOG = LoggerFactory.getLogger(Drafting.class);
    private static final double NANOS = 1e9;

    private final BatchLimits limits;
    private final @Nullable Drafter drafter;
    private final DrafterCost drafterCost = new DrafterCost();
    private final DecodeTimes times = new DecodeTimes();
    private final StepsAlone alone = new StepsAlone();
    private final DraftOutcomes outcomes = new DraftOutcomes();

    /** Nanoseconds that the drafting model took for the step that was planned last. */
    private long drafting;

    /** Whether the log has told of missing room, which may be missing in each step. */
    private boolean toldOfRoom;

    /** A row of a plan, with the best guess so far. */
    private static final class Guess {
        private final Row row;
        private final RowDrafts drafts;
        private final int most;
        private Draft draft;

        private Guess(Row row, RowDrafts drafts, int most, Draft draft) {
            this.row = row;
            this.drafts = drafts;
            this.most = most;
            this.draft = draft;
        }

        double[] chances() {
            return drafts.chances(draft);
        }

        double firstChance() {
            return draft.tokens().isEmpty() ? 0 : chances()[0];
        }
    }

    /**
     * Guesses by the requests' constraints and own texts.
     *
     * @param drafter drafts for rows whose texts give less likely guesses; null for none
     */
    Drafting(BatchLimits limits, @Nullable Drafter drafter) {
        this.limits = limits;
        this.drafter = drafter;
    }

    /**
     * Adds drafts to a plan whose rows all decode; a row whose constraint fails has a fault then.
     */
    void add(StepPlan plan) {
        drafting = 0; // a step that failed was not measured
        List<StepPlan.Part> parts = plan.parts();
        int most = limits.maxRows() - parts.size();
        if (limits.draftTokens() == 0 || most <= 0 || alone.isDue()) {
            return;
        }
        List<Guess> guesses = new ArrayList<>();
        for (StepPlan.Part part : parts) {
            Row row = part.row();
            int left = Math.min(most, limits.contextLength() - row.length() - 1);
            int length = draftable(row, Math.min(left, limits.draftTokens()));
            guesses.add(new Guess(row, row.drafts(outcomes), length, find(row, length)));
        }
        StepShape shape = plan.shape();
        if (drafter != null) {
            compute(drafter, guesses, shape, most);
        }
        DraftChoice.Choice choice =
                DraftChoice.of(
                        guesses.stream().map(Guess::chances).toList(),
                        most,
                        extra -> seconds(shape, extra));
        boolean same = times.areOne(shape, shape.withDrafts(choice.tokens()));
        alone.chosen(same ? 1 : choice.gain());
        for (int i = 0; i < guesses.size(); i++) {
            Guess guess = guesses.get(i);
            int length = choice.lengths().get(i);
            if (length > 0 && hasRoom(guess.row, length)) {
                plan.draft(i, guess.draft.first(length));
            } else {
                guess.drafts.unused();
            }
        }
    }

    /**
     * Whether the cache has room for a draft. If memory can't be had there is none, and the step
     * goes on without the draft.
     */
    private boolean hasRoom(Row row, int length) {
        try {
            return row.reserve(length);
        } catch (RuntimeException | Error e) {
            if (!toldOfRoom) {
                toldOfRoom = true;
                LOG.error("guessed tokens got no room in the cache; steps go on without them", e);
            }
            return false;
        }
    }

    /**
     * The number of tokens that can be drafted. They don't exceed the answer's limit, nor the
     * length beyond which positions are rotated in another way.
     */
    private static int draftable(Row row, int most) {
        if (row.pool() != null) {
            return 0;
        }
        int left = row.request().ending().maxTokens() - row.produced() - 1;
        return Math.max(0, Math.min(most, Math.min(left, row.sequence().room(row.length()))));
    }

    /**
     * A draft of the tokens that the row's constraint expects or, if there are none, a draft from
     * its own text.
     */
    private Draft find(Row row, int most) {
        Draft expected = expected(row, most);
        return expected.tokens().isEmpty()
                ? row.drafts(outcomes).find(row.tokens().array(), row.length(), most)
                : expected;
    }

    private static Draft expected(Row row, int most) {
        RowConstraint constraint = row.constraint();
        if (constraint == null || most < 1 || row.produced() == 0 || row.fault() != null) {
            return Draft.NONE;
        }
        try {
            return Draft.expected(constraint.expected(most));
        } catch (RuntimeException | Error e) {
            row.failed(e);
            return Draft.NONE;
        }
    }

    private double seconds(StepShape shape, int extra) {
        return times.of(shape.withDrafts(extra));
    }

    /** Takes in how many tokens of a row's draft were right. */
    void verified(Row row, Draft draft, int right) {
        row.drafts(outcomes).verified(draft, right);
    }

    /**
     * Takes in the time of a step.
     *
     * @param seconds time of the step, with that of the drafting model before it
     * @return the time without the drafting model's
     */
    double measured(StepShape shape, double seconds) {
        if (shape.prompt() > 0) {
            return seconds;
        }
        double own = seconds - drafting / NANOS;
        drafting = 0;
        times.measured(shape, own);
        return own;
    }

    /**
     * Lets the model draft for rows whose own guesses are less likely than the model's, if that is
     * expected to pay.
     */
    private void compute(Drafter model, List<Guess> guesses, StepShape shape, int most) {
        List<Guess> asking = new ArrayList<>();
        for (Guess guess : guesses) {
            if (guess.most > 0 && guess.firstChance() < guess.drafts.chanceOfComputed()) {
                asking.add(guess);
            }
        }
        List<Double> chances =
                asking.stream().map(guess -> guess.drafts.chanceOfComputed()).toList();
        int length =
                drafterCost.length(
                        chances,
                        guesses.size(),
                        Math.min(limits.draftTokens(), most / Math.max(1, asking.size())),
                        extra -> seconds(shape, extra));
        if (length == 0) {
            drafterCost.unused();
            return;
        }
        long begin = System.nanoTime();
        List<Draft> drafts =
                model.draft(
                        asking.stream()
                                .map(guess ->
                                        new Drafter.Ask(
                                                guess.drafts.place(model),
                                                guess.row.tokens().array(),
                                                guess.row.length(),
                                                Math.min(length, guess.most)))
                                .toList());
        drafting = System.nanoTime() - begin;
        drafterCost.measured(drafts, drafting);
        for (int i = 0; i < drafts.size(); i++) {
            if (!drafts.get(i).tokens().isEmpty()) {
                asking.get(i).draft = drafts.get(i);
            }
        }
    }
}
