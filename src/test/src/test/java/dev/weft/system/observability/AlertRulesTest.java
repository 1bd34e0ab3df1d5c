package dev.weft.system.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.weft.system.fleet.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that alerts fire when they should and only then, and that each says what to do. */
class AlertRulesTest {
    private static final Path OPERATIONS =
            Path.of("..", "..", "docs", "operations.md").toAbsolutePath().normalize();
    private static final String RUNBOOK = "docs/operations.md#";

    @Test
    void fireWhenTheyShouldAndOnlyThen() throws Exception {
        Program.Finished tested =
                Program.named("promtool").run("test", "rules", AlertRules.TESTS.toString());

        assertThat(tested.exit()).as(tested.output()).isZero();
    }

    @Test
    void haveATestThatFiresThemAndOneThatDoesNot() throws IOException {
        for (AlertRules.Alert alert : AlertRules.alerts()) {
            List<AlertRules.Expectation> expectations =
                    AlertRules.expectations().stream()
                            .filter(expectation -> expectation.alert().equals(alert.name()))
                            .toList();

            assertThat(expectations)
                    .as(alert.name())
                    .anyMatch(AlertRules.Expectation::fires)
                    .anyMatch(expectation -> !expectation.fires());
        }
    }

    @Test
    void sayHowBadItIsForHowLongAndWhatToDo() throws IOException {
        List<String> entries = new ArrayList<>();
        for (AlertRules.Alert alert : AlertRules.alerts()) {
            assertThat(alert.name()).startsWith("Weft");
            assertThat(alert.severity()).as(alert.name()).isIn("critical", "warning");
            assertThat(alert.lasting()).as(alert.name()).matches("\\d+m");
            assertThat(alert.annotation("summary")).as(alert.name()).contains(" ");
            assertThat(alert.annotation("runbook_url"))
                    .isEqualTo(RUNBOOK + alert.name().toLowerCase(Locale.ROOT));
            entries.add("### " + alert.name());
        }

        assertThat(Files.readAllLines(OPERATIONS).stream().filter(l -> l.startsWith("### Weft")))
                .containsExactlyInAnyOrderElementsOf(entries);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prometheus.yml", "prometheus-kubernetes.yml"})
    void areLoadedByTheConfigurationsForPrometheus(String file) throws Exception {
        Program.Finished checked =
                Program.named("promtool")
                        .run("check", "config", Dashboard.GRAFANA.resolve(file).toString());

        assumeFalse(
                checked.output().contains("field kubernetes_sd_configs not found"),
                "this promtool was built without Kubernetes");
        assertThat(checked.exit()).as(checked.output()).isZero();
        assertThat(checked.output()).contains("1 rule files found");
    }
}
