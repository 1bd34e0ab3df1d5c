package dev.weft.system.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.RunningFleet;
import dev.weft.system.fleet.Sample;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogAwayTest {
    @Test
    void whatWasServedBeforeTheCatalogWentIsServedOn(@TempDir Path data) throws Exception {
        Sample.Prompt prompt =
                Sample.heldOut().counted().stream()
                        .filter(p -> !p.of("sql").close() && !p.of(Sample.BASE).close())
                        .findFirst()
                        .orElseThrow();
        try (RunningFleet fleet = RunningFleet.start(Sample.deploymentFile(), data);
                Client client = new Client(fleet.gateway())) {
            assertThat(client.ask("sql", prompt.text())).isEqualTo(prompt.of("sql").answer());

            fleet.closeCatalog();
            for (int i = 0; i < 5; i++) {
                assertThat(client.ask("sql", prompt.text())).isEqualTo(prompt.of("sql").answer());
                assertThat(client.stream(Sample.BASE, prompt.text()))
                        .isEqualTo(prompt.of(Sample.BASE).answer());
            }
            assertThat(client.api().models().list().data()).hasSize(Sample.MODELS.size());
            assertThat(Http.get(fleet.gateway().resolve("/actuator/health/readiness")).statusCode())
                    .isEqualTo(200);
        }
    }
}
