package dev.weft.inference.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.server.ScriptedEngine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    void anEngineThatProducesATokenPassesAndGoesOn() {
        try (ScriptedEngine engine = new ScriptedEngine(100, _ -> List.of(7))) {
            assertThat(SelfTest.passed(engine, LIMIT)).isSameAs(engine);
            assertThat(engine.requests).hasSize(1);
        }
    }

    @Test
    void oneThatFailsOrSaysNothingOrNonsenseIsClosed() {
        refused(List.of(ScriptedEngine.FAILURE), LIMIT, "the script failed");
        refused(List.of(100), LIMIT, "its first token is 100; allowed: 0 to 99");
        refused(List.of(), LIMIT, "without a token");
        ScriptedEngine silent = new ScriptedEngine(100, _ -> List.of(7));
        silent.hold();
        refused(silent, Duration.ofMillis(50), "no token within 0 s");
    }

    private static void refused(List<Integer> script, Duration limit, String why) {
        refused(new ScriptedEngine(100, _ -> script), limit, why);
    }

    private static void refused(ScriptedEngine engine, Duration limit, String why) {
        assertThatIllegalStateException()
                .isThrownBy(() -> SelfTest.passed(engine, limit))
                .withMessageContaining("the engine fails its self-test")
                .withMessageContaining(why);
        assertThatIllegalStateException()
                .isThrownBy(() -> SelfTest.passed(engine, limit))
                .withCauseInstanceOf(EngineException.class)
                .withMessageContaining("the engine is closed");
    }
}
