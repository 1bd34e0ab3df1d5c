package dev.weft.inference.relay.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.canonical.FoldedAdapter;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SharedFolderTest {
    static final Path SAMPLE = Path.of("..", "..", "samples", "weft-tiny", "adapters", "sql");

    @TempDir private Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger folds = new AtomicInteger();
    private boolean hasRoom;
    private SharedFolder shared;

    @BeforeEach
    void open() throws IOException {
        shared =
                open((adapter, decoder, to) -> {
                    folds.incrementAndGet();
                    FoldedAdapter.write(adapter, decoder, to);
                });
    }

    private SharedFolder open(SharedFolder.Fold fold) throws IOException {
        return SharedFolder.open(
                mount("/seen/there"), new SharedFolder.Means(nanos::get, fold, _ -> hasRoom));
    }

    private SharedFolder.Mount mount(String there) {
        return new SharedFolder.Mount(folder, Path.of(there), "model.");
    }

    private SharedFolder.Written write() throws IOException {
        try (LoraAdapter adapter = sample()) {
            return shared.write(new RelayName(adapter.digest()), adapter);
        }
    }

    private static LoraAdapter sample() {
        return accepted(LoraFolder.checkAlone(SAMPLE));
    }

    private static LoraAdapter accepted(LoraCheck check) {
        if (check instanceof LoraCheck.Accepted(LoraAdapter adapter, var _)) {
            return adapter;
        }
        throw new AssertionError(check.toString());
    }

    @Test
    void anAdapterAppearsWholeAndReadOnlyUnderItsDigest() throws IOException {
        SharedFolder.Written written = write();
        assertThat(written.path()).isEqualTo(Path.of("/seen/there", written.name().toString()));
        Path here = folder.resolve(written.name().toString());
        try (Stream<Path> files = Files.walk(here)) {
            List<Path> all = files.toList();
            assertThat(all).as("the folder and its files").hasSize(3);
            for (Path file : all) {
                assertThat(Files.getPosixFilePermissions(file))
                        .as("%s", file)
                        .noneMatch(permission -> permission.name().endsWith("WRITE"));
            }
        }
        assertThat(RelayName.parse(written.name().toString())).contains(written.name());
    }

    @Test
    void whatIsWrittenHasOneRankNoScaleAndTheSameProducts() throws IOException {
        SharedFolder.Written written = write();
        try (LoraAdapter before = sample();
                LoraAdapter after =
                        accepted(
                                LoraFolder.checkAlone(folder.resolve(written.name().toString())))) {
            assertThat(after.pairs()).hasSameSizeAs(before.pairs());
            for (int i = 0; i < before.pairs().size(); i++) {
                LoraPair old = before.pairs().get(i);
                LoraPair now = after.pairs().get(i);
                assertThat(now.scale()).isEqualTo(1);
                assertThat(now.rank()).isEqualTo(before.facts().rank());
                assertThat(now.a().get(3)).isEqualTo(old.a().get(3));
                assertThat(now.b().get(now.rank()))
                        .isEqualTo(old.scale() * old.b().get(old.rank()));
            }
        }
    }

    @Test
    void aFolderGoesSomeTimeAfterItWasGivenUp() throws IOException {
        SharedFolder.Written written = write();
        Path here = folder.resolve(written.name().toString());
        shared.retire(written.name());
        shared.sweep();
        assertThat(here).exists();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        shared.sweep();
        assertThat(here).doesNotExist();
    }

    /** A server that went away was never told to unload it. */
    @Test
    void aFolderThatNobodyUsesGoesThoughItWasNeverGivenUp() throws IOException {
        SharedFolder.Written written = write();
        Path here = folder.resolve(written.name().toString());
        shared.giveUpUnused(written.name()::equals);
        assertThat(shared.isGivenUp(written.name())).isFalse();
        shared.giveUpUnused(_ -> false);
        shared.sweep();
        assertThat(here).exists();
        shared.giveUpUnused(written.name()::equals);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        shared.sweep();
        assertThat(here).as("it is used again").exists();
        shared.giveUpUnused(_ -> false);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        shared.sweep();
        assertThat(here).doesNotExist();
    }

    @Test
    void aFolderThatIsWrittenAgainStays() throws IOException {
        SharedFolder.Written written = write();
        shared.retire(written.name());
        write();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        shared.sweep();
        assertThat(folder.resolve(written.name().toString())).exists();
    }

    @Test
    void anAdapterThatComesAgainIsNotWrittenAgainIfTheDiskHasRoom() throws IOException {
        hasRoom = true;
        SharedFolder.Written written = write();
        shared.retire(written.name());
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        shared.sweep();
        assertThat(write()).isEqualTo(written);
        assertThat(folds).hasValue(1);
        shared.retire(written.name());
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        hasRoom = false;
        shared.sweep();
        assertThat(folder.resolve(written.name().toString())).doesNotExist();
    }

    @Test
    void whatIsKeptMakesRoomOnAFullDisk() throws IOException {
        shared.close();
        hasRoom = true;
        Path other = folder.resolve(name(1).toString());
        shared =
                open((adapter, decoder, to) -> {
                    if (Files.exists(other)) {
                        throw new IOException("No space left on device");
                    }
                    FoldedAdapter.write(adapter, decoder, to);
                });
        Files.createDirectory(other);
        shared.retire(name(1));
        assertThatThrownBy(this::write).as("a server may read it").hasMessageContaining("space");
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(folder.resolve(write().name().toString())).exists();
        assertThat(other).doesNotExist();
    }

    private static RelayName name(int number) {
        return new RelayName(AdapterDigest.parse(AdapterDigest.PREFIX + "%064x".formatted(number)));
    }

    @Test
    void theOldestFoldersGoFirst() throws IOException {
        hasRoom = true;
        List<Path> retired = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            retired.add(Files.createDirectory(folder.resolve(name(i).toString())));
            shared.retire(name(i));
        }
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        shared.sweep();
        assertThat(retired.subList(0, 8)).noneMatch(Files::exists);
        assertThat(retired.subList(8, 40)).allMatch(Files::exists);
    }

    /** Whoever looks at the server sweeps, and has to go on. */
    @Test
    @Timeout(60)
    void othersMayCallWhileAnAdapterIsWritten() throws Exception {
        shared.close();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        shared =
                open((adapter, decoder, to) -> {
                    begun.countDown();
                    await(goOn);
                    FoldedAdapter.write(adapter, decoder, to);
                });
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            Future<SharedFolder.Written> writing = pool.submit(this::write);
            begun.await();
            shared.sweep();
            goOn.countDown();
            assertThat(folder.resolve(writing.get().name().toString())).exists();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSecondWorkerIsRefused() throws IOException {
        assertThatThrownBy(() -> SharedFolder.open(mount(folder.toString())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another worker uses " + folder)
                .hasMessageContaining("weft.relay.shared-dir");
        shared.close();
        SharedFolder.open(mount(folder.toString())).close();
    }

    @Test
    void whatAnEarlierLifeLeftGoes() throws IOException {
        SharedFolder.Written written = write();
        Files.createDirectory(folder.resolve(".part-1"));
        Files.writeString(folder.resolve("notes.txt"), "not ours");
        shared.clear(Set.of());
        assertThat(folder.resolve(written.name().toString())).doesNotExist();
        assertThat(folder.resolve(".part-1")).doesNotExist();
        assertThat(folder.resolve("notes.txt")).exists();
    }

    /** One of its adapters may be in use for long. */
    @Test
    void whatTheServerStillHasStaysAlone() throws IOException {
        for (int i = 0; i < 3; i++) {
            Files.createDirectory(folder.resolve(name(i).toString()));
        }
        Files.createDirectory(folder.resolve(".part-1"));
        shared.clear(Set.of(name(1)));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> String.valueOf(path.getFileName())))
                    .contains(name(1).toString())
                    .noneMatch(it -> it.equals(name(0).toString()) || it.startsWith(".part"))
                    .doesNotContain(name(2).toString());
        }
    }
}
