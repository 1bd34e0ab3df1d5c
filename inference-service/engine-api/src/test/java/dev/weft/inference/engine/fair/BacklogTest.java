package dev.weft.inference.engine.fair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.inference.engine.EngineException;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final Backlog backlog = new Backlog(2, 1);

    @Test
    void whoIsAloneHearsThatTheEngineIsFull() {
        enter("a", 3);
        assertThat(refusal("a")).isEqualTo(EngineException.Cause.OVERLOADED);
    }

    @Test
    void oneOfSeveralHearsThatItHasTooMuchAndTheOthersComeIn() {
        enter("a", 3);
        enter("b", 2);
        assertThat(refusal("a")).isEqualTo(EngineException.Cause.OVER_SHARE);
        enter("b", 1);
    }

    @Test
    void whoLeavesMakesRoom() {
        enter("a", 3);
        backlog.leave("a");
        enter("a", 1);
        assertThat(refusal("a")).isEqualTo(EngineException.Cause.OVERLOADED);
    }

    private void enter(String tenant, int count) {
        for (int i = 0; i < count; i++) {
            backlog.enter(tenant);
        }
    }

    private EngineException.Cause refusal(String tenant) {
        return catchThrowableOfType(EngineException.class, () -> backlog.enter(tenant)).reason();
    }
}
