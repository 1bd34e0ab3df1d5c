package dev.weft.deployment;

import static dev.weft.deployment.DeploymentFiles.SMALL;
import static dev.weft.deployment.DeploymentFiles.faults;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.repository.RemoteUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepositoriesInFileTest {
    @TempDir private Path folder;

    @Test
    void anAdapterOfWhichNothingIsSaidIsMissed() {
        String adapters = SMALL + "    lora_adapters: ";
        assertThat(faults(folder, adapters + "{lora1: }\n"))
                .containsExactly(
                        "weft.yaml:6: trt_llm.build.lora_adapters.lora1.repo: is missing:"
                                + " owner/name for HF, a folder for FILE, an address for the"
                                + " others");
        assertThat(faults(folder, adapters + "[lora1]\n"))
                .containsExactly(
                        "weft.yaml:6: trt_llm.build.lora_adapters: a list is not allowed: a"
                                + " mapping of names to {source, repo, revision}");
    }

    @Test
    void aFolderIsHeldToNoContent() throws Exception {
        Files.createDirectory(folder.resolve("a"));
        String pinned = "{source: FILE, repo: a, revision: 'sha256:%s'}".formatted("0".repeat(64));
        String file =
                """
                model_name: m
                trt_llm:
                  build:
                    checkpoint_repository: %1$s
                    lora_adapters:
                      sql: %1$s
                """;
        String fault =
                ".revision: 'sha256:%s' is not allowed: a folder of FILE is taken as it is"
                        .formatted("0".repeat(64));
        assertThat(faults(folder, file.formatted(pinned)))
                .containsExactly(
                        "weft.yaml:4: trt_llm.build.checkpoint_repository" + fault,
                        "weft.yaml:6: trt_llm.build.lora_adapters.sql" + fault);
        assertThat(faults(folder, file.formatted("{source: FILE, repo: a}"))).isEmpty();
        assertThat(faults(folder, file.formatted("{source: FILE, repo: a, revision: main}")))
                .isEmpty();
    }

    @Test
    void anAddressIsOneThatCanBeFetchedWithoutAPassword() {
        String adapter = SMALL + "    lora_adapters: {a: {source: REMOTE_URL, repo: '%s'}}\n";
        for (String bad :
                List.of("https://host/a|b.tar.gz", "https:///a.tar.gz", "ftp://host/a.tar.gz")) {
            assertThat(faults(folder, adapter.formatted(bad)))
                    .containsExactly(
                            "weft.yaml:6: trt_llm.build.lora_adapters.a.repo: '"
                                    + bad
                                    + "' is not allowed: "
                                    + RemoteUrl.ALLOWED);
        }
        assertThat(faults(folder, adapter.formatted("https://me:hush@host/a.tar.gz")))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("a.repo: ", RemoteUrl.ALLOWED)
                .doesNotContain("hush");
        assertThat(faults(folder, adapter.formatted("https://host/@me/a.tar.gz"))).isEmpty();
    }
}
