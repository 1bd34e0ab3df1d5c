package dev.weft.source.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.settings.secret.Credentials;
import dev.weft.source.Repositories;
import dev.weft.source.SourceOptions;
import dev.weft.source.TestSourceOptions;
import dev.weft.source.download.PartFile;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import dev.weft.source.http.AddressRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a fetch from every object store; the server runs for all tests of a class. */
@Timeout(60)
abstract class StoreFetchTest {
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String CONFIG = "adapter_config.json";
    private static final String POOLING = "1_Pooling/config.json";

    @TempDir Path folder;
    private final byte[] weights = new byte[(4 << 20) * 2 + 12_345];

    abstract StoreServer server();

    @Test
    void fetchesTheWantedObjectsDirectlyBelowAPrefix() throws Exception {
        fill("team/sql");
        store("team/sql").write("deeper/" + WEIGHTS, bytes("not wanted"));
        store("team/sql").write("old.bin", bytes("a pickle"));

        List<FetchListener.Progress> heard = new ArrayList<>();
        Fetched fetched =
                new Repositories(settings(server().credentials()), Clock.systemUTC())
                        .fetch(ref("team/sql", null), FileSelection.ADAPTER, target(), heard::add);

        assertThat(fetched.files()).containsExactly(CONFIG, WEIGHTS, "old.bin");
        assertThat(fetched.resolvedRevision()).matches("sha256:[0-9a-f]{64}");
        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        assertThat(target().resolve(CONFIG)).hasContent("{\"r\":8}");
        assertThat(names()).containsExactly(".weft-source.json", CONFIG, WEIGHTS);
        assertThat(heard.getLast().bytes()).isEqualTo(weights.length + 7);
        assertThat(heard).allMatch(p -> p.total() == weights.length + 7);
    }

    @Test
    void fetchesWantedObjectsOfFoldersToo() throws Exception {
        fill("pooled");
        store("pooled").write(POOLING, bytes("{\"a\":1}"));
        store("pooled").write("1_Pooling/x/" + CONFIG, bytes("not wanted"));

        Fetched first = fetch("pooled", null);

        assertThat(first.files()).containsExactly(POOLING, CONFIG, WEIGHTS);
        assertThat(target().resolve(POOLING)).hasContent("{\"a\":1}");
        store("pooled").write(POOLING, bytes("{\"a\":22}"));
        assertThat(fetch("pooled", null).resolvedRevision()).isNotEqualTo(first.resolvedRevision());
        assertThat(target().resolve(POOLING)).hasContent("{\"a\":22}");
    }

    @Test
    void takesWhatLiesThereNowOrThePinnedContentOnly() throws Exception {
        fill("pinned");
        String first = fetch("pinned", null).resolvedRevision();
        assertThat(fetch("pinned", null).resolvedRevision()).isEqualTo(first);
        store("pinned").write(CONFIG, bytes("{\"r\":16}"));

        SourceException e =
                catchThrowableOfType(
                        SourceException.class,
                        () -> fetchInto(folder.resolve("other"), "pinned", first));
        assertThat(e.fault()).isEqualTo(SourceFault.NOT_FOUND);
        assertThat(e).hasMessageContaining("what lies there now is sha256:");
        assertThat(fetch("pinned", null).resolvedRevision()).isNotEqualTo(first);
        assertThat(target().resolve(CONFIG)).hasContent("{\"r\":16}");
    }

    @Test
    void goesOnWithAPartOfTheSameObjectAndDropsOneOfAnother() throws Exception {
        fill("resumed");
        String etag = store("resumed").stat(WEIGHTS).orElseThrow().etag();
        Files.createDirectories(target());
        PartFile part = PartFile.of(target(), WEIGHTS, etag);
        Files.write(part.part(), java.util.Arrays.copyOf(weights, 5_000_000));
        List<FetchListener.Progress> heard = new ArrayList<>();

        new Repositories(settings(server().credentials()), Clock.systemUTC())
                .fetch(ref("resumed", null), FileSelection.ADAPTER, target(), heard::add);

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        assertThat(heard.stream().filter(p -> p.file().equals(WEIGHTS)))
                .allMatch(p -> p.fileBytes() > 5_000_000);
        Path other = folder.resolve("other");
        Files.createDirectories(other);
        Files.write(PartFile.of(other, WEIGHTS, "another").part(), new byte[1000]);
        fetchInto(other, "resumed", null);
        assertThat(other.resolve(WEIGHTS)).hasBinaryContent(weights);
    }

    @Test
    void neverMixesTwoContentsOfAnObjectThatIsReplacedMeanwhile() throws Exception {
        fill("replaced");
        byte[] other = new byte[weights.length];
        new Random(8).nextBytes(other);
        AtomicBoolean replaced = new AtomicBoolean();

        new Repositories(settings(server().credentials()), Clock.systemUTC())
                .fetch(
                        ref("replaced", null),
                        FileSelection.ADAPTER,
                        target(),
                        progress -> {
                            if (progress.file().equals(WEIGHTS)
                                    && replaced.compareAndSet(false, true)) {
                                write("replaced", other);
                            }
                        });

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(other);
        assertThat(names()).containsExactly(".weft-source.json", CONFIG, WEIGHTS);
    }

    /** Its bytes must not be taken for what the listing's hash names. */
    @Test
    void listsAnewWhereAnObjectWasReplacedAfterTheListing() throws Exception {
        fill("listed");
        byte[] other = new byte[1000];
        new Random(10).nextBytes(other);
        AtomicBoolean replaced = new AtomicBoolean();

        Fetched fetched =
                new Repositories(settings(server().credentials()), Clock.systemUTC())
                        .fetch(
                                ref("listed", null),
                                FileSelection.ADAPTER,
                                target(),
                                progress -> {
                                    if (progress.file().equals(CONFIG)
                                            && replaced.compareAndSet(false, true)) {
                                        write("listed", other);
                                    }
                                });

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(other);
        assertThat(fetchInto(folder.resolve("other"), "listed", null).resolvedRevision())
                .isEqualTo(fetched.resolvedRevision());
    }

