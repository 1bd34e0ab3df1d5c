package dev.weft.grammar.reply;

import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.Scan;
import dev.weft.grammar.walk.TriggerScan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The place within text of any kind, until a trigger comes.
 *
 * @param behind the place behind each trigger, by its number
 * @param ends whether the reply may end in the text
 */
record TextSpot(IntFunction<Position> behind, BooleanSupplier ends) implements Spot {
    /**
     * The beginning of such a text.
     *
     * @param triggers none for text without end
     */
    static Position at(List<String> triggers, IntFunction<Position> behind, BooleanSupplier ends) {
        List<byte[]> bytes =
                triggers.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
        return new Position(new TextSpot(behind, ends), TriggerScan.of(bytes));
    }

    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        if (scan instanceof TriggerScan text) {
            return behind.apply(text.completed(b));
        }
        throw new IllegalStateException("no scan of text");
    }

    @Override
    public int left() {
        // if the reply may not end, there is a trigger
        return ends.getAsBoolean() ? 0 : behind.apply(0).left();
    }

    @Override
    public boolean mayEnd(Scan scan) {
        return ends.getAsBoolean();
    }
}
