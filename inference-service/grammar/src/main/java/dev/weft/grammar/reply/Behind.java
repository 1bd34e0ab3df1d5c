package dev.weft.grammar.reply;

import dev.weft.grammar.place.Position;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The place of a reply behind a phrase. */
interface Behind {
    /**
     * The place.
     *
     * @param phrase the phrase's bytes; perhaps with a byte in front that belonged to what came
     *     before
     */
    @Nullable Position at(byte[] phrase);

    /** Whether the reply may end there. */
    default boolean mayEnd() {
        return false;
    }

    /** About how many bytes the reply needs to end from there. */
    default int left() {
        return 0;
    }

    /**
     * A place that depends on the phrase.
     *
     * @param at gives the place by the phrase's bytes
     * @param left as {@link #left()}, without asking the place
     */
    static Behind of(Function<byte[], @Nullable Position> at, IntSupplier left) {
        return new Behind() {
            @Override
            public @Nullable Position at(byte[] phrase) {
                return at.apply(phrase);
            }

            @Override
            public int left() {
                return left.getAsInt();
            }
        };
    }

    /** A place that does not depend on the phrase. */
    static Behind of(Supplier<Position> place) {
        return new Behind() {
            @Override
            public Position at(byte[] phrase) {
                return place.get();
            }

            @Override
            public int left() {
                return place.get().left();
            }

            @Override
            public boolean mayEnd() {
                return place.get().mayEnd();
            }
        };
    }
}
