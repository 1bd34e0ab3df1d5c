package dev.weft.deployment;

import static dev.weft.deployment.DeploymentFiles.SMALL;
import static dev.weft.deployment.DeploymentFiles.faults;
import static dev.weft.deployment.DeploymentFiles.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.deployment.Deployment.DeclaredAdapter;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.service.settings.AddressSettings;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandLineSettingsTest {
    @TempDir Path folder;

    @Test
    void theCommandLineWinsOverTheFileAndTheLastOneOverTheFirst() throws DeploymentException {
        Deployment deployment =
                read(
                                folder,
                                SMALL + "weft: {gateway: {port: 1}}\n",
                                "weft.gateway.port=2",
                                "weft.gateway.port=3",
                                "weft.catalog.url=http://127.0.0.1:8081",
                                "weft.gateway.workers=http://127.0.0.1:9001,http://127.0.0.1:9002",
                                "trt_llm.runtime.served_model_name='quoted name'")
                        .deployment();
        assertThat(deployment.settings(AddressSettings.class).gateway().port()).isEqualTo(3);
        assertThat(deployment.settings(AddressSettings.class).gateway().workers())
                .containsExactly(
                        URI.create("http://127.0.0.1:9001"), URI.create("http://127.0.0.1:9002"));
        assertThat(deployment.settings(AddressSettings.class).catalog().url())
                .isEqualTo(URI.create("http://127.0.0.1:8081"));
        assertThat(deployment.base().servedName()).isEqualTo("quoted name");
    }

    @Test
    void anAdaptersNameMayHoldDots() throws DeploymentException {
        String sql = "trt_llm.build.lora_adapters.sql.v1.2";
        Deployment deployment =
                read(
                                folder,
                                SMALL,
                                sql + ".repo=owner/sql",
                                sql + ".source=HF",
                                "trt_llm.build.lora_adapters.x.y={source: S3, repo: 's3://b/x'}",
                                sql + ".revision=main")
                        .deployment();
        assertThat(deployment.lora().adapters())
                .containsExactly(
                        new DeclaredAdapter(
                                "sql.v1.2",
                                new RepositoryRef(RepositorySource.HF, "owner/sql", "main")),
                        new DeclaredAdapter(
                                "x.y", new RepositoryRef(RepositorySource.S3, "s3://b/x", null)));
    }

    @Test
    void anEmptyValueTakesBackWhatTheFileSays() throws DeploymentException {
        String yaml =
                SMALL
                        + "    max_lora_rank: 64\n"
                        + "    lora_adapters: {one: {repo: o/one}, two: {repo: o/two}}\n";
        Deployment deployment =
                read(
                                folder,
                                yaml,
                                "trt_llm.build.max_lora_rank=",
                                "trt_llm.build.lora_adapters.one=")
                        .deployment();
        assertThat(deployment.lora().maxRank()).isEqualTo(8);
        assertThat(deployment.lora().adapters())
                .extracting(DeclaredAdapter::name)
                .containsExactly("two");
    }

    @Test
    void aFaultSaysThatItCameFromTheCommandLine() {
        assertThat(
                        faults(
                                folder,
                                SMALL,
                                "weft.gateway.port=ten",
                                "weft.gateway.prt=10",
                                "weft.inference.precision=int4",
                                "weft.gateway.workers=http://a,b",
                                "trt_llm.build.max_lora_rnk=4",
                                "weft.engine",
                                "weft.engine=[cpu",
                                "weft.catalog=here"))
                .contains(
                        "--set weft.gateway.port=ten: weft.gateway.port: 'ten' is not allowed: 0 to"
                                + " 65535",
                        "--set weft.gateway.prt=10: weft.gateway.prt: is not a key of Weft: did you"
                                + " mean weft.gateway.port?",
                        "--set weft.inference.precision=int4: weft.inference.precision: 'int4' is"
                                + " not allowed: bf16, int8",
                        "--set weft.gateway.workers=http://a,b: weft.gateway.workers: 'b' is not"
                                + " allowed: an address like http://127.0.0.1:8081",
                        "--set trt_llm.build.max_lora_rnk=4: trt_llm.build.max_lora_rnk: is not a"
                                + " known key: did you mean trt_llm.build.max_lora_rank?",
                        "--set weft.engine: KEY=VALUE is allowed",
                        "--set weft.catalog=here: weft.catalog: 'here' is not allowed: a mapping"
                                + " with port, management-port, url, database, file-roots,"
                                + " ingest-timeout, artifacts, artifact-grace,"
                                + " artifact-cache-bytes, usage-days,"
                                + " service-token, tenant")
                .anyMatch(fault -> fault.startsWith("--set weft.engine=[cpu: not valid YAML"))
                .hasSize(8);
    }
}
