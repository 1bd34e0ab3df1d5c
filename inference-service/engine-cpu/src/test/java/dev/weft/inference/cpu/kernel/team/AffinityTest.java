package dev.weft.inference.cpu.kernel.team;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(400)
@EnabledOnOs(value = OS.LINUX, disabledReason = "Linux has the calls")
class AffinityTest {
    @TempDir private Path folder;

    @Test
    void eachMemberButTheFirstHasAProcessorOfItsOwn() {
        int members = Runtime.getRuntime().availableProcessors();
        Assumptions.assumeTrue(members > 1, "there is one processor");
        String before = allowed();
        AtomicReferenceArray<String> seen = new AtomicReferenceArray<>(members);
        try (Team team = new Team(members, false, true)) {
            team.run(member -> seen.set(member.index(), allowed()));
        }
        assertThat(seen.get(0)).as("the caller's").isEqualTo(before).isEqualTo(allowed());
        List<String> processors =
                java.util.stream.IntStream.range(1, members).mapToObj(seen::get).toList();
        assertThat(processors).allMatch(list -> list.matches("\\d+")).doesNotHaveDuplicates();
    }

    @Test
    void moreMembersThanProcessorsAreNotBound() {
        int members = Affinity.find().orElseThrow().processors().size() + 1;
        AtomicReferenceArray<String> seen = new AtomicReferenceArray<>(members);
        try (Team team = new Team(members, false, true)) {
            team.run(member -> seen.set(member.index(), allowed()));
        }
        for (int i = 0; i < members; i++) {
            assertThat(seen.get(i)).isEqualTo(allowed());
        }
    }

    @Test
    void aProcessorThatIsNotThereIsRefused() throws InterruptedException {
        boolean[] bound = new boolean[1];
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> bound[0] = Affinity.find().orElseThrow().bind(8_191));
        thread.join();
        assertThat(bound[0]).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'0,4', 0, 0",
        "'0,4', 4, 1",
        "'6-7', 6, 0",
        "'6-7', 7, 1",
        "'0-1,8-9', 8, 2",
        "'0-1,8-9', 9, 3",
        "'3', 3, 0",
        "'what', 5, 0",
    })
    void secondProcessorsOfACoreAreKnown(String siblings, int processor, int place)
            throws IOException {
        Path topology =
                Files.createDirectories(folder.resolve("cpu" + processor).resolve("topology"));
        Files.writeString(topology.resolve("thread_siblings_list"), siblings + "\n");
        assertThat(new ProcessorCores(folder).place(processor)).isEqualTo(place);
        assertThat(new ProcessorCores(folder).place(99)).as("nothing is said").isZero();
    }

    /** The processors of the calling thread, as the system says them. */
    private static String allowed() {
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                    .filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
