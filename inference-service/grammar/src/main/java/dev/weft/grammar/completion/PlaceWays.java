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
    private static final byte[] NOTHING = {};

    private final Place place;

    /** The least that was left on the way here. */
    private final int nearest;

    private final int stalled;
    private Iterator<Way> ways = List.<Way>of().iterator();
    private byte[] taken = NOTHING;

    /** The next kind of ways; those of a later kind are looked at if all others lead nowhere. */
    private Kind next = Kind.OF_SPOT;

    private enum Kind {
        OF_SPOT,
        OF_SCAN,
        OF_BYTES,
        NONE
    }

    /** A text, and the place behind it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and only read
    record Way(byte[] text, Place behind) {
        int left() {
            return text.length + behind.position().left();
        }
    }

    /**
     * The ways on from a place.
     *
     * @param before the place before it; null if there is none
     */
    PlaceWays(Place place, @Nullable PlaceWays before) {
        this.place = place;
        int left = place.position().left();
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
        while (!ways.hasNext()) {
            trail.cut(place.length());
            switch (next) {
                case OF_SPOT ->
                        next(
                                Kind.OF_SCAN,
                                walked(spot().ways(scan(), trail, place.start()), trail));
                case OF_SCAN -> next(Kind.OF_BYTES, walked(scan().endings(), trail));
                case OF_BYTES -> next(Kind.NONE, walked(isEndless() ? List.of() : bytes(), trail));
                case NONE -> {
                    return null;
                }
            }
        }
        Way way = ways.next();
        taken = way.text;
        return way;
    }

    private void next(Kind kind, List<Way> all) {
        next = kind;
        ways = all.iterator();
    }

    private Spot spot() {
        return place.position().spot();
    }

    private Scan scan() {
        return place.position().scan();
    }

    /** Those that are allowed, sorted. */
    private List<Way> walked(List<byte[]> texts, Trail trail) {
        List<Way> all = new ArrayList<>();
        for (byte[] text : texts) {
            Place behind = text.length == 0 ? null : TokenWalk.walk(trail, place, text);
            trail.cut(place.length());
            if (behind != null) {
                all.add(new Way(text, behind));
            }
        }
        all.sort(Comparator.comparingInt(Way::left));
        return all;
    }

    /** Whether a search byte by byte might find new places without end. */
    private boolean isEndless() {
        return spot().looksBack() && !scan().endings().isEmpty();
    }

    /** Each byte, whitespace last; of those that lead to the same state the first. */
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
