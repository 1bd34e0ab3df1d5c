package dev.weft.catalog.lifecycle;

import static dev.weft.protocol.adapter.VersionState.Converting;
import static dev.weft.protocol.adapter.VersionState.Disabled;
import static dev.weft.protocol.adapter.VersionState.Fetching;
import static dev.weft.protocol.adapter.VersionState.Ready;
import static dev.weft.protocol.adapter.VersionState.Registered;
import static dev.weft.protocol.adapter.VersionState.Rejected;
import static dev.weft.protocol.adapter.VersionState.Retired;
import static dev.weft.protocol.adapter.VersionState.Validating;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransitionsTest {
    private static final Map<VersionState, Set<VersionState>> TABLE =
            Map.of(
                    Registered, Set.of(Fetching, Rejected),
                    Fetching, Set.of(Validating, Rejected),
                    Validating, Set.of(Converting, Rejected),
                    Converting, Set.of(Ready, Rejected),
                    Ready, Set.of(Disabled, Retired),
                    Disabled, Set.of(Ready, Retired),
                    Retired, Set.of(),
                    Rejected, Set.of());

    private static final Content CONTENT =
            new Content(
                    new AdapterDigest("a".repeat(64)),
                    new LoraFacts(
                            8, 16, false, new TreeSet<>(Set.of(LinearModule.Q)), "BF16", 1024),
                    Instant.EPOCH);

    @ParameterizedTest
    @EnumSource
    void everyStepIsInTheTableAndNoOther(VersionState from) {
        for (VersionState to : VersionState.values()) {
            if (TABLE.getOrDefault(from, Set.of()).contains(to)) {
                assertThat(state(from).to(state(to)).state()).isEqualTo(to);
            } else {
                assertThatThrownBy(() -> state(from).to(state(to)))
                        .isInstanceOf(IllegalTransitionException.class)
                        .hasMessageContaining("from " + from + " to " + to);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTypeOfAStateNamesIt(VersionState state) {
        assertThat(state(state).state()).isEqualTo(state);
        assertThat(state(state).getClass().getSimpleName()).isEqualTo(state.name());
    }

    @ParameterizedTest
    @EnumSource
    void workingStatesAreThoseThatARestartTakesUp(VersionState state) {
        assertThat(Transitions.isWorking(state))
                .isEqualTo(state(state) instanceof Lifecycle.Working);
    }

    @Test
    void aRejectionHasAReason() {
        assertThatThrownBy(() -> new Lifecycle.Rejected(List.of()))
                .hasMessageContaining("without a reason");
    }

    private static Lifecycle state(VersionState state) {
        return switch (state) {
            case Registered -> new Lifecycle.Registered();
            case Fetching -> new Lifecycle.Fetching();
            case Validating -> new Lifecycle.Validating();
            case Converting -> new Lifecycle.Converting();
            case Ready -> new Lifecycle.Ready(CONTENT);
            case Disabled -> new Lifecycle.Disabled(CONTENT);
            case Retired -> new Lifecycle.Retired(CONTENT);
            case Rejected ->
                    new Lifecycle.Rejected(
                            List.of(new Reason("CODE", null, null, null, null, "why")));
        };
    }
}
