package dev.weft.grammar.reply;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.PhraseScan;
import dev.weft.grammar.scan.Scan;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The place within one of some phrases; which one is not known yet. */
final class PhraseSpot implements Spot {
    private static final int UNKNOWN = -1;

    /** More bytes than any place has left. */
    private static final int FAR = Integer.MAX_VALUE / 4;

    private final List<Way> ways;

    /** The bytes that are left behind each way; {@link #UNKNOWN} until they are asked for. */
    private final int[] left;

    /** A phrase and what follows it. */
    record Way(Expression phrase, Behind behind) {}

    private PhraseSpot(List<Way> ways) {
        this.ways = List.copyOf(ways);
        this.left = new int[ways.size()];
        Arrays.fill(left, UNKNOWN);
    }

    /** The beginning of some phrases. */
    static Position at(PhraseScan.Table table, Way... ways) {
        return at(table, List.of(ways));
    }

    static Position at(PhraseScan.Table table, List<Way> ways) {
        return new Position(
                new PhraseSpot(ways), table.of(ways.stream().map(Way::phrase).toList()));
    }

    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        if (!(scan instanceof PhraseScan phrase)) {
            throw new IllegalStateException("no scan of phrases");
        }
        byte[] text = trail.copy(start, trail.length());
        List<Expression> next = phrase.behind(b);
        for (int i = 0; i < ways.size(); i++) {
            if (next.get(i).isEpsilon()) {
                return ways.get(i).behind.at(text);
            }
        }
        byte[] before = Arrays.copyOf(text, text.length - 1);
        for (int i = 0; i < ways.size(); i++) {
            if (phrase.states().get(i).nullable()) {
                Position place = ways.get(i).behind.at(before);
                Position behind = place == null ? null : place.feed(b, trail);
                if (behind != null) {
                    return behind;
                }
            }
        }
        return null;
    }

    @Override
    public int left() {
        int least = FAR;
        for (int i = 0; i < ways.size(); i++) {
            least = Math.min(least, leftBehind(i));
        }
        return least;
    }

    /** Phrases that the text no longer follows do not count. */
    @Override
    public int left(Scan scan) {
        if (!(scan instanceof PhraseScan phrase)) {
            return left();
        }
        int least = FAR;
        for (int i = 0; i < ways.size(); i++) {
            Expression state = phrase.states().get(i);
            if (!state.isEmpty()) {
                least = Math.min(least, state.shortest() + leftBehind(i));
            }
        }
        return Math.max(0, least - phrase.left());
    }

    private int leftBehind(int way) {
        if (left[way] == UNKNOWN) {
            // phrases may lead to themselves again: only the way out counts
            left[way] = FAR;
            left[way] = Math.min(FAR, ways.get(way).behind.left());
        }
        return left[way];
    }

    @Override
    public boolean looksBack() {
        return true;
    }

    @Override
    public boolean mayEnd(Scan scan) {
        if (scan instanceof PhraseScan phrase) {
            for (int i = 0; i < ways.size(); i++) {
                if (phrase.states().get(i).nullable() && ways.get(i).behind.mayEnd()) {
                    return true;
                }
            }
        }
        return false;
    }
}
