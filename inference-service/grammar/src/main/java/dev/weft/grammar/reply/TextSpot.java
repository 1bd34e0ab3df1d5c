package dev.weft.grammar.reply;

import dev.weft.grammar.walk.Position;
import dev.weft.grammar.walk.Scan;
import dev.weft.grammar.walk.Spot;
import dev.weft.grammar.walk.Trail;
import dev.weft.grammar.walk.TriggerScan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** In text of any kind, until a trigger comes. */
record TextSpot(Supplier<Position> behind, BooleanSupplier ends) implements Spot {
    /**
     * The beginning of such a text.
     *
     * @param trigger null for text without end
     */
    static Position at(@Nullable String trigger, Supplier<Position> behind, BooleanSupplier ends) {
        List<byte[]> triggers =
                trigger == null ? List.of() : List.of(trigger.getBytes(StandardCharsets.UTF_8));
        return new Position(new TextSpot(behind, ends), TriggerScan.of(triggers));
    }

    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        return behind.get();
    }

    @Override
    public boolean mayEnd(Scan scan) {
        return ends.getAsBoolean();
    }
}
