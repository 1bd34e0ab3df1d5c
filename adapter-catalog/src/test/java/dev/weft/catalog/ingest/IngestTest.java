package dev.weft.catalog.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.npy.NpyType;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests the way from a source to Ready or Rejected, with restarts in between. */
@Timeout(300)
class IngestTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir private Path folder;
    private Path adapters;

    @BeforeEach
    void makeFolders() throws Exception {
        adapters = Files.createDirectories(folder.resolve("adapters"));
    }

    @Test
    void whatAStoppedCatalogLeftUnderWayIsTakenUpByTheNext() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        CountDownLatch fetching = new CountDownLatch(1);
        RepositoryAccess blocked =
                (ref, wanted, target, progress) -> {
                    fetching.countDown();
                    throw interruptedAfter(LONG);
                };
        long id;
        try (RunningCatalog first = RunningCatalog.start(folder, blocked, LONG)) {
            id = first.register("sql", repo).path("id").asLong();
            assertThat(fetching.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(first.await(id, Set.of("Fetching")).path("digest").isNull()).isTrue();
        }
        try (RunningCatalog second = RunningCatalog.start(folder)) {
            assertThat(second.settled(id).path("state").asString()).isEqualTo("Ready");
            assertThat(second.json("/admin/v1/adapters/sql").path("versions")).hasSize(1);
            second.awaitMetrics(
                    "weft_catalog_ingest_versions_total{outcome=\"ready\"} 1.0",
                    "weft_catalog_ingest_seconds_count{source=\"file\",stage=\"fetch\"} 1",
                    "weft_catalog_ingest_seconds_count{source=\"file\",stage=\"validate\"} 1",
                    "weft_catalog_ingest_seconds_count{source=\"file\",stage=\"convert\"} 1",
                    "weft_catalog_ingest_seconds_count{source=\"file\",stage=\"all\"} 1",
                    "weft_catalog_versions{state=\"ready\"} 1.0");
        }
    }

    @Test
    void anErrorEndsTheIngestWithAReasonAndTheNextOneIsTakenIn() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        RepositoryAccess files = RunningCatalog.repositories();
        AtomicInteger fetches = new AtomicInteger();
        RepositoryAccess deep =
                (ref, wanted, target, progress) -> {
                    if (fetches.incrementAndGet() == 1) {
                        throw new StackOverflowError();
                    }
                    return files.fetch(ref, wanted, target, progress);
                };
        try (RunningCatalog catalog = RunningCatalog.start(folder, deep, LONG)) {
            JsonNode rejected = catalog.ingest("sql", repo);
            assertThat(rejected.path("state").asString()).isEqualTo("Rejected");
            assertThat(rejected.path("reasons").get(0).path("message").asString())
                    .contains("it nests too deeply");
            assertThat(catalog.ingest("sql", repo).path("state").asString()).isEqualTo("Ready");
        }
    }

    @Test
    void aVersionThatWasBeingCheckedIsTakenUpToo() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        RepositoryAccess files = RunningCatalog.repositories();
        RepositoryAccess noBase =
                (ref, wanted, target, progress) -> {
                    if (wanted.equals(FileSelection.CONFIG)) {
                        throw interruptedAfter(LONG);
                    }
                    return files.fetch(ref, wanted, target, progress);
                };
        long id;
        try (RunningCatalog first = RunningCatalog.start(folder, noBase, LONG)) {
            id = first.register("sql", repo).path("id").asLong();
            first.await(id, Set.of("Validating"));
        }
        try (RunningCatalog second = RunningCatalog.start(folder)) {
            assertThat(second.settled(id).path("state").asString()).isEqualTo("Ready");
        }
    }

    @Test
    void versionsWaitWhileTheHubIsAwayAndOthersAreNotHeldUp() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        AtomicBoolean away = new AtomicBoolean(true);
        AtomicInteger tries = new AtomicInteger();
        RepositoryAccess files = RunningCatalog.repositories();
        RepositoryAccess hub =
                (ref, wanted, target, progress) -> {
                    if (ref.source() == RepositorySource.HF && away.get()) {
                        tries.incrementAndGet();
                        throw new SourceException(SourceFault.UNREACHABLE, "the hub is away");
                    }
                    return files.fetch(
                            new RepositoryRef(
                                    RepositorySource.FILE,
                                    ref.source() == RepositorySource.HF
                                            ? repo.toString()
                                            : ref.repo(),
                                    null),
                            wanted,
                            target,
                            progress);
                };
        try (RunningCatalog catalog = RunningCatalog.start(folder, hub, LONG)) {
            for (int i = 0; i < 6; i++) {
                catalog.post(
                        "/admin/v1/adapters",
                        "{\"name\":\"hub%d\",\"source\":\"HF\",\"repo\":\"o/n\"}".formatted(i));
            }
            assertThat(catalog.ingest("sql", repo).path("state").asString()).isEqualTo("Ready");
            while (tries.get() == 0) {
                Thread.onSpinWait(); // the test's own timeout ends it
            }
            assertThat(newest(catalog, "hub0").path("state").asString()).isEqualTo("Fetching");
        }
    }

    /** Of all that a job brings: the adapter's files, and the base's configuration. */
    @Test
    void versionsWaitForADiskThatCannotBeWrittenLongerThanAnIngestMayTake() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        RepositoryAccess files = RunningCatalog.repositories();
        Set<FileSelection> full = ConcurrentHashMap.newKeySet();
        full.add(FileSelection.ADAPTER);
        full.add(FileSelection.CONFIG);
        AtomicInteger tries = new AtomicInteger();
        RepositoryAccess onFullDisk =
                (ref, wanted, target, progress) -> {
                    if (full.contains(wanted)) {
                        tries.incrementAndGet();
                        throw new SourceException(SourceFault.STORAGE, "no space left");
                    }
                    return files.fetch(ref, wanted, target, progress);
                };
        try (RunningCatalog catalog =
                RunningCatalog.start(folder, onFullDisk, Duration.ofSeconds(3))) {
            long id = catalog.register("sql", repo).path("id").asLong();
            // the third try comes after pauses that are longer than an ingest may take
            catalog.await(id, version -> tries.get() > 2 && waitsForTheDisk(version, "Fetching"));
            full.remove(FileSelection.ADAPTER);
            catalog.await(id, version -> waitsForTheDisk(version, "Validating"));
            full.clear();
            assertThat(catalog.settled(id).path("state").asString()).isEqualTo("Ready");
        }
    }

    private static boolean waitsForTheDisk(JsonNode version, String state) {
        String why = version.path("waiting").asString("");
        return version.path("state").asString().equals(state)
                && why.startsWith("this catalog's disk: no space left");
    }

    @Test
    void aHubThatStaysAwayEndsInARejectionThatSaysSo() throws Exception {
        RepositoryAccess hub =
                (ref, wanted, target, progress) -> {
                    throw new SourceException(SourceFault.UNREACHABLE, ref + ": no answer");
                };
        try (RunningCatalog catalog = RunningCatalog.start(folder, hub, Duration.ofSeconds(1))) {
            JsonNode reason = rejected(catalog, "HF", "owner/name");
            assertThat(reason.path("code").asString()).isEqualTo("SOURCE_UNREACHABLE");
            assertThat(reason.path("message").asString())
                    .contains("within 1 s", "and 3 s more", "HF:owner/name: no answer");
            catalog.awaitMetrics(
                    "weft_catalog_refusals_total{code=\"SOURCE_UNREACHABLE\"} 1.0",
                    "weft_catalog_ingest_versions_total{outcome=\"rejected\"} 1.0",
                    "weft_catalog_ingest_seconds_count{source=\"hf\",stage=\"fetch\"} 1",
                    "weft_catalog_ingest_seconds_count{source=\"hf\",stage=\"validate\"} 0",
                    "weft_catalog_ingest_seconds_count{source=\"hf\",stage=\"all\"} 1",
                    "weft_catalog_versions{state=\"rejected\"} 1.0");
        }
    }

    @Test
    void aFetchThatHangsEndsAtTheDeadline() throws Exception {
        RepositoryAccess hanging =
                (ref, wanted, target, progress) -> {
                    throw interruptedAfter(LONG);
                };
        try (RunningCatalog catalog =
                RunningCatalog.start(folder, hanging, Duration.ofSeconds(1))) {
            assertThat(rejected(catalog, "HF", "owner/name").path("code").asString())
                    .isEqualTo("DEADLINE_EXCEEDED");
        }
    }

    @Test
    void aBaseThatCannotBeHadRejectsWithTheBaseAsReason() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        RepositoryAccess files = RunningCatalog.repositories();
        RepositoryAccess noBase =
                (ref, wanted, target, progress) -> {
                    if (wanted.equals(FileSelection.CONFIG)) {
                        throw new SourceException(SourceFault.UNAUTHORIZED, "a token is needed");
                    }
                    return files.fetch(ref, wanted, target, progress);
                };
        try (RunningCatalog catalog = RunningCatalog.start(folder, noBase, LONG)) {
            JsonNode reason = catalog.ingest("sql", repo).path("reasons").get(0);
            assertThat(reason.path("code").asString()).isEqualTo("BASE_UNAVAILABLE");
            assertThat(reason.path("message").asString()).contains("a token is needed");
        }
    }

    @Test
    void addressesThatAreNotAllowedAreRefusedAndWhatIsAllowedNamed() throws Exception {
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            JsonNode reason = rejected(catalog, "REMOTE_URL", "http://169.254.169.254/a.tar.gz");
            assertThat(reason.path("code").asString()).isEqualTo("SOURCE_NOT_ALLOWED");
            assertThat(reason.path("message").asString())
                    .contains("169.254.169.254", "weft.sources.allowed-hosts");
            assertThat(rejected(catalog, "FILE", "adapters/missing").path("code").asString())
                    .isEqualTo("SOURCE_NOT_FOUND");
        }
    }

    @Test
    void foldersOutsideOfTheRootsAreRefusedAndTheRootsNamed() throws Exception {
        Path outside = TestAdapter.write(folder.resolve("outside/sql"), 4, 1);
        Path link = Files.createSymbolicLink(adapters.resolve("link"), outside);
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            for (String repo :
                    List.of(
                            outside.toString(),
                            link.toString(),
                            "adapters/link",
                            "outside/sql",
                            adapters + "/../outside/sql",
                            adapters + "-not",
                            "/etc")) {
                var answer =
                        catalog.post(
                                "/admin/v1/adapters",
                                RunningCatalog.JSON.writeValueAsString(
                                        Map.of("name", "x", "source", "FILE", "repo", repo)));
                assertThat(answer.statusCode()).as(repo).isEqualTo(400);
                assertThat(answer.body())
                        .contains("\"field\":\"repo\"", adapters.toRealPath().toString());
            }
        }
    }

    @Test
    void relativeFoldersStartAtTheDeploymentFileAndDeclaredFoldersAreAllowed() throws Exception {
        TestAdapter.write(adapters.resolve("sql"), 4, 1);
        Path declared = TestAdapter.write(folder.resolve("declared/json"), 4, 2);
        Files.createSymbolicLink(adapters.resolve("alias"), adapters.resolve("sql"));
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            assertThat(catalog.ingest("sql", Path.of("adapters/sql")).path("state").asString())
                    .isEqualTo("Ready");
            assertThat(catalog.ingest("alias", Path.of("adapters/alias")).path("state").asString())
                    .isEqualTo("Ready");
            assertThat(catalog.ingest("json", declared).path("state").asString())
                    .isEqualTo("Ready");
            assertThat(catalog.ingest("again", Path.of("declared/json")).path("state").asString())
                    .isEqualTo("Ready");
        }
    }

    @Test
    void aLinkInAnAdapterThatLeadsOutIsRefused() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "top");
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        Files.createSymbolicLink(repo.resolve("chat_template.jinja"), secret);
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            JsonNode reason = catalog.ingest("sql", repo).path("reasons").get(0);
            assertThat(reason.path("code").asString()).isEqualTo("LINK_OUTSIDE");
            assertThat(reason.path("file").asString()).isEqualTo("chat_template.jinja");
        }
    }

    @Test
    void aSnapshotOfTheHubsCacheIsReadThroughItsLinks() throws Exception {
        Path blobs = TestAdapter.write(folder.resolve("declared/models--o--n/blobs"), 4, 1);
        Path snapshot =
                Files.createDirectories(folder.resolve("declared/models--o--n/snapshots/c0ffee"));
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.createSymbolicLink(
                    snapshot.resolve(name), snapshot.relativize(blobs.resolve(name)));
        }
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            assertThat(catalog.ingest("sql", snapshot).path("state").asString()).isEqualTo("Ready");
        }
    }

    @Test
    void everyReasonIsNamedAndAPickleIsNeverOpened() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("sql"), 32, 1);
        Files.move(repo.resolve("adapter_model.safetensors"), repo.resolve("adapter_model.bin"));
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            JsonNode version = catalog.ingest("sql", repo);
            assertThat(version.path("state").asString()).isEqualTo("Rejected");
            assertThat(version.path("reasons"))
                    .extracting(r -> r.path("code").asString())
                    .contains("PICKLE_FILE", "FILE_MISSING");
            assertThat(version.path("reasons").size()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void aChatTemplateThatCannotBeReadIsAReason() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        Files.writeString(repo.resolve("chat_template.jinja"), "{% for m in messages %}{{ m }}");
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            JsonNode reason = catalog.ingest("sql", repo).path("reasons").get(0);
            assertThat(reason.path("code").asString()).isEqualTo("CHAT_TEMPLATE");
            assertThat(reason.path("message").asString()).contains("line 1");
            Files.writeString(
                    repo.resolve("chat_template.jinja"),
                    "{% for m in messages %}{{ m.content }}{% endfor %}");
            JsonNode ready = catalog.ingest("sql", repo);
            assertThat(ready.path("state").asString()).isEqualTo("Ready");
            assertThat(
                            catalog.json("/artifacts/v1/" + ready.path("digest").asString())
                                    .path("files"))
                    .extracting(f -> f.path("name").asString())
                    .contains("tokenizer_config.json");
        }
    }

    @Test
    void takesAnAdapterThatIsTensorRtLlmsPairOfArraysAlone() throws Exception {
        Path repo = adapters.resolve("sql");
        toArrays(TestAdapter.write(folder.resolve("peft"), 4, 1), repo);
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            JsonNode ready = catalog.ingest("sql", repo);
            assertThat(ready.path("state").asString()).isEqualTo("Ready");
            assertThat(ready.path("rank").asInt()).isEqualTo(4);
            assertThat(artifacts(catalog, ready))
                    .containsExactlyInAnyOrder("model.lora_weights.npy", "model.lora_config.npy");
        }
    }

    @Test
    void holdsArraysBesideTensorsToThemAndStoresTheTensorsAlone() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        Path other = TestAdapter.write(adapters.resolve("json"), 4, 2);
        toArrays(repo, repo);
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            JsonNode ready = catalog.ingest("sql", repo);
            assertThat(ready.path("state").asString()).isEqualTo("Ready");
            assertThat(artifacts(catalog, ready))
                    .containsExactlyInAnyOrder("adapter_config.json", "adapter_model.safetensors");
            for (String file : List.of("model.lora_weights.npy", "model.lora_config.npy")) {
                Files.copy(repo.resolve(file), other.resolve(file));
            }
            JsonNode reason = catalog.ingest("json", other).path("reasons").get(0);
            assertThat(reason.path("code").asString()).isEqualTo("ARRAYS_DIFFER");
        }
    }

    private static List<String> artifacts(RunningCatalog catalog, JsonNode version)
            throws Exception {
        JsonNode listing = catalog.json("/artifacts/v1/" + version.path("digest").asString());
        return listing.path("files").valueStream().map(f -> f.path("name").asString()).toList();
    }

    private static void toArrays(Path peft, Path out) throws Exception {
        if (!(LoraFolder.checkAlone(peft) instanceof LoraCheck.Accepted(var adapter, var _))) {
            throw new AssertionError(peft + " is refused");
        }
        try (adapter;
                Arena arena = Arena.ofConfined()) {
            LoraArrays.of(adapter, NpyType.FLOAT16, arena).write(out);
        }
    }

    @Test
    void removingWhileFetchingEndsTheVersionAndLeavesNoFiles() throws Exception {
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch removed = new CountDownLatch(1);
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        RepositoryAccess files = RunningCatalog.repositories();
        RepositoryAccess slow =
                (ref, wanted, target, progress) -> {
                    fetching.countDown();
                    waitFor(removed);
                    return files.fetch(ref, wanted, target, progress);
                };
        try (RunningCatalog catalog = RunningCatalog.start(folder, slow, LONG)) {
            long id = catalog.register("sql", repo).path("id").asLong();
            assertThat(fetching.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(catalog.delete("/admin/v1/adapters/sql").statusCode()).isEqualTo(204);
            removed.countDown();
            assertThat(catalog.settled(id).path("reasons").get(0).path("code").asString())
                    .isEqualTo("REMOVED");
            assertThat(catalog.ingest("sql", repo).path("state").asString()).isEqualTo("Ready");
        }
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            assertThat(folder.resolve("data/ingest")).isEmptyDirectory();
            assertThat(newest(catalog, "sql").path("state").asString()).isEqualTo("Ready");
        }
    }

    /** A download may take hours. */
    @Test
    void aDownloadEndsWhenItsVersionIsRemoved() throws Exception {
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        RepositoryAccess files = RunningCatalog.repositories();
        RepositoryAccess first =
                (ref, wanted, target, progress) -> {
                    if (fetching.getCount() > 0) {
                        writePart(target);
                        fetching.countDown();
                        waitFor(new CountDownLatch(1));
                        ended.countDown();
                        throw new SourceException(SourceFault.INTERRUPTED, "stopped");
                    }
                    return files.fetch(ref, wanted, target, progress);
                };
        try (RunningCatalog catalog = RunningCatalog.start(folder, first, LONG)) {
            catalog.register("sql", repo);
            assertThat(fetching.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(catalog.delete("/admin/v1/adapters/sql").statusCode()).isEqualTo(204);
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (!isEmpty(folder.resolve("data/ingest")) && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            assertThat(folder.resolve("data/ingest")).isEmptyDirectory();
            assertThat(catalog.ingest("sql", repo).path("state").asString()).isEqualTo("Ready");
        }
    }

    private static void writePart(Path folder) {
        try {
            Files.writeString(Files.createDirectories(folder).resolve("part"), "x");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static JsonNode newest(RunningCatalog catalog, String name) throws Exception {
        return catalog.json("/admin/v1/adapters/" + name).path("versions").get(0);
    }

    private static JsonNode rejected(RunningCatalog catalog, String source, String repo)
            throws Exception {
        var answer =
                catalog.post(
                        "/admin/v1/adapters",
                        RunningCatalog.JSON.writeValueAsString(
                                Map.of("name", "x", "source", source, "repo", repo)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        JsonNode version =
                catalog.settled(RunningCatalog.JSON.readTree(answer.body()).path("id").asLong());
        assertThat(version.path("state").asString()).isEqualTo("Rejected");
        return version.path("reasons").get(0);
    }

    /** Hangs until it is interrupted, as a fetch from a silent peer does. */
    private static SourceException interruptedAfter(Duration time) {
        waitFor(new CountDownLatch(1), time);
        return new SourceException(SourceFault.INTERRUPTED, "interrupted");
    }

    private static void waitFor(CountDownLatch latch) {
        waitFor(latch, LONG);
    }

    private static void waitFor(CountDownLatch latch, Duration time) {
        try {
            if (!latch.await(time.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("nothing happened within " + time);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
