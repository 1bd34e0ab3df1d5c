package dev.weft.grammar.json;

import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.Scan;
import org.jspecify.annotations.Nullable;

/** The place between a key and its colon. */
final class ColonSpot implements Spot {
    private final JsonMachine machine;
    private final JsonMachine.Member member;
    private final Position behind;

    ColonSpot(JsonMachine machine, JsonMachine.Member member) {
        this.machine = machine;
        this.member = member;
        behind =
                new Position(
                        new ValueSpot(machine, member.level(), member.value(), null),
                        machine.gaps.behind(member.level()));
    }

    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        return b == ':' ? behind : null;
    }

    @Override
    public int left() {
        return 1
                + machine.needs.of(member.value(), member.level())
                + machine.needs.around(member.level());
    }

    @Override
    public boolean mayEnd(Scan scan) {
        return false;
    }
}
