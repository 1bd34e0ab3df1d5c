package dev.weft.standalone.launch;

import static dev.weft.standalone.ScriptedCatalog.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.DeploymentFile;
import dev.weft.deployment.Fleet;
import dev.weft.standalone.ScriptedCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeclaredAdaptersTest {
    @AutoClose private final ScriptedCatalog catalog = new ScriptedCatalog();

    @TempDir Path folder;
    private String local = "";

    @BeforeEach
    void makeFolder() throws Exception {
        local = Files.createDirectory(folder.resolve("local")).toAbsolutePath().toString();
    }

    private List<String> register(String adapters) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("d.yaml"),
                        "model_name: m\ntrt_llm: {build: {checkpoint_repository: {repo: o/m},"
                                + " lora_adapters: {"
                                + adapters
                                + "}}}\n");
        return new DeclaredAdapters(
                        Fleet.of(DeploymentFile.read(file, List.of())), null, ServiceTls.OFF)
                .register(catalog.address()).stream().map(ReadyAdapter::name).toList();
    }

    @Test
    void registersWhatIsNotThereAndWaitsForIt() throws Exception {
        catalog.script("a", version("Registered", "HF", "o/a"), version("Ready", "HF", "o/a"));
        catalog.script("b", version("Rejected", "HF", "o/b"));
        assertThat(register("a: {repo: o/a}, b: {repo: o/b}")).containsExactly("a");
        assertThat(catalog.registrations()).hasSize(2);
    }

    @Test
    void leavesAloneWhatIsThere() throws Exception {
        catalog.knows("ready", version("Ready", "HF", "o/a"));
        catalog.knows("off", version("Disabled", "HF", "o/b"));
        assertThat(register("ready: {repo: o/a}, off: {repo: o/b}")).containsExactly("ready");
        assertThat(catalog.registrations()).isEmpty();
    }

    @Test
    void registersAnotherRepositoryAndAFolderAgain() throws Exception {
        catalog.knows("moved", version("Ready", "HF", "o/old"));
        catalog.script("moved", version("Ready", "HF", "o/new"));
        catalog.knows("local", version("Ready", "FILE", local));
        catalog.script("local", version("Ready", "FILE", local));
        assertThat(register("moved: {repo: o/new}, local: {source: FILE, repo: local}"))
                .containsExactly("moved", "local");
        assertThat(catalog.registrations()).hasSize(2);
    }

    @Test
    void registersAVersionAgainThatStandsBehindAnother() throws Exception {
        String behind = version("Ready", "HF", "o/a");
        catalog.knows("ready", version("Ready", "HF", "o/b"), behind);
        catalog.script("ready", version("Ready", "HF", "o/a"));
        catalog.knows("coming", version("Fetching", "HF", "o/b"), behind);
        catalog.script("coming", version("Ready", "HF", "o/a"));
        catalog.knows(
                "overtaken", version("Ready", "HF", "o/b"), behind.replace("Ready", "Fetching"));
        catalog.script("overtaken", version("Ready", "HF", "o/a"));
        assertThat(register("ready: {repo: o/a}, coming: {repo: o/a}, overtaken: {repo: o/a}"))
                .containsExactly("ready", "coming", "overtaken");
        assertThat(catalog.registrations()).hasSize(3);
    }

    @Test
    void leavesAloneWhatStandsBehindVersionsThatAreNotServed() throws Exception {
        String behind = version("Ready", "HF", "o/a");
        catalog.knows("a", version("Rejected", "HF", "o/b"), behind);
        catalog.knows("b", version("Disabled", "HF", "o/b"), behind);
        assertThat(register("a: {repo: o/a}, b: {repo: o/a}")).containsExactly("a", "b");
        assertThat(catalog.registrations()).isEmpty();
    }

    @Test
    void servesTheRestWhereTheCatalogIsGone() throws Exception {
        catalog.close();
        assertThat(register("a: {repo: o/a}")).isEmpty();
    }
}
