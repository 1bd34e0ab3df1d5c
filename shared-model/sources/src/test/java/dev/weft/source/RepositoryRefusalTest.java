package dev.weft.source;

import static dev.weft.source.HubFake.COMMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.HubFake.Fault;
import dev.weft.source.download.FetchState;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryRefusalTest extends HubTest {
    @ParameterizedTest
    @CsvSource({
        "503,UNREACHABLE",
        "429,UNREACHABLE",
        "403,UNAUTHORIZED",
        "404,NOT_FOUND",
        "400,NOT_ALLOWED"
    })
    void namesRepositoryRevisionAndAnswerOfAFailureThatStays(int status, SourceFault fault) {
        hub.fail("/revision/main", status(status), status(status), status(status));

        SourceException e = fails("main");

        assertThat(e.fault()).isEqualTo(fault);
        assertThat(e).hasMessageContaining("owner/name@main").hasMessageContaining("" + status);
    }

    @Test
    void saysWhatToDoWithoutAccess() {
        hub.requireToken("secret");

        assertThat(fails("main"))
                .hasMessageContaining("HF_TOKEN")
                .hasMessageContaining("Invalid credentials");
        SourceException wrong =
                catchThrowableOfType(SourceException.class, () -> fetch(settings("wrong"), "main"));
        assertThat(wrong.fault()).isEqualTo(SourceFault.UNAUTHORIZED);
        assertThat(wrong).hasMessageContaining("gives no access").hasMessageNotContaining("wrong");
    }

    @Test
    void namesARepositoryAndARevisionThatAreNotThere() {
        assertThat(fault("none")).isEqualTo(SourceFault.NOT_FOUND);
        RepositoryRef other = new RepositoryRef(RepositorySource.HF, "owner/other", "main");
        SourceException e =
                catchThrowableOfType(SourceException.class, () -> fetch(settings(null), other));
        assertThat(e.fault()).isEqualTo(SourceFault.NOT_FOUND);
        assertThat(e).hasMessageContaining("owner/other@main");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil.json",
                "/etc/passwd",
                "a/../../b",
                "a\\b",
                "a//b",
                "C:/evil",
                "adapter:1.bin",
                "additional_chat_templates/x.part"
            })
    void refusesFileNamesThatLeaveTheFolder(String name) {
        hub.file(COMMIT, name, "x");

        SourceException e = fails("main");

        assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        assertThat(e).hasMessageContaining(name);
    }

    /** They are neither fetched nor named, and nothing is written under their names. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "eval/results_2024-05-04T10:01:38.json",
                "notes\u007f.txt",
                "data/x.part",
                "x.part",
                ".weft-source.json"
            })
    void passesOverOddNamesOfFilesThatNobodyWants(String name) throws Exception {
        hub.file(COMMIT, name, "x");

        assertThat(fetch(settings(null), "main").files()).contains(WEIGHTS).doesNotContain(name);
        assertThat(target().resolve(WEIGHTS)).exists();
        assertThat(FetchState.read(target()).files()).doesNotContainKey(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b/c", "owner/..", "owner/na me", "owner/n?x=1", "-/x"})
    void refusesRepositoriesThatAreNone(String repo) {
        RepositoryRef ref = new RepositoryRef(RepositorySource.HF, repo, "main");

        SourceException e =
                catchThrowableOfType(SourceException.class, () -> fetch(settings(null), ref));

        assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        assertThat(hub.seen()).isEmpty();
    }

    @Test
    void refusesFilesOverTheLimitBeforeTheyArrive() {
        FileSelection small =
                new FileSelection("small", WEIGHTS::equals, _ -> false, 1_000_000, 5_000_000);
        FileSelection few =
                new FileSelection(
                        "few", n -> n.startsWith("adapter"), _ -> false, 5_000_000, 3_000_000);

        for (FileSelection selection : List.of(small, few)) {
            SourceException e =
                    catchThrowableOfType(
                            SourceException.class,
                            () ->
                                    new Repositories(settings(null), Clock.systemUTC())
                                            .fetch(
                                                    ref("main"),
                                                    selection,
                                                    target(),
                                                    FetchListener.NONE));
            assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
            assertThat(e).hasMessageContaining(WEIGHTS).hasMessageContaining("3000000");
        }
    }

    @Test
    void refusesARepositoryWithoutWantedFiles() {
        SourceException e =
                catchThrowableOfType(
                        SourceException.class,
                        () ->
                                new Repositories(settings(null), Clock.systemUTC())
                                        .fetch(
                                                ref("main"),
                                                FileSelection.CONFIG,
                                                target(),
                                                FetchListener.NONE));

        assertThat(e.fault()).isEqualTo(SourceFault.NOT_FOUND);
    }

    @Test
    void refusesARedirectToAnotherScheme() {
        hub.fail("/revision/main", new Fault.RedirectTo("file:///etc/passwd"));

        assertThat(fault("main")).isEqualTo(SourceFault.NOT_ALLOWED);
    }

    @Test
    void endsARedirectLoop() {
        Fault loop = new Fault.RedirectTo("/api/models/owner/name/revision/main");
        hub.fail("/revision/main", loop, loop, loop, loop, loop, loop, loop);

        assertThat(fault("main")).isEqualTo(SourceFault.NOT_ALLOWED);
    }

    @Test
    void takesAFolderAsItIs() throws Exception {
        Path adapter = Files.createDirectory(folder.resolve("adapter"));
        for (String name : List.of(CONFIG, WEIGHTS, "README.md", "adapter_model.bin")) {
            Files.writeString(adapter.resolve(name), "x");
        }
        Files.createDirectory(adapter.resolve("additional_chat_templates"));
        Files.createDirectory(adapter.resolve("checkpoint-100"));
        RepositoryRef ref = new RepositoryRef(RepositorySource.FILE, adapter.toString(), null);

        Fetched fetched = fetch(settings(null), ref);

        assertThat(fetched)
                .isEqualTo(
                        new Fetched(
                                adapter,
                                "",
                                List.of(
                                        "adapter_config.json",
                                        "adapter_model.bin",
                                        WEIGHTS,
                                        "additional_chat_templates/")));
        assertThat(target()).doesNotExist();
        // as catalogs recorded it once
        RepositoryRef pinned =
                new RepositoryRef(RepositorySource.FILE, adapter.toString(), "sha256:0");
        assertThat(fetch(settings(null), pinned)).isEqualTo(fetched);
    }

    @Test
    void refusesAFolderWithFilesOverTheLimit() throws Exception {
        Path adapter = Files.createDirectory(folder.resolve("adapter"));
        for (String name : List.of(CONFIG, WEIGHTS, "README.md")) {
            Files.write(adapter.resolve(name), new byte[name.equals(CONFIG) ? 10 : 1000]);
        }
        RepositoryRef ref = new RepositoryRef(RepositorySource.FILE, adapter.toString(), null);
        FileSelection small =
                new FileSelection("small", n -> n.startsWith("adapter"), _ -> false, 999, 2000);
        FileSelection few =
                new FileSelection("few", n -> n.startsWith("adapter"), _ -> false, 1000, 1009);
        FileSelection enough =
                new FileSelection("enough", n -> n.startsWith("adapter"), _ -> false, 1000, 1010);
        Repositories repositories = new Repositories(settings(null), Clock.systemUTC());
        for (FileSelection selection : List.of(small, few)) {
            SourceException e =
                    catchThrowableOfType(
                            SourceException.class,
                            () -> repositories.fetch(ref, selection, target(), FetchListener.NONE));
            assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
            assertThat(e).hasMessageContaining(WEIGHTS + " has 1000 bytes, allowed are 999");
        }
        assertThat(repositories.fetch(ref, enough, target(), FetchListener.NONE).files())
                .containsExactly(CONFIG, WEIGHTS);
    }

    @Test
    void namesAFolderThatIsNone() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        for (String path : List.of(file.toString(), folder.resolve("none").toString())) {
            SourceException e =
                    catchThrowableOfType(
                            SourceException.class,
                            () ->
                                    fetch(
                                            settings(null),
                                            new RepositoryRef(RepositorySource.FILE, path, null)));
            assertThat(e.fault()).isEqualTo(SourceFault.NOT_FOUND);
            assertThat(e).hasMessageContaining(path);
        }
        SourceException relative =
                catchThrowableOfType(
                        SourceException.class,
                        () ->
                                fetch(
                                        settings(null),
                                        new RepositoryRef(RepositorySource.FILE, "a/b", null)));
        assertThat(relative.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
    }
}
