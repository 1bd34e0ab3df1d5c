package dev.weft.inference.cpu.packed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.kernel.team.Team;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedCopiesTest {
    private static final long ANY = Long.MAX_VALUE;

    /** The second one ends a chunk and begins the next; the last one is padded. */
    private static final List<Long> SIZES = List.of(64L, (16L << 20) + 192, 0L, 6400L, 100L);

    private static final Recipe SMALL = new Recipe("small", List.of(300L, 20L));

    @TempDir private Path folder;

    @AutoClose private final Team team = new Team(2);

    @Test
    void aCopyHasTheBytesThatWerePacked() throws Exception {
        Recipe recipe = new Recipe("recipe", SIZES);
        List<MemorySegment> packed = random(recipe);
        assertThat(copies(ANY).open(recipe)).isEmpty();
        keep(copies(ANY), recipe, packed);
        try (PackedCopy copy = copies(ANY).open(recipe).orElseThrow()) {
            assertThat(copy.rooms()).hasSameSizeAs(packed);
            for (int i = 0; i < packed.size(); i++) {
                assertThat(copy.rooms().get(i).mismatch(packed.get(i))).isEqualTo(-1);
                assertThat(copy.rooms().get(i).address() % 64).isZero();
                assertThat(copy.rooms().get(i).isReadOnly()).isTrue();
            }
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void twoProcessesMayMakeTheSameCopy() throws Exception {
        List<MemorySegment> packed = random(SMALL);
        Keeping one = copies(ANY).keep(SMALL, packed);
        Keeping other = copies(ANY).keep(SMALL, packed);
        assertThat(one.await(60) && other.await(60)).isTrue();
        assertThat(files()).hasSize(1);
        copies(ANY).open(SMALL).orElseThrow().close();
    }

    @Test
    void aByteThatChangedIsNoticedWhereverItIs() throws Exception {
        keep(copies(ANY), SMALL, random(SMALL));
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < CopyHeader.bytes(SMALL); i++) {
            places.add(i);
        }
        for (int i = (int) CopyHeader.dataAt(SMALL); i < whole.length; i += 7) {
            places.add(i);
        }
        for (int place : places) {
            byte[] damaged = whole.clone();
            damaged[place] ^= 4;
            Files.write(file, damaged);
            assertThat(copies(ANY).open(SMALL)).as("byte %d", place).isEmpty();
            assertThat(file).as("byte %d", place).doesNotExist();
        }
    }

    @Test
    void aCopyThatLacksItsEndIsNotUsed() throws Exception {
        keep(copies(ANY), SMALL, random(SMALL));
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        int[] lengths = {
            0, 1, 19, 20, 40, CopyHeader.bytes(SMALL), whole.length - 64, whole.length - 1
        };
        for (int length : lengths) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(copies(ANY).open(SMALL)).as("%d bytes", length).isEmpty();
            assertThat(file).doesNotExist();
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThat(copies(ANY).open(SMALL)).as("one byte more").isEmpty();
    }

    @Test
    void aCopyOfSomethingElseIsNotUsed() throws Exception {
        keep(copies(ANY), SMALL, random(SMALL));
        Recipe other = new Recipe("another", SMALL.sizes());
        Path foreign = folder.resolve(other.digest() + ".packed");
        Files.move(files().getFirst(), foreign, StandardCopyOption.REPLACE_EXISTING);
        assertThat(copies(ANY).open(other)).isEmpty();
        assertThat(foreign).doesNotExist();
    }

    @Test
    void theOldestCopiesGo() throws Exception {
        List<Recipe> recipes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Recipe recipe = new Recipe("number " + i, SMALL.sizes());
            recipes.add(recipe);
            keep(copies(ANY), recipe, random(recipe));
            Path file = folder.resolve(recipe.digest() + ".packed");
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000L * (i + 1)));
        }
        Path others = Files.writeString(folder.resolve("notes.txt"), "not a copy");
        long two = 2 * CopyHeader.fileBytes(SMALL);
        copies(two).open(recipes.getFirst()).orElseThrow().close();
        assertThat(there(recipes)).as("the one in use, and the newest").containsExactly(0, 3);
        keep(copies(two), recipes.get(1), random(SMALL));
        assertThat(there(recipes)).as("the new one, and the newest").containsExactly(1, 3);
        assertThat(copies(0).open(recipes.get(1))).isEmpty();
        assertThat(there(recipes)).isEmpty();
        assertThat(others).exists();
    }

    @Test
    void whatIsLargerThanCopiesMayBeIsNotKept() throws Exception {
        keep(copies(CopyHeader.fileBytes(SMALL) - 1), SMALL, random(SMALL));
        assertThat(files()).isEmpty();
        keep(copies(0), SMALL, random(SMALL));
        assertThat(files()).isEmpty();
    }

    @Test
    void whatTheDiskHasNoRoomForIsNotBegun() throws Exception {
        Recipe huge = new Recipe("huge", List.of(1L << 50));
        keep(copies(ANY), huge, random(SMALL).subList(0, 1));
        assertThat(files()).isEmpty();
    }

    @Test
    void aFolderThatCannotBeMadeIsNoFault() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        PackedCopies copies = new PackedCopies(file.resolve("packed"), ANY, team);
        assertThat(copies.open(SMALL)).isEmpty();
        keep(copies, SMALL, random(SMALL));
        assertThat(file).hasContent("in the way");
    }

    @Test
    void whatAProcessLeftBehindGoesAndWhatIsBeingWrittenStays() throws Exception {
        Path left = Files.writeString(folder.resolve(SMALL.digest() + "-1.part"), "a");
        Path written = Files.writeString(folder.resolve(SMALL.digest() + "-2.part"), "a");
        Path begun = Files.createFile(folder.resolve(SMALL.digest() + "-3.part"));
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            keep(copies(ANY), SMALL, random(SMALL));
        }
        assertThat(left).doesNotExist();
        assertThat(written).exists();
        assertThat(begun).as("not locked yet").exists();
    }

    /** To look whether it is locked would give its lock up. */
    @Test
    void whatThisProcessWritesIsNotTried() throws Exception {
        CopyFolder copies = new CopyFolder(folder);
        Path written = copies.begin(SMALL);
        Files.writeString(written, "a");
        copies.tidy(null, Long.MAX_VALUE);
        assertThat(written).exists();
        copies.end(written);
        assertThat(written).doesNotExist();
    }

    @Test
    void aCopyThatIsGivenUpLeavesNothing() throws Exception {
        List<MemorySegment> packed = random(SMALL);
        try (FileChannel file =
                FileChannel.open(
                        folder.resolve("copy"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)) {
            assertThat(new CopyWriter(SMALL).write(file, packed, () -> false)).isFalse();
            assertThat(file.size()).isZero();
        }
        Files.delete(folder.resolve("copy"));
        Keeping keeping = copies(ANY).keep(SMALL, packed);
        assertThat(keeping.stop()).isTrue();
        assertThat(keeping.await(60)).isTrue();
        Optional<PackedCopy> whole = copies(ANY).open(SMALL);
        whole.ifPresent(PackedCopy::close);
        assertThat(files()).as("all of it or nothing").hasSize(whole.isPresent() ? 1 : 0);
    }

    private List<Integer> there(List<Recipe> recipes) {
        List<Integer> there = new ArrayList<>();
        for (int i = 0; i < recipes.size(); i++) {
            if (Files.exists(folder.resolve(recipes.get(i).digest() + ".packed"))) {
                there.add(i);
            }
        }
        return there;
    }

    private PackedCopies copies(long bytes) {
        return new PackedCopies(folder, bytes, team);
    }

    private static void keep(PackedCopies copies, Recipe recipe, List<MemorySegment> packed)
            throws InterruptedException {
        assertThat(copies.keep(recipe, packed).await(60)).isTrue();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static List<MemorySegment> random(Recipe recipe) {
        SplittableRandom random = new SplittableRandom(4);
        List<MemorySegment> rooms = new ArrayList<>();
        for (long size : recipe.sizes()) {
            byte[] bytes = new byte[(int) size];
            random.nextBytes(bytes);
            MemorySegment room = java.lang.foreign.Arena.ofAuto().allocate(size, 64);
            MemorySegment.copy(bytes, 0, room, ValueLayout.JAVA_BYTE, 0, bytes.length);
            rooms.add(room);
        }
        return rooms;
    }
}
