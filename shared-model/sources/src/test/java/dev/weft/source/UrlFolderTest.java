package dev.weft.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.settings.secret.Credentials;
import dev.weft.settings.secret.SecretPlace;
import dev.weft.source.FileServerFake.Fault;
import dev.weft.source.FileServerFake.Seen;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import dev.weft.source.http.HttpLimits;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlFolderTest extends UrlTest {
    private static final String FILE = "/lora/" + WEIGHTS;

    @BeforeEach
    void fill() {
        server.file("/lora/" + CONFIG, "{\"r\":8}")
                .file(FILE, weights)
                .file("/lora/README.md", "not wanted")
                .file("/lora/old.bin", "a pickle")
                .file("/lora/checkpoint-1/" + WEIGHTS, "not wanted");
    }

    @Test
    void fetchesTheWantedFilesOfAListedFolder() throws Exception {
        Fetched fetched = fetch("/lora/");

        assertThat(fetched.files()).containsExactly(CONFIG, WEIGHTS, "old.bin");
        assertThat(fetched.resolvedRevision()).matches("sha256:[0-9a-f]{64}");
        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        assertThat(names()).containsExactly(".weft-source.json", CONFIG, WEIGHTS);
        assertThat(server.seen("/lora/README.md")).isEmpty();
        assertThat(server.seen("/lora/old.bin")).isEmpty();
    }

    @Test
    void bringsACheckpointInTheSameWay() throws Exception {
        server.file("/base/config.json", "{}")
                .file("/base/model-00001-of-00002.safetensors", weights)
                .file("/base/model-00002-of-00002.safetensors", weights)
                .file("/base/model.safetensors.index.json", "{}")
                .file("/base/tokenizer.json", "{}")
                .file("/base/pytorch_model.bin", "a pickle");

        Fetched fetched =
                new Repositories(TestSourceOptions.urls("127.0.0.1"), Clock.systemUTC())
                        .fetch(
                                ref(server.url("/base"), null),
                                FileSelection.CHECKPOINT,
                                target(),
                                FetchListener.NONE);

        assertThat(fetched.files())
                .containsExactly(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "tokenizer.json");
        assertThat(server.seen("/base/pytorch_model.bin")).isEmpty();
    }

    /** A worker and a catalog, and {@code engine plan} in a worker's folder. */
    @Test
    void aBaseIsOneContentWhicheverOfItsFilesAreWanted() throws Exception {
        server.file("/base/config.json", "{}")
                .file("/base/model.safetensors", weights)
                .file("/base/tokenizer_config.json", "{}")
                .file("/base/" + POOLING, "{}");

        String pin = base(FileSelection.CHECKPOINT, null).resolvedRevision();

        assertThat(base(FileSelection.CONFIG, pin).files()).containsExactly("config.json");
        assertThat(base(FileSelection.CHAT, pin).files()).contains("tokenizer_config.json");
        assertThat(base(FileSelection.CONFIG, null).resolvedRevision()).isEqualTo(pin);
        assertThat(target().resolve("model.safetensors")).hasBinaryContent(weights);
        server.forget();
        base(FileSelection.CHECKPOINT, pin);
        assertThat(server.seen()).as("it is complete").isEmpty();
    }

    private Fetched base(FileSelection files, @Nullable String revision) throws SourceException {
        return new Repositories(TestSourceOptions.urls("127.0.0.1"), Clock.systemUTC())
                .fetch(ref(server.url("/base/"), revision), files, target(), FetchListener.NONE);
    }

    @Test
    void filesLieWhereTheFolderWasSentOnTo() throws Exception {
        server.fail("/latest/", new Fault.RedirectTo("/lora/"));

        assertThat(fetch("/latest/").files()).contains(CONFIG, WEIGHTS);

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        assertThat(server.seen(FILE)).isNotEmpty();
    }

    @Test
    void offersNoTlsInPlainHttp() throws Exception {
        fetch("/lora/");

        assertThat(server.seen()).isNotEmpty().noneMatch(Seen::upgrades);
    }

    @Test
    void understandsListingsInJsonAndFoldersWithoutASlash() throws Exception {
        server.listsJson();

        assertThat(fetch("/lora").files()).contains(CONFIG, WEIGHTS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fetchesWantedFilesOfFoldersToo(boolean json) throws Exception {
        if (json) {
            server.listsJson();
        }
        server.file("/lora/" + POOLING, "{\"a\":1}").file("/lora/1_Pooling/x/" + CONFIG, "no");

        Fetched first = fetch("/lora/");

        assertThat(first.files()).containsExactly(POOLING, CONFIG, WEIGHTS, "old.bin");
        assertThat(target().resolve(POOLING)).hasContent("{\"a\":1}");
        assertThat(server.seen("/lora/checkpoint-1/")).isEmpty();
        server.file("/lora/" + POOLING, "{\"a\":2}");
        assertThat(fetch("/lora/").resolvedRevision()).isNotEqualTo(first.resolvedRevision());
        assertThat(target().resolve(POOLING)).hasContent("{\"a\":2}");
    }

    @Test
    void fetchesOnlyWhereSomethingChanged() throws Exception {
        Fetched first = fetch("/lora/");
        server.forget();

        assertThat(fetch("/lora/")).isEqualTo(first);
        assertThat(server.seen(FILE)).extracting(Seen::range).containsOnlyNulls();
        weights[0] ^= 1;
        server.file(FILE, weights.clone());
        Fetched second = fetch("/lora/");

        assertThat(second.resolvedRevision()).isNotEqualTo(first.resolvedRevision());
        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
    }

    @Test
    void takesAPinnedContentAndNoOther() throws Exception {
        String found = fetch("/lora/").resolvedRevision();
        SourceOptions settings = TestSourceOptions.urls("127.0.0.1");
        server.forget();

        assertThat(fetch(settings, ref(server.url("/lora/"), found)).resolvedRevision())
                .isEqualTo(found);
        assertThat(server.seen()).isEmpty();
        server.file("/lora/" + CONFIG, "{\"r\":16}");
        String other = found.replaceAll("[0-9a-f]{3}$", "000");
        SourceException e = fails(settings, ref(server.url("/lora/"), other));
        assertThat(e.fault()).isEqualTo(SourceFault.NOT_FOUND);
        assertThat(e).hasMessageContaining("what lies there now is sha256:");
        assertThat(fails(settings, ref(server.url("/lora/"), "main")))
                .hasMessageContaining("sha256: and 64 hexadecimal digits");
    }

    @Test
    void goesOnWhereACutConnectionStoppedAsLongAsTheETagIsTheSame() throws Exception {
        Fault none = new Fault.CutAfter(0);
        server.fail(FILE, new Fault.CutAfter(0), new Fault.CutAfter(1_500_000), none, none);
        assertThat(fails("/lora/").fault()).isEqualTo(SourceFault.UNREACHABLE);
        server.forget();

        fetch("/lora/");

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        Seen last = server.seen(FILE).getLast();
        assertThat(last.range()).matches("bytes=[1-9]\\d*-");
        assertThat(last.ifRange()).matches("\"[0-9a-f]{20}\"");
    }

    @Test
    void startsAnewWhereTheFileIsAnotherOneByNow() throws Exception {
        Fault none = new Fault.CutAfter(0);
        server.fail(FILE, new Fault.CutAfter(0), new Fault.CutAfter(1_500_000), none, none);
        assertThat(fails("/lora/").fault()).isEqualTo(SourceFault.UNREACHABLE);
        weights[0] ^= 1;
        server.file(FILE, weights.clone());

        fetch("/lora/");

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        assertThat(names()).containsExactly(".weft-source.json", CONFIG, WEIGHTS);
    }

    /** Its bytes must not be taken for what the listing's hash names. */
    @Test
    void listsAnewWhereAFileWasReplacedAfterTheListing() throws Exception {
        byte[] other = weights.clone();
        other[0] ^= 1;

        Fetched fetched = fetchWhile(() -> server.file(FILE, other), null);

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(other);
        assertThat(fetch("/lora/").resolvedRevision()).isEqualTo(fetched.resolvedRevision());
        server.file(FILE, weights);
        assertThat(fetch("/lora/").resolvedRevision()).isNotEqualTo(fetched.resolvedRevision());
    }

    @Test
    void holdsHeadsToTheListingToo() throws Exception {
        byte[] whole = {2, 0, 0, 0, 0, 0, 0, 0, '{', '}', 1};
        byte[] other = {2, 0, 0, 0, 0, 0, 0, 0, '{', '}', 2};
        server.file("/base/a.safetensors", whole).file("/base/b.safetensors", whole);
        Repositories repositories =
                new Repositories(TestSourceOptions.urls("127.0.0.1"), Clock.systemUTC());
        RepositoryRef base = ref(server.url("/base/"), null);

        Fetched fetched =
                repositories.fetch(
                        base,
                        FileSelection.HEADS,
                        target(),
                        progress -> {
                            if (progress.file().startsWith("a.")) {
                                server.file("/base/b.safetensors", other);
                            }
                        });

        Fetched later =
                repositories.fetch(
                        base, FileSelection.HEADS, folder.resolve("later"), FetchListener.NONE);
        assertThat(fetched.resolvedRevision()).isEqualTo(later.resolvedRevision());
    }

    @Test
    void refusesAFileThatWasReplacedAfterThePinnedContentWasListed() throws Exception {
        String pinned = fetch("/lora/").resolvedRevision();
        server.file("/lora/" + CONFIG, "{\"r\":9}");
        fetch("/lora/");
        server.file("/lora/" + CONFIG, "{\"r\":8}");

        SourceException e =
                catchThrowableOfType(
                        SourceException.class,
                        () -> fetchWhile(() -> server.file(FILE, new byte[9]), pinned));

        assertThat(e.fault()).isEqualTo(SourceFault.NOT_FOUND);
        assertThat(e).hasMessageContaining("what lies there now is sha256:");
    }

    @Test
    void givesUpOnAFileThatIsReplacedAllTheTime() {
        AtomicInteger size = new AtomicInteger();

        SourceException e =
                catchThrowableOfType(
                        SourceException.class,
                        () ->
                                fetchWhile(
                                        () -> {
                                            server.file("/lora/" + CONFIG, "{" + size + "}");
                                            server.file(FILE, new byte[size.incrementAndGet()]);
                                        },
                                        null));

        assertThat(e.fault()).isEqualTo(SourceFault.UNREACHABLE);
        assertThat(e).hasMessageContaining(WEIGHTS + " was replaced after it was listed");
        assertThat(size).hasValue(3);
    }

    @Test
    void takesFilesOfAServerThatTellsNothingOfThem() throws Exception {
        server.withoutETags();
        assertThat(fetch("/lora/").files()).contains(WEIGHTS);
        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
    }

    /** A fetch; whenever the configuration has arrived, something happens at the source. */
    private Fetched fetchWhile(Runnable happens, @Nullable String revision) throws SourceException {
        return new Repositories(TestSourceOptions.urls("127.0.0.1"), Clock.systemUTC())
                .fetch(
                        ref(server.url("/lora/"), revision),
                        FileSelection.ADAPTER,
                        target(),
                        progress -> {
                            if (progress.file().equals(CONFIG)
                                    && progress.fileBytes() == progress.fileTotal()) {
                                happens.run();
                            }
                        });
    }

    @Test
    void checksTheHashThatAServerGives() {
        server.header(FILE, "Repr-Digest", "sha-256=:" + "A".repeat(43) + "=:");

        SourceException e = fails("/lora/");

        assertThat(e.fault()).isEqualTo(SourceFault.CORRUPT);
        assertThat(e).hasMessageContaining(WEIGHTS);
    }

    @Test
    void endsADownloadThatTrickles() {
        Fault trickle = new Fault.Trickle(Duration.ofMillis(20));
        server.fail(FILE, new Fault.CutAfter(0), trickle, trickle, trickle);
        SourceOptions settings =
                TestSourceOptions.with(
                        TestSourceOptions.urls("127.0.0.1"),
                        new HttpLimits(Duration.ofSeconds(5), Duration.ofMillis(400), 100_000),
                        TestSourceOptions.ATTEMPTS);

        SourceException e = fails(settings, ref(server.url("/lora/"), null));

        assertThat(e.fault()).isEqualTo(SourceFault.TIMEOUT);
        assertThat(e).hasMessageContaining("bytes arrived within 400 ms, at least 40000");
    }

    @Test
    void sendsASecretToItsOwnHostOnly() throws Exception {
        try (FileServerFake other = new FileServerFake()) {
            other.file(FILE, weights);
            server.fail(FILE, new Fault.RedirectTo(other.url(FILE)));
            server.fail(FILE, new Fault.RedirectTo(other.url(FILE)));
            Credentials credentials =
                    new Credentials(
                            Map.of("files", new SecretPlace.Given("hush")),
                            Map.of("http://" + server.host(), "files"),
                            Map.of());

            fetch(
                    TestSourceOptions.urls(credentials, "127.0.0.1"),
                    ref(server.url("/lora/"), null));

            assertThat(server.seen()).allMatch(s -> "Bearer hush".equals(s.token()));
            assertThat(other.seen()).isNotEmpty().allMatch(s -> s.token() == null);
        }
    }

    @Test
    void namesWhatIsNotThere() {
        assertThat(fails("/none/").fault()).isEqualTo(SourceFault.NOT_FOUND);
        server.file("/empty/README.md", "nothing");
        assertThat(fails("/empty/")).hasMessageContaining("no file of the kind that is needed");
        for (String url :
                List.of(
                        "ftp://h/x",
                        "http://user:hush@h/x/",
                        "http://h/x/?a=b",
                        "http:/x",
                        "x y")) {
            SourceException e = fails(TestSourceOptions.urls("*"), ref(url, null));
            assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        }
    }
}
