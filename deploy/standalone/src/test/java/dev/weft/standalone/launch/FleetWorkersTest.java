package dev.weft.standalone.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.deployment.DeploymentFile;
import dev.weft.deployment.Fleet;
import dev.weft.service.settings.AddressSettings;
import dev.weft.service.settings.MetricsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetWorkersTest {
    @TempDir Path folder;

    @Test
    void workersGetPortsAndFoldersOfTheirOwn() throws Exception {
        FleetWorkers workers =
                workers("a/b", "weft: {inference: {port: 9000}}", "a-b", "", "..c", "", "d", "");
        assertThat(workers.ports()).containsExactly(9000, 8082, 8083, 8084);
        assertThat(List.of(0, 1, 2, 3))
                .extracting(workers::folder)
                .containsExactly("workers/a-b", "workers/a-b-1", "workers/-c", "workers/d");
    }

    @Test
    void workersGetPortsOfTheirOwnForMetrics() throws Exception {
        String fixed = "weft: {inference: {management-port: 9100}}";
        FleetWorkers workers =
                workers(
                        "a",
                        fixed,
                        "b",
                        fixed,
                        "c",
                        "weft: {inference: {port: 9101, management-port: 0}}",
                        "d",
                        "",
                        "e",
                        "weft: {inference: {management-port: 0}}");
        assertThat(workers.managementPorts()).containsExactly(9100, 9102, 0, null, 0);
        assertThat(workers.settings(1).get(AddressSettings.class).inference().managementPort())
                .isEqualTo(9102);
    }

    @Test
    void aFreePortStaysOne() throws Exception {
        String free = "weft: {inference: {port: 0}}";
        assertThat(workers("a", free, "b", free).ports()).containsExactly(0, 0);
    }

    @Test
    void theProcessHasOneAddressAndOneWayToMeasure() throws Exception {
        FleetWorkers workers =
                workers("a", "weft: {bind-address: 0.0.0.0, metrics: {enabled: false}}", "b", "");
        assertThat(workers.settings(0).get(AddressSettings.class).bindAddress())
                .isEqualTo("127.0.0.1");
        assertThat(workers.settings(0).get(MetricsSettings.class).enabled()).isTrue();
        assertThat(workers.settings(1).get(AddressSettings.class).inference().port())
                .isEqualTo(8083);
    }

    @Test
    void theWorkerOfOneBaseStaysWhereItWas() throws Exception {
        Path file = write("one", "");
        Fleet fleet = DeploymentFile.readFleet(file, List.of()).fleet();
        assertThat(new FleetWorkers(fleet).folder(0)).isEqualTo("worker");
        assertThat(new FleetWorkers(fleet).settings(0)).isEqualTo(fleet.settings());
    }

    private FleetWorkers workers(String... namesAndSettings) throws Exception {
        StringBuilder files = new StringBuilder();
        for (int i = 0; i < namesAndSettings.length; i += 2) {
            files.append(write(namesAndSettings[i], namesAndSettings[i + 1])).append(", ");
        }
        Path fleet =
                Files.writeString(
                        folder.resolve("fleet.yaml"), "weft: {deployments: [" + files + "]}");
        return new FleetWorkers(DeploymentFile.readFleet(fleet, List.of()).fleet());
    }

    private Path write(String name, String settings) throws Exception {
        return Files.writeString(
                folder.resolve(name.replaceAll("[^a-z-]", "_") + ".yaml"),
                "model_name: \"%s\"\ntrt_llm: {build: {checkpoint_repository: {repo: o/m}}}\n%s\n"
                        .formatted(name, settings));
    }
}