    /** The same content comes back, and perhaps its ETag; a part may hold the other content. */
    @Test
    void doesNotGoOnWithAPartWhereTheObjectWasAnotherMeanwhile() throws Exception {
        fill("back");
        Path large = Files.write(folder.resolve("large"), weights);
        store("back").write(WEIGHTS, large); // in parts, so that no hash of it is known on S3
        byte[] other = new byte[weights.length];
        new Random(9).nextBytes(other);
        FetchListener replacing =
                progress -> {
                    if (progress.file().equals(WEIGHTS)) {
                        write("back", other);
                        if (progress.fileBytes() > (4 << 20)) {
                            throw new IllegalStateException("the process ends");
                        }
                    }
                };
        Optional<Instant> before = store("back").stat(WEIGHTS).orElseThrow().modified();
        assertThatThrownBy(() ->
                        new Repositories(settings(server().credentials()), Clock.systemUTC())
                                .fetch(
                                        ref("back", null),
                                        FileSelection.ADAPTER,
                                        target(),
                                        replacing))
                .hasMessage("the process ends");
        assertThat(names()).anyMatch(name -> name.endsWith(".part"));
        do { // stores give whole seconds
            store("back").write(WEIGHTS, large);
        } while (before.isPresent()
                && tellsTime()
                && store("back").stat(WEIGHTS).orElseThrow().modified().equals(before));

        List<FetchListener.Progress> heard = new ArrayList<>();
        new Repositories(settings(server().credentials()), Clock.systemUTC())
                .fetch(ref("back", null), FileSelection.ADAPTER, target(), heard::add);
        assertThat(heard.stream().filter(p -> p.file().equals(WEIGHTS)))
                .anyMatch(p -> p.fileBytes() < (4 << 20));
        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        assertThat(names()).containsExactly(".weft-source.json", CONFIG, WEIGHTS);
    }

    /** False if times of objects are always the same. */
    boolean tellsTime() {
        return true;
    }

    private void write(String prefix, byte[] content) {
        try {
            store(prefix).write(WEIGHTS, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void namesWhatIsNotThere() {
        assertThat(fault("nothing-here")).isEqualTo(SourceFault.NOT_FOUND);
        SourceException e =
                catchThrowableOfType(
                        SourceException.class,
                        () -> fetch(new RepositoryRef(server().source(), "a/../b", null)));
        assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        assertThat(e).hasMessageContaining("repo is allowed as");
        assertThat(catchThrowableOfType(SourceException.class, () -> fetch("x", "main")))
                .hasMessageContaining("sha256: and 64 hexadecimal digits");
    }

    @Test
    void saysNeverTheSecret() throws Exception {
        fill("private");
        SourceException e =
                catchThrowableOfType(
                        SourceException.class,
                        () ->
                                new Repositories(
                                                settings(server().wrongCredentials()),
                                                Clock.systemUTC())
                                        .fetch(
                                                ref("private", null),
                                                FileSelection.ADAPTER,
                                                target(),
                                                FetchListener.NONE));

        assertThat(e.fault()).isEqualTo(SourceFault.UNAUTHORIZED);
        for (Throwable t = e; t != null; t = t.getCause()) {
            assertThat(t.toString()).doesNotContain(server().secret());
        }
        assertThat(settings(server().credentials()).toString()).doesNotContain(server().secret());
    }

    private SourceFault fault(String prefix) {
        return catchThrowableOfType(SourceException.class, () -> fetch(prefix, null)).fault();
    }

    private void fill(String prefix) throws IOException {
        new Random(7).nextBytes(weights);
        ObjectStore store = store(prefix);
        store.write(CONFIG, bytes("{\"r\":8}"));
        store.write(WEIGHTS, weights);
    }

    private ObjectStore store(String prefix) throws IOException {
        ObjectAddress address =
                ObjectAddress.parse(server().source(), server().bucket() + "/" + prefix)
                        .orElseThrow();
        return new ObjectStores(
                        server().endpoints(),
                        List.of(),
                        server().credentials(),
                        Duration.ofSeconds(5),
                        Clock.systemUTC())
                .open(address);
    }

    private SourceOptions settings(Credentials credentials) {
        return new SourceOptions(
                URI.create("https://hub.invalid"),
                AddressRules.NONE,
                credentials,
                server().endpoints(),
                TestSourceOptions.HTTP,
                TestSourceOptions.ATTEMPTS);
    }

    private RepositoryRef ref(String prefix, @Nullable String revision) {
        return new RepositoryRef(server().source(), server().bucket() + "/" + prefix, revision);
    }

    private Fetched fetch(String prefix, @Nullable String revision) throws SourceException {
        return fetchInto(target(), prefix, revision);
    }

    private Fetched fetch(RepositoryRef ref) throws SourceException {
        return new Repositories(settings(server().credentials()), Clock.systemUTC())
                .fetch(ref, FileSelection.ADAPTER, target(), FetchListener.NONE);
    }

    private Fetched fetchInto(Path target, String prefix, @Nullable String revision)
            throws SourceException {
        return new Repositories(settings(server().credentials()), Clock.systemUTC())
                .fetch(ref(prefix, revision), FileSelection.ADAPTER, target, FetchListener.NONE);
    }

    private Path target() {
        return folder.resolve("target");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(target())) {
            return files.map(f -> String.valueOf(f.getFileName())).sorted().toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
