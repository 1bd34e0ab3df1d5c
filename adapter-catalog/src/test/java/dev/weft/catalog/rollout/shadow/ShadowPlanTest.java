package dev.weft.catalog.rollout.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.rollout.judge.Bound;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ShadowPlanTest {
    /** As it lies in databases. */
    private static final String STORED =
            """
            {"share":0.5,"concurrent":2,"maxTokens":1000,"seconds":600,\
            "bounds":{"errorRate":0.01},"quantile":0.9,"alpha":0.01,"minRequests":200}\
            """;

    private static final ShadowPlan PLAN =
            new ShadowPlan(
                    new ShadowPlan.Copying(0.5, 2, 1_000, 600),
                    new ShadowPlan.Judging(Map.of(Bound.errorRate, 0.01), 0.9, 0.01, 200));

    @Test
    void readsTheFlatJsonOfDatabases() {
        assertThat(JsonMapper.shared().readValue(STORED, ShadowPlan.class)).isEqualTo(PLAN);
    }

    @Test
    void isStoredAsFlatJson() {
        assertThat(JsonMapper.shared().readTree(JsonMapper.shared().writeValueAsString(PLAN)))
                .isEqualTo(JsonMapper.shared().readTree(STORED));
    }

    @Test
    void aPlanWithoutABoundIsNone() {
        assertThatThrownBy(() -> new ShadowPlan.Judging(Map.of(), 0.9, 0.01, 200))
                .hasMessageContaining("a plan needs a bound");
    }
}
