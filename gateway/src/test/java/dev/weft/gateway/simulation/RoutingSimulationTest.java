package dev.weft.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.routing.RoutingSettings;
import dev.weft.settings.bind.TestSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RoutingSimulationTest {
    private static final SimulatedFleet FLEET =
            new SimulatedFleet(
                    2, 8, 200, new SimulatedFleet.Worker(8, 16, 16, SimulatedFleet.Times.DEFAULT));

    private static Map<String, RoutingResult> run(long seed) {
        Map<String, RoutingResult> results = new HashMap<>();
        new RoutingSimulation(
                        FLEET,
                        new RoutingSimulation.Traffic(
                                0.5, 1, 0.1, 300, 100, Duration.ofMinutes(3), seed),
                        TestSettings.of().get(RoutingSettings.class))
                .run(result -> results.put(result.policy(), result));
        return results;
    }

    @Test
    void theSameSeedGivesTheSame() {
        assertThat(run(1)).isEqualTo(run(1)).isNotEqualTo(run(2));
    }

    @Test
    void everyRequestGetsItsAnswerWhateverTheWayOfRouting() {
        Map<String, RoutingResult> results = run(3);
        assertThat(results).hasSize(5);
        assertThat(results.values())
                .extracting(RoutingResult::requests)
                .allSatisfy(requests -> assertThat(requests).isBetween(5_000, 20_000));
    }

    /** Least requests spreads every adapter over all workers. */
    @Test
    void adaptersStayWhereTheyAre() {
        Map<String, RoutingResult> results = run(4);
        RoutingResult weft = Objects.requireNonNull(results.get("weft"));
        RoutingResult least = Objects.requireNonNull(results.get("least requests"));
        assertThat(weft.cold()).isLessThan(least.cold() / 2);
        assertThat(weft.firstToken().p99()).isLessThan(least.firstToken().p99());
    }
}
