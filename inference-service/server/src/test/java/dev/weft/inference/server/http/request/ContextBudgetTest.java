package dev.weft.inference.server.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContextBudgetTest {
    @Test
    void anAnswerIsAtMostAsLongAsTheCheckpointAllows() {
        ContextBudget budget = new ContextBudget(100, 20);
        assertThat(budget.forMessages(10, null)).isEqualTo(20);
        assertThat(budget.forMessages(10, 50)).isEqualTo(20);
        assertThat(budget.forMessages(10, 5)).isEqualTo(5);
        assertThat(budget.forMessages(95, null)).isEqualTo(5);
        assertThat(budget.forPrompt(10, null, 16)).isEqualTo(16);
        assertThat(budget.forPrompt(10, 90, 16)).isEqualTo(20);
    }
}
