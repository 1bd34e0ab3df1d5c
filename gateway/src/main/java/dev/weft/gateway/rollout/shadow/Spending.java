package dev.weft.gateway.rollout.shadow;

import dev.weft.gateway.measure.Answered;
import dev.weft.protocol.usage.TokenCount;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one copy. The served version's answer tells how many the prompt has. The tokens of
 * the answer are set aside before it is made: a piece at a time for a stream, which can be broken
 * off, else all at once. If the request names no most tokens, an answer in one piece is taken to be
 * twice as long as the served one. It may be longer, as may one to a request that names more than
 * {@link #MOST_WHOLE}. For one thread.
 */
final class Spending implements AutoCloseable {
    private static final int BYTES_PER_TOKEN = 4;

    /** Tokens of a stream that are set aside at a time. */
    static final long PIECE = 256;

    /**
     * Tokens of an answer in one piece that are set aside, at most: clients name far more than
     * their answers have, and what one of them names is not granted to others.
     */
    static final long MOST_WHOLE = 16 * 1024;

    private final ShadowBudget budget;
    private long aside;
    private boolean sent;
    private boolean ended;
    private @Nullable TokenCount told;

    private Spending(ShadowBudget budget, long aside) {
        this.budget = budget;
        this.aside = aside;
    }

    /** Sets aside what a copy needs at first; null if there is not enough. */
    static @Nullable Spending of(ShadowBudget budget, CopiedRequest asked, Answered served) {
        TokenCount said = served.told();
        long prompt = said == null ? asked.body().bytes().length / BYTES_PER_TOKEN : said.input();
        long usual = Math.max(PIECE, said == null ? 0 : 2 * said.output());
        long most = asked.head().mostTokens() > 0 ? asked.head().mostTokens() : usual;
        long first = prompt + Math.min(most, asked.stream() ? PIECE : MOST_WHOLE);
        return budget.setAside(first) ? new Spending(budget, first) : null;
    }

    /** A worker is given the copy. */
    void sent() {
        sent = true;
    }

    /** The tokens so far; false if there are none left for more. */
    boolean told(TokenCount count) {
        told = count;
        long used = count.input() + count.output();
        if (used < aside) {
            return true;
        }
        long more = Math.max(PIECE, used - aside);
        if (!budget.setAside(more)) {
            return false;
        }
        aside += more;
        return true;
    }

    /** What was told last; null if nothing was. */
    @Nullable TokenCount told() {
        return told;
    }

    /**
     * Gives back what was not used.
     *
     * @param sent whether a worker had the copy; if it told no tokens, all that were set aside
     *     count as used
     * @return tokens that were used
     */
    long end(boolean sent) {
        TokenCount count = told;
        long used = !sent ? 0 : count == null ? aside : count.input() + count.output();
        budget.used(used, aside);
        aside = 0;
        ended = true;
        return used;
    }

    /** Ends it if that was not done: the copy failed within this gateway. */
    @Override
    public void close() {
        if (!ended) {
            long _ = end(sent);
        }
    }
}
