package dev.weft.grammar.completion;

import dev.weft.grammar.place.Place;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.Scan;
import dev.weft.grammar.walk.TokenWalk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ways on from one place of a search, from the one that seems shortest. */
final class PlaceWays {
    /**
     * Bytes that a string or another lexeme may need to be over. Its states take about 2 kB a byte,
     * and answers that follow an ending from each place keep as many bytes again.
     */
    static final int MOST_OF_LEXEME = 4_000;

    private static final byte[] NOTHING = {};

    /** Whitespace seldom leads nearer to an end; if it does, it counts as any other byte. */
    private final Comparator<Way> likelyFirst =
            Comparator.comparing(this::isIdle).thenComparingInt(Way::left);

    private final Place place;

    /** The fewest bytes that any place on the way here seemed to need to end. */
    private final int nearest;

    private final int stalled;

    /** About how many bytes an answer needs to end from here. */
    private final int left;

    /** Texts of one kind, and how many of them were walked. */
    private List<byte[]> texts = List.of();

    private int walked;

    /** Ways that were walked and seem longer than this place promises. */
    private final List<Way> longer = new ArrayList<>();

    private byte[] taken = NOTHING;

    /** Kinds of texts that are left. A later kind is tried if the kinds before it lead nowhere. */
    private final Iterator<Kind> kinds = List.of(Kind.values()).iterator();

    private enum Kind {
        OF_SPOT,
        OF_SCAN,
        OF_BYTES
    }

    /**
     * A text, and the place behind it.
     *
     * @param left about how many bytes an answer needs on this way, the text's included
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and only read
    record Way(byte[] text, Place behind, int left) {
        boolean isBlank() {
            return text.length == 1 && text[0] >= 0 && text[0] <= ' ';
        }
    }

    /**
     * The ways on from a place.
     *
     * @param before the place before it; null if there is none
     */
    PlaceWays(Place place, @Nullable PlaceWays before) {
        this.place = place;
        this.left = place.position().left();
        boolean nearer = before == null || left < before.nearest;
        this.nearest = before == null || nearer ? left : before.nearest;
        this.stalled = before == null || nearer ? 0 : before.stalled + 1;
    }

    /** How many places on the way here came no nearer to an end. */
    int stalled() {
        return stalled;
    }

    Place place() {
        return place;
    }

    /** The text of the way that was given last. */
    byte[] taken() {
        return taken;
    }

    /**
     * The next way.
     *
     * @param trail may go on behind this place; what it has there is lost
     * @return null if there is none
     */
    @Nullable Way next(Trail trail) {
        do {
            Way way = ofTexts(trail);
            if (way != null) {
                taken = way.text;
                return way;
            }
        } while (moreTexts(trail));
        return null;
    }

    /**
     * The next way of the texts at hand, the likeliest first. If no way can be much shorter than
     * {@link #left}, the first one of at most that length is taken at once.
     */
    private @Nullable Way ofTexts(Trail trail) {
        while (walked < texts.size()) {
            Way way = walk(texts.get(walked++), trail);
            if (way != null && way.left <= left && spot().leftIsLeast()) {
                return way;
            }
            if (way != null) {
                longer.add(way);
            }
        }
        longer.sort(likelyFirst);
        return longer.isEmpty() ? null : longer.removeFirst();
    }

    /** Goes on to texts of the next kind; false if there is none. */
    private boolean moreTexts(Trail trail) {
        if (!kinds.hasNext()) {
            return false;
        }
        trail.cut(place.length());
        texts =
                switch (kinds.next()) {
                    case OF_SPOT -> spot().ways(scan(), trail, place.start());
                    case OF_SCAN -> scan().endings();
                    case OF_BYTES -> isEndless() ? List.of() : bytes();
                };
        walked = 0;
        return true;
    }

    private Spot spot() {
        return place.position().spot();
    }

    private Scan scan() {
        return place.position().scan();
    }

    /** The way of a text; null if it is not allowed. */
    private @Nullable Way walk(byte[] text, Trail trail) {
        trail.cut(place.length());
        Place behind = text.length == 0 ? null : TokenWalk.walk(trail, place, text);
        trail.cut(place.length());
        return behind == null || behind.position().scan().left() > MOST_OF_LEXEME
                ? null
                : new Way(text, behind, text.length + behind.position().left());
    }

    /** Whether a way is whitespace behind which as much is left as before. */
    private boolean isIdle(Way way) {
        return way.isBlank() && way.left > left;
    }

    /** Whether a search byte by byte might find new places without end. */
    private boolean isEndless() {
        return spot().looksBack() && !scan().endings().isEmpty();
    }

    /**
     * Each byte that may follow, whitespace last. Of bytes that lead to the same state within the
     * lexeme only the first counts.
     */
    private List<byte[]> bytes() {
        List<byte[]> all = new ArrayList<>();
        List<Scan> behind = new ArrayList<>();
        Position here = place.position();
        for (int i = 0; i < 256; i++) {
            int b = i + '!' & 0xFF;
            Scan scan = here.scan().next(b);
            if (scan.isExit() || (!scan.isDead() && !behind.contains(scan))) {
                behind.add(scan);
                all.add(new byte[] {(byte) b});
            }
        }
        return all;
    }
}
