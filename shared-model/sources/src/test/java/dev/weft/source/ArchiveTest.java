package dev.weft.source;

import static org.apache.commons.compress.archivers.tar.TarConstants.LF_BLK;
import static org.apache.commons.compress.archivers.tar.TarConstants.LF_CHR;
import static org.apache.commons.compress.archivers.tar.TarConstants.LF_FIFO;
import static org.apache.commons.compress.archivers.tar.TarConstants.LF_LINK;
import static org.apache.commons.compress.archivers.tar.TarConstants.LF_SYMLINK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.source.FileServerFake.Fault;
import dev.weft.source.archive.TarGzip;
import dev.weft.source.fetch.FetchAttempts;
import dev.weft.source.fetch.FetchContext;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveTest extends UrlTest {
    private static final String PATH = "/lora.tar.gz";
    private static final int MUTATIONS = 400;

    @Test
    void unpacksTheWantedFilesOfItsRoot() throws Exception {
        byte[] archive = sound().file("README.md", "no").file("old.bin", "a pickle").bytes();
        server.file(PATH, archive);

        Fetched fetched = fetch(PATH);

        assertThat(fetched)
                .isEqualTo(
                        new Fetched(
                                target(),
                                "sha256:" + HubFake.sha256(archive),
                                java.util.List.of(CONFIG, WEIGHTS, "old.bin")));
        assertThat(names()).containsExactly(".weft-source.json", CONFIG, WEIGHTS);
        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
    }

    /** A catalog takes what it needs out of the archive that a worker takes the whole of. */
    @Test
    void aBaseInAnArchiveIsOneContentWhicheverOfItsFilesAreWanted() throws Exception {
        byte[] large = new byte[17 << 20];
        new Random(3).nextBytes(large);
        byte[] header = "{\"w\":{}}".getBytes(StandardCharsets.UTF_8);
        Arrays.fill(large, 0, 8, (byte) 0);
        large[0] = (byte) header.length;
        System.arraycopy(header, 0, large, 8, header.length);
        server.file(
                PATH,
                new Tar()
                        .file("base/config.json", "{}")
                        .file("base/model.safetensors", large)
                        .bytes());

        String commit = base(FileSelection.CHECKPOINT, target()).resolvedRevision();

        assertThat(base(FileSelection.CONFIG, target()).resolvedRevision()).isEqualTo(commit);
        assertThat(target().resolve("model.safetensors")).hasBinaryContent(large);
        Fetched heads = base(FileSelection.HEADS, folder.resolve("heads"));
        assertThat(heads.resolvedRevision()).isEqualTo(commit);
        assertThat(folder.resolve("heads/model.safetensors.head"))
                .hasBinaryContent(Arrays.copyOf(large, 8 + header.length));
    }

    private Fetched base(FileSelection files, Path to) throws SourceException {
        return new Repositories(TestSourceOptions.urls("127.0.0.1"), Clock.systemUTC())
                .fetch(ref(server.url(PATH), null), files, to, FetchListener.NONE);
    }

    /** Whichever folder they lie in: only one of them is taken in the end. */
    @Test
    void allFilesOfTheKindAreBoundedTogether() throws Exception {
        byte[] config = new byte[10 << 20];
        new Random(5).nextBytes(config);
        server.file(
                PATH,
                new Tar().file("a/config.json", config).file("b/config.json", config).bytes());

        SourceException e =
                catchThrowableOfType(
                        SourceException.class, () -> base(FileSelection.CONFIG, target()));

        assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        assertThat(e)
                .hasMessageContaining(
                        "entry 'b/config.json' has 10485760 bytes, allowed are 6291456");
    }

    @Test
    void unpacksTheOneFolderThatHoldsAnAdapter() throws Exception {
        server.file(
                PATH,
                new Tar()
                        .folder("./lora")
                        .file("./lora/" + CONFIG, "{}")
                        .file("./lora/" + WEIGHTS, weights)
                        .file("./lora/checkpoint-1/" + WEIGHTS, "deeper")
                        .bytes());

        fetch(PATH);

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        server.file(PATH, new Tar().file("a/" + CONFIG, "{}").file("b/" + CONFIG, "{}").bytes());
        assertThat(fails(PATH)).hasMessageContaining("several folders hold such files: a/, b/");
    }

    /** Below either root; one that holds files of folders alone is no root. */
    @Test
    void unpacksWantedFilesOfFoldersToo() throws Exception {
        Tar inFolder = new Tar().file("lora/" + CONFIG, "{}").file("lora/" + POOLING, "{\"a\":1}");
        inFolder.file(POOLING, "another's").file("other/" + POOLING, "another's");
        inFolder.file("lora/deeper/" + POOLING, "another's");
        server.file(PATH, inFolder.bytes());
        assertThat(fetch(PATH).files()).containsExactly(POOLING, CONFIG);
        assertThat(target().resolve(POOLING)).hasContent("{\"a\":1}");

        server.file(PATH, sound().file(POOLING, "{\"a\":2}").bytes());
        assertThat(fetch(PATH).files()).containsExactly(POOLING, CONFIG, WEIGHTS);
        assertThat(target().resolve(POOLING)).hasContent("{\"a\":2}");

        server.file(PATH, sound().bytes());
        assertThat(fetch(PATH).files()).containsExactly(CONFIG, WEIGHTS);
        assertThat(target().resolve(POOLING)).as("of another content").doesNotExist();
        server.file(PATH, new Tar().file(POOLING, "{}").bytes());
        assertThat(fails(PATH).fault()).isEqualTo(SourceFault.NOT_FOUND);
    }

    @Test
    void passesOverOddNamesOfFilesThatNobodyWants() throws Exception {
        server.file(PATH, sound().file("eval/results_2024-05-04T10:01:38.json", "{}").bytes());
        assertThat(fetch(PATH).files()).containsExactly(CONFIG, WEIGHTS);
    }

    @Test
    void isNotFetchedAgainWhileItsETagIsTheSame() throws Exception {
        server.file(PATH, sound().bytes());
        Fetched first = fetch(PATH);
        server.forget();

        assertThat(fetch(PATH)).isEqualTo(first);
        assertThat(server.seen(PATH)).hasSize(1);
        server.file(PATH, new Tar().file(CONFIG, "{\"r\":4}").bytes());
        assertThat(fetch(PATH).files()).containsExactly(CONFIG);
        assertThat(names()).as("what the old one had is gone").doesNotContain(WEIGHTS);
    }

    @Test
    void aFetchThatEndsWithinItsFilesLeavesNoneToTheNext() throws Exception {
        byte[] before = new Tar().file(CONFIG, "{\"r\":1}").bytes();
        server.file(PATH, before);
        Fetched first = fetch(PATH);
        Path inTheWay = Files.createDirectories(target().resolve(WEIGHTS).resolve("in-the-way"));
        server.file(PATH, new Tar().file(CONFIG, "{\"r\":2}").file(WEIGHTS, weights).bytes());
        assertThat(fails(PATH).fault()).isEqualTo(SourceFault.STORAGE);
        assertThat(target().resolve(CONFIG)).as("the first of two").hasContent("{\"r\":2}");
        Files.delete(inTheWay);
        Files.delete(target().resolve(WEIGHTS));
        Files.writeString(target().resolve("chat_template.jinja"), "left");
        server.file(PATH, before);

        assertThat(fetch(PATH)).isEqualTo(first);
        assertThat(target().resolve(CONFIG)).hasContent("{\"r\":1}");
        assertThat(names()).containsExactly(".weft-source.json", CONFIG);
    }

    @Test
    void isResumedAndPinned() throws Exception {
        byte[] archive = sound().bytes();
        server.file(PATH, archive).fail(PATH, new Fault.CutAfter(1_500_000));
        String revision = "sha256:" + HubFake.sha256(archive);
        SourceOptions settings = TestSourceOptions.urls("127.0.0.1");

        fetch(settings, ref(server.url(PATH), revision));

        assertThat(server.seen(PATH)).hasSize(2).last().matches(s -> s.ifRange() != null);
        server.forget();
        fetch(settings, ref(server.url(PATH), revision));
        assertThat(server.seen()).isEmpty();
        SourceException other = fails(settings, ref(server.url(PATH), "sha256:" + "0".repeat(64)));
        assertThat(other).hasMessageContaining("what lies there now is " + revision);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "/etc/cron.d/evil",
                "a/../../evil",
                "a\\..\\evil",
                "C:/evil",
                "a//b",
                "..",
                ".weft-source.json",
                ".WEFT-SOURCE.JSON",
                "x.PART"
            })
    void refusesNamesThatLeaveTheFolder(String name) throws Exception {
        server.file(PATH, sound().file(name, "evil").bytes());

        SourceException e = fails(PATH);

        assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        assertThat(e).hasMessageContaining(name.replaceAll("^/", ""));
        assertNothingAppeared();
    }

    @Test
    void refusesFoldersThatLeaveTheFolder() throws Exception {
        server.file(PATH, new Tar().folder("../out").file(CONFIG, "{}").bytes());
        assertThat(fails(PATH).fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        assertNothingAppeared();
    }

    @ParameterizedTest
    @ValueSource(bytes = {LF_SYMLINK, LF_LINK, LF_CHR, LF_BLK, LF_FIFO})
    void refusesLinksAndDevices(byte kind) throws Exception {
        server.file(PATH, sound().special("link", kind, "/etc/passwd").bytes());

        SourceException e = fails(PATH);

        assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        assertThat(e).hasMessageContaining("'link' is not a plain file or folder");
        assertNothingAppeared();
    }

    @Test
    void refusesNamesThatDifferInCaseOnly() throws Exception {
        server.file(PATH, sound().file(CONFIG.toUpperCase(java.util.Locale.ROOT), "{}").bytes());
        assertThat(fails(PATH)).hasMessageContaining("is there twice, case aside");
        assertNothingAppeared();
    }

    @Test
    void refusesADecompressionBombBeforeItIsOnTheDisk() throws Exception {
        server.file(PATH, new Tar().file(WEIGHTS, new byte[400 << 20]).bytes());

        SourceException e = fails(PATH);

        assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        assertThat(e).hasMessageContaining("100 times the packed bytes");
        assertNothingAppeared();
    }

    @Test
    void refusesANameOfMegabytes() throws Exception {
        server.file(PATH, new Tar().longName(3 << 20).file(CONFIG, "x").bytes());

        assertThat(fails(PATH)).hasMessageContaining("the head of an entry");
        assertNothingAppeared();
    }

    @Test
    void refusesMoreFilesThanAnyAdapterHas() throws Exception {
        Tar many = sound();
        for (int i = 0; i <= 10_000; i++) {
            many.file("f" + i, "");
        }
        server.file(PATH, many.bytes());

        assertThat(fails(PATH)).hasMessageContaining("more than 10000 files");
    }

    @Test
    void namesWhatIsNoArchive() throws Exception {
        server.file(PATH, "<html>not found</html>");
        assertThat(fails(PATH).fault()).isEqualTo(SourceFault.CORRUPT);
        byte[] sound = sound().bytes();
        server.file(PATH, Arrays.copyOf(sound, sound.length / 2));
        assertThat(fails(PATH).fault()).isEqualTo(SourceFault.CORRUPT);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(text)) {
            gzip.write("no tar".getBytes(StandardCharsets.UTF_8));
        }
        server.file(PATH, text.toByteArray());
        assertThat(fails(PATH).fault()).isIn(SourceFault.CORRUPT, SourceFault.NOT_FOUND);
        assertNothingAppeared();
    }

    @Test
    void neverFailsInAnotherWayWhateverTheBytes() throws Exception {
        Random random = new Random(42);
        byte[] plain = plainTar();
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = plain.clone();
            for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                mutated[random.nextInt(1024)] = (byte) random.nextInt(256);
            }
            Path archive = Files.write(folder.resolve("a.tar.gz"), gzip(mutated));
            Files.createDirectories(target());
            FetchContext context =
                    new FetchContext(
                            ref("http://x/a.tar.gz", null),
                            FileSelection.ADAPTER,
                            target(),
                            FetchListener.NONE,
                            new FetchAttempts(
                                    TestSourceOptions.ATTEMPTS, ref("http://x/a.tar.gz", null)));
            try {
                new TarGzip(context).unpack(archive, () -> {});
            } catch (SourceException e) {
                assertThat(e.fault())
                        .isIn(SourceFault.CORRUPT, SourceFault.NOT_ALLOWED, SourceFault.NOT_FOUND);
                assertThat(e).hasMessageContaining("a.tar.gz");
            }
            assertThat(names()).isSubsetOf(CONFIG, WEIGHTS);
            assertThat(folder).isDirectoryNotContaining("glob:**evil**");
        }
    }

    private Tar sound() {
        return new Tar().file(CONFIG, "{\"r\":8}").file(WEIGHTS, weights);
    }

    private static byte[] plainTar() throws Exception {
        byte[] archive = new Tar().file(CONFIG, "{}").file(WEIGHTS, "weights").bytes();
        try (var in =
                new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(archive))) {
            return in.readAllBytes();
        }
    }

    private static byte[] gzip(byte[] plain) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }

    private void assertNothingAppeared() throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }
}
