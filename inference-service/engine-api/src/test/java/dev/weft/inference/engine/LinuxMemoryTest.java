package dev.weft.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxMemoryTest {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    private static final String V2 =
            "42 31 0:28 / /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup rw,nsdelegate\n";
    private static final String V1 =
            """
            34 31 0:31 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct
            35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
            """;

    @TempDir private Path root;

    @Test
    void filesThatNobodyHasMappedAreFree() throws IOException {
        machine();
        assertThat(free()).isEqualTo((8_000 - (500 - 200)) * KIB);
    }

    /** Files in shared memory hide what others have mapped, but not what this process has. */
    @Test
    void whatThisProcessHasMappedIsNotFree() throws IOException {
        machine();
        write("proc/self/status", "VmRSS:\t    900 kB\nRssFile:\t     450 kB\n");
        assertThat(free()).isEqualTo((8_000 - 450) * KIB);
        write("proc/self/cgroup", "0::/worker\n");
        write("proc/self/mountinfo", V2);
        group2("worker", String.valueOf(4 * MIB), 3 * MIB);
        assertThat(free()).isEqualTo(4 * MIB - (3 * MIB - (2_000 - 450) * KIB));
    }

    @Test
    void aGroupOutsideOfWhatIsSeenIsBoundByTheTop() throws IOException {
        machine();
        write("proc/self/cgroup", "0::/../other\n");
        write("proc/self/mountinfo", V2);
        group2("", String.valueOf(2 * MIB), 2 * MIB);
        assertThat(free()).isEqualTo((2_000 - 300) * KIB);
    }

    @Test
    void aSystemThatTellsNothingBoundsNothing() throws IOException {
        assertThat(new LinuxMemory(root).free()).isEmpty();
        write("proc/meminfo", "MemFree: many kB\nMemAvailable\n\n");
        write("proc/self/cgroup", "no line of groups\n0::/\n");
        write("proc/self/mountinfo", "neither\n - \n" + V2);
        assertThat(new LinuxMemory(root).free()).isEmpty();
    }

    @Test
    void aGroupHasItsLimitLessWhatItUsesBesideFiles() throws IOException {
        machine();
        write("proc/self/cgroup", "0::/worker\n");
        write("proc/self/mountinfo", V2);
        group2("worker", String.valueOf(4 * MIB), 3 * MIB + 500 * KIB);
        assertThat(free()).isEqualTo(4 * MIB - (3 * MIB + 500 * KIB - (2_000 - 300) * KIB));
        group2("worker", "max", 3 * MIB);
        assertThat(free()).as("the machine's").isEqualTo(7_700 * KIB);
        group2("worker", String.valueOf(1 * MIB), 3 * MIB);
        assertThat(free()).as("more is used than the limit is").isZero();
    }

    @Test
    void theGroupsThatAGroupIsInBoundItToo() throws IOException {
        machine();
        write("proc/self/cgroup", "0::/pods/pod/worker\n");
        write("proc/self/mountinfo", V2);
        group2("pods/pod/worker", "max", 2_000 * KIB);
        group2("pods", String.valueOf(3 * MIB), 2_700 * KIB);
        assertThat(free()).isEqualTo(3 * MIB - 1_000 * KIB);
    }

    @Test
    void aContainerMayBeMountedAsItsOwnTop() throws IOException {
        machine();
        write("proc/self/cgroup", "5:cpu:/docker/a\n4:memory:/docker/a\n");
        write("proc/self/mountinfo", V1.replace(" / /sys", " /docker/a /sys"));
        group1("", String.valueOf(2 * MIB), MIB);
        assertThat(free()).isEqualTo(2 * MIB - (MIB - 400 * KIB));
        write("proc/self/cgroup", "4:memory:/elsewhere/../..\n");
        assertThat(free()).isEqualTo(2 * MIB - (MIB - 400 * KIB));
    }

    @Test
    void theFirstVersionWithoutALimitHasTheLargestNumber() throws IOException {
        machine();
        write("proc/self/cgroup", "4:memory:/a\n0::/\n");
        write("proc/self/mountinfo", V1 + V2.replace("/sys/fs/cgroup", "/sys/fs/cgroup/unified"));
        group1("a", "9223372036854771712", 0);
        assertThat(free()).isEqualTo(7_700 * KIB);
    }

    private void machine() throws IOException {
        write(
                "proc/meminfo",
                """
                MemTotal:       16000 kB
                MemFree:          100 kB
                MemAvailable:    8000 kB
                Mapped:           500 kB
                Shmem:            200 kB
                HugePages_Total:    0
                """);
    }

    private void group2(String group, String limit, long usage) throws IOException {
        String folder = "sys/fs/cgroup/" + group;
        write(folder + "/memory.max", limit + "\n");
        write(folder + "/memory.current", usage + "\n");
        write(
                folder + "/memory.stat",
                """
                anon 1000
                file_mapped %d
                shmem %d
                inactive_file %d
                active_file %d
                """
                        .formatted(400 * KIB, 100 * KIB, 1_200 * KIB, 800 * KIB));
    }

    private void group1(String group, String limit, long usage) throws IOException {
        String folder = "sys/fs/cgroup/memory/" + group;
        write(folder + "/memory.limit_in_bytes", limit + "\n");
        write(folder + "/memory.usage_in_bytes", usage + "\n");
        write(
                folder + "/memory.stat",
                """
                inactive_file 1
                total_mapped_file %d
                total_shmem 0
                total_inactive_file %d
                total_active_file %d
                """
                        .formatted(100 * KIB, 300 * KIB, 200 * KIB));
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private long free() {
        return new LinuxMemory(root).free().orElseThrow();
    }
}
