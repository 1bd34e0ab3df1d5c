package dev.weft.deployment;

import static dev.weft.deployment.DeploymentFiles.SMALL;
import static dev.weft.deployment.DeploymentFiles.read;
import static dev.weft.deployment.DeploymentFiles.seed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.settings.CatalogSettings;
import dev.weft.deployment.document.DeploymentFault;
import dev.weft.settings.secret.SecretSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class EffectiveDeploymentTest {
    @TempDir Path folder;

    @Test
    void everyValueSaysWhereItCameFrom() throws DeploymentException {
        String listing =
                read(folder, seed() + "python_version: py311\n", "weft.gateway.port=9000")
                        .listing()
                        .replaceAll(" +", " ");
        assertThat(listing)
                .contains(
                        "\nmodel_name Qwen2.5-Coder-LoRA weft.yaml:1\n",
                        "\ntrt_llm.build.max_lora_rank 16 weft.yaml:19\n",
                        "\nweft.gateway.port 9000 --set\n",
                        "\nweft.catalog.port 8081 default\n",
                        "\nweft.catalog.url - default (the one of the same process)\n",
                        "\npython_version py311 weft.yaml:24 (Weft does not use it)\n");
    }

    @Test
    void jsonKeepsTheKeysOfTheFileAndReadsBackToTheSame() throws Exception {
        EffectiveDeployment first =
                read(folder, seed() + "weft: {gateway: {port: 9000}}\nsecrets: {hf: null}\n");
        JsonNode json = JsonMapper.shared().readTree(first.json());
        assertThat(json.at("/model_name").asString()).isEqualTo("Qwen2.5-Coder-LoRA");
        assertThat(json.at("/resources/use_gpu").asBoolean()).isTrue();
        assertThat(json.at("/trt_llm/build/lora_adapters/lora1/source").asString()).isEqualTo("HF");
        assertThat(json.at("/trt_llm/build/max_lora_rank").asInt()).isEqualTo(16);
        assertThat(json.at("/weft/gateway/port").asInt()).isEqualTo(9000);
        assertThat(json.at("/weft/inference/precision").asString()).isEqualTo("bf16");
        assertThat(json.at("/secrets/hf").isNull()).isTrue();
        // JSON is YAML, so the shown text can be served.
        assertThat(read(folder, first.json()).deployment()).isEqualTo(first.deployment());
    }

    /** YAML 1.2's core schema. */
    @ParameterizedTest
    @CsvSource({"010, 10", "-09, -9", "0o17, 15", "0x1F, 31"})
    void numbersOfKeysThatWeftDoesNotUseAreRead(String text, long value) throws Exception {
        String json = read(folder, SMALL + "environment_variables: {N: " + text + "}\n").json();
        assertThat(JsonMapper.shared().readTree(json).at("/environment_variables/N").asLong())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "r2dbc:postgresql://me:hush@host/weft, me:***@host",
        "jdbc:postgresql://me:hush@host/weft, me:***@host",
        "jdbc:postgresql://hush@host/weft, //***@host",
        "jdbc:postgresql://me:p@ss-hush@host/weft, me:***@host",
        "jdbc:postgresql://me:p?ss-hush@host/weft, me:***@host",
        "jdbc:postgresql://me:p?s@hush@host/weft, me:***@host",
        "jdbc:postgresql://me:p@s?hush@host/weft, me:***@host",
        "jdbc:postgresql://host/weft?user=me&password=hush&sslpassword=hush,"
                + " host/weft?user=me&password=***&sslpassword=***"
    })
    void thePasswordOfTheDatabaseIsNotShown(String url, String shown) throws DeploymentException {
        EffectiveDeployment effective = read(folder, SMALL, "weft.catalog.database=" + url);
        assertThat(effective.deployment().settings(CatalogSettings.class).database())
                .isEqualTo(url);
        assertThat(effective.json() + effective.listing()).contains(shown).doesNotContain("hush");
    }

    @Test
    void aPasswordWithoutItsUserIsNotShownInAFault() {
        assertThatThrownBy(() -> read(folder, SMALL, "weft.gateway.limits.redis=redis://hush@host"))
                .hasMessageContaining("redis://***@host")
                .hasMessageContaining("redis://user:password@host:6379/0")
                .message()
                .doesNotContain("hush");
    }

    @Test
    void secretsAreNotShownNeitherWhereTheyAreRightNorInFaults() throws DeploymentException {
        String declared = SMALL + "weft: {secrets: {one: {value: 'hush-1'}}}\n";
        EffectiveDeployment effective = read(folder, declared, "weft.secrets.two.value=hush-2");
        assertThat(effective.deployment().settings(SecretSettings.class).secrets())
                .containsOnlyKeys("one", "two");
        assertThat(effective.json() + effective.listing() + effective.deployment())
                .contains("***")
                .doesNotContain("hush");

        assertThatThrownBy(() ->
                        read(
                                folder,
                                declared,
                                "weft.secrets.one.env=HUSH",
                                "weft.secrets.two={value: hush-2, env: X}",
                                "weft.secrets.bad name.value=hush-3",
                                "weft.sources.credentials=s3=three"))
                .isInstanceOf(DeploymentException.class)
                .satisfies(e ->
                        assertThat(((DeploymentException) e).faults())
                                .extracting(DeploymentFault::toString)
                                .hasSize(4)
                                .noneMatch(f -> f.contains("hush"))
                                .anyMatch(f -> f.contains("one of env, file, value"))
                                .anyMatch(f -> f.contains("'three' is not allowed")));
    }

    @Test
    void secretsAtOtherPlacesThanTheirOwnAreNotShownInFaults() {
        assertThat(faults(SMALL + "weft: {secrets: {minio: 'ID:hush'}}\n"))
                .containsExactly(
                        "weft.yaml:6: weft.secrets.minio: '***' is not allowed: a mapping with env,"
                                + " file, value");
        assertThat(
                        faults(
                                SMALL,
                                "weft.relay.api-key=@hush",
                                "weft.relay={api-key: hush, foo: 1}",
                                "weft.secrets=hush"))
                .hasSize(3)
                .noneMatch(fault -> fault.contains("hush"));
    }

    private List<String> faults(String yaml, String... set) {
        try {
            read(folder, yaml, set);
            return List.of();
        } catch (DeploymentException e) {
            return e.faults().stream().map(DeploymentFault::toString).toList();
        }
    }
}
