package dev.weft.deployment;

import static dev.weft.deployment.DeploymentFiles.SMALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.settings.GatewaySettings;
import dev.weft.service.settings.AddressSettings;
import dev.weft.settings.secret.SecretSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnvironmentTest {
    @TempDir Path folder;

    private EffectiveDeployment read(Map<String, String> environment, String... overrides)
            throws IOException, DeploymentException {
        Path file =
                Files.writeString(
                        folder.resolve("weft.yaml"),
                        SMALL + "weft: {gateway: {port: 1, request-timeout: 3s}}\n");
        return DeploymentFile.readEffective(file, List.of(overrides), environment);
    }

    @Test
    void aVariableWinsOverTheFileAndTheCommandLineOverIt() throws Exception {
        var variables =
                Map.of(
                        "WEFT_GATEWAY_PORT", "2",
                        "WEFT_GATEWAY_REQUESTTIMEOUT", "4s",
                        "WEFT_GATEWAY_WORKERS", "http://a:1,http://b:2",
                        "WEFT_SECRETS_HUB_ENV", "HUB_TOKEN");

        Deployment read = read(variables, "weft.gateway.port=3").deployment();
        AddressSettings addresses = read.settings(AddressSettings.class);

        assertThat(addresses.gateway().port()).isEqualTo(3);
        assertThat(read.settings(GatewaySettings.class).requestTimeout()).hasSeconds(4);
        assertThat(addresses.gateway().workers())
                .containsExactly(URI.create("http://a:1"), URI.create("http://b:2"));
        assertThat(read.settings(SecretSettings.class).places()).containsOnlyKeys("hub");
        assertThat(read(variables).listing().replaceAll(" +", " "))
                .contains("\nweft.gateway.port 2 WEFT_GATEWAY_PORT\n");
    }

    @Test
    void aFaultNamesTheVariable() {
        assertThatThrownBy(() -> read(Map.of("WEFT_GATEWAY_PORT", "ten")))
                .isInstanceOf(DeploymentException.class)
                .hasMessage(
                        "WEFT_GATEWAY_PORT: weft.gateway.port: 'ten' is not allowed: 0 to 65535");
    }

    /** As Kubernetes sets them in the pods of a namespace with a service of that name. */
    @Test
    void theAddressOfAServiceIsNoPort() throws Exception {
        var variables =
                Map.of(
                        "WEFT_GATEWAY_PORT", "tcp://10.96.0.7:8080",
                        "WEFT_GATEWAY_PORT_8080_TCP_PORT", "8080",
                        "WEFT_GATEWAY_SERVICE_HOST", "10.96.0.7",
                        "WEFT_CATALOG_PORT", "tcp://10.96.0.8:8081");

        AddressSettings addresses = read(variables).deployment().settings(AddressSettings.class);

        assertThat(addresses.gateway().port()).isEqualTo(1);
        assertThat(addresses.catalog().port()).isEqualTo(8081);
    }

    @Test
    void aValueForASectionIsAFault() {
        assertThatThrownBy(() -> read(Map.of("WEFT_TLS", "on", "WEFT_LOG_FORMAT", "xml")))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContaining(
                        "WEFT_TLS: weft.tls: 'on' is not allowed: a mapping with certificate,"
                                + " private-key, trust, services")
                .hasMessageContaining("WEFT_LOG_FORMAT: weft.log.format: 'xml' is not allowed");
    }

    /** Other variables may be anybody's. */
    @Test
    void variablesWithoutWeftsNameDoNotCount() throws Exception {
        Deployment deployment =
                read(Map.of("MODEL_NAME", "other", "RESOURCES_CPU", "lots")).deployment();

        assertThat(deployment.modelName()).isEqualTo("small");
    }
}
