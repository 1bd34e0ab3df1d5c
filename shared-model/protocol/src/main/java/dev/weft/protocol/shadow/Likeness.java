package dev.weft.protocol.shadow;

/**
 * How alike answers of two versions to the same requests are: sums over pairs of answers.
 *
 * @param pairs both versions answered
 * @param served tokens of the served version's answers, as far as they were told
 * @param candidate the same of the candidate's
 * @param sameFinish pairs that ended for the same reason
 * @param greedy pairs of requests with temperature 0 whose texts were compared
 * @param sameText of these, pairs with the same text
 * @param prefix of these, the sum of the part of the longer text that both begin with, 0 to 1 each
 */
public record Likeness(
        long pairs,
        long served,
        long candidate,
        long sameFinish,
        long greedy,
        long sameText,
        double prefix) {
    /** No pairs. */
    public static final Likeness NONE = new Likeness(0, 0, 0, 0, 0, 0, 0);

    public Likeness {
        if (Math.min(served, candidate) < 0
                || !isPart(sameFinish, pairs)
                || !isPart(greedy, pairs)
                || !isPart(sameText, greedy)
                || !(prefix >= 0 && prefix <= greedy)) {
            throw new IllegalArgumentException("counts that do not fit each other");
        }
    }

    private static boolean isPart(long part, long of) {
        return part >= 0 && part <= of;
    }

    /** Both together. */
    public Likeness plus(Likeness other) {
        long both = greedy + other.greedy;
        return new Likeness(
                pairs + other.pairs,
                served + other.served,
                candidate + other.candidate,
                sameFinish + other.sameFinish,
                both,
                sameText + other.sameText,
                // by rounding, a sum of many parts may come out a little above their number
                Math.min((double) both, prefix + other.prefix));
    }
}
