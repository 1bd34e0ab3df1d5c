package dev.weft.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.adapter.ServedBases;
import dev.weft.service.settings.AddressSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.SimpleCommandLinePropertySource;

final class DeploymentInitializerTest {
    @TempDir private Path folder;

    private static GenericApplicationContext context(String... arguments) {
        GenericApplicationContext context = new GenericApplicationContext();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new SimpleCommandLinePropertySource(arguments));
        return context;
    }

    private Path file(String weft) throws IOException {
        return Files.writeString(
                folder.resolve("weft.yaml"), DeploymentFiles.SMALL + "weft: " + weft + "\n");
    }

    @Test
    void theCommandLineWinsOverTheFile() throws IOException {
        Path file = file("{gateway: {port: 1}, catalog: {port: 2}}");
        try (var context = context("--weft.deployment=" + file, "--weft.gateway.port=3")) {
            new DeploymentInitializer().initialize(context);
            context.refresh();

            AddressSettings addresses = context.getBean(AddressSettings.class);
            assertThat(addresses.gateway().port()).isEqualTo(3);
            assertThat(addresses.catalog().port()).isEqualTo(2);
            assertThat(context.getBean(Deployment.class).base().servedName()).isEqualTo("small");
            assertThat(context.getBean(ServedBases.class)).isEqualTo(ServedBases.of("small"));
        }
    }

    /** A section of a service that is on another class path is one that nobody here knows. */
    @Test
    void whatNobodyHereKnowsIsLetBe() throws IOException {
        Path file = file("{another: {key: 1}}");
        try (var context = context("--weft.deployment=" + file)) {
            new DeploymentInitializer().initialize(context);
            context.refresh();
            assertThat(context.getBean(AddressSettings.class).gateway().port()).isEqualTo(8080);
        }
    }

    @Test
    void allFaultsAreTold() throws IOException {
        Path file = file("{gateway: {port: ten}, log: {format: xml}}");
        try (var context = context("--weft.deployment=" + file)) {
            assertThatThrownBy(() -> new DeploymentInitializer().initialize(context))
                    .hasCauseInstanceOf(DeploymentException.class)
                    .hasMessageContaining("weft.gateway.port: 'ten' is not allowed: 0 to 65535")
                    .hasMessageContaining("weft.log.format: 'xml' is not allowed: text, json");
        }
    }

    @Test
    void aServiceMissesOnlyTheFoldersThatItOpens() throws IOException {
        String base = "trt_llm.build.checkpoint_repository.repo: 'base' is not allowed: ";
        String adapter = "trt_llm.build.lora_adapters.a.repo: 'a' is not allowed: ";
        String roots = "weft.catalog.file-roots: ";
        String drafts = "weft.inference.draft-model: ";
        String tls = "weft.tls.trust: ";
        assertThat(faults("weft-gateway"))
                .contains(tls)
                .doesNotContain(base, adapter, roots, drafts);
        assertThat(faults("weft-worker"))
                .contains(tls, base, drafts)
                .doesNotContain(adapter, roots);
        assertThat(faults("weft-catalog"))
                .contains(tls, base, adapter, roots)
                .doesNotContain(drafts);
        assertThat(faults("another")).contains(tls, base, adapter, roots, drafts);
    }

    private String faults(String application) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("folders.yaml"),
                        """
                        model_name: m
                        trt_llm:
                          build:
                            checkpoint_repository: {source: FILE, repo: base}
                            lora_adapters: {a: {source: FILE, repo: a}}
                        weft:
                          catalog: {file-roots: none}
                          inference: {draft-model: none}
                          tls: {trust: none}
                        """);
        try (var context =
                context("--weft.deployment=" + file, "--spring.application.name=" + application)) {
            new DeploymentInitializer().initialize(context);
            context.refresh();
            return "";
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void aLauncherHasReadTheFileAlready() throws Exception {
        Path file = file("{gateway: {port: 1}}");
        Deployment launchers = DeploymentFile.read(file, List.of());
        try (var context = context("--weft.deployment=" + folder.resolve("another"))) {
            context.getBeanFactory().registerSingleton("launchers", launchers);
            new DeploymentInitializer().initialize(context);
            context.refresh();
            assertThat(context.getBean(Deployment.class)).isSameAs(launchers);
        }
    }
}
