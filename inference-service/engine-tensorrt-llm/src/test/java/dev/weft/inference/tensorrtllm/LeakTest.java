package dev.weft.inference.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.tensorrtllm.backend.OnTriton;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dweft.leak.requests=100000} asks for more than a build has time for. */
@OnTriton
class LeakTest {
    private static final int REQUESTS = Integer.getInteger("weft.leak.requests", 20_000);
    private static final Pattern LINE =
            Pattern.compile(
                    "\\d+ requests, (\\d+) finished, (\\d+) failed, (\\d+) cancelled, (\\d+) sent"
                            + " again: (\\d+) KiB");

    /** 100 bytes for each request of the second half; measured: 3 bytes, over 100,000. */
    private static final long GROWTH_KIB = REQUESTS / 2 * 100L / 1024;

    @Test
    @Timeout(1800)
    void memoryStaysFlatOverMissesErrorsAndCancels(@TempDir Path folder) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xms192m",
                                "-Xmx192m",
                                "-XX:+AlwaysPreTouch",
                                "-XX:+UseSerialGC",
                                // else a late compilation takes ten megabytes at once
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LeakRun.class.getName(),
                                folder.toString(),
                                String.valueOf(REQUESTS))
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        System.out.println(said);
        List<MatchResult> parts = LINE.matcher(said).results().toList();
        assertThat(parts).as(said).hasSize(10);
        for (int kind = 1; kind <= 4; kind++) {
            assertThat(count(parts.getLast(), kind)).as(said).isGreaterThan(REQUESTS / 50);
        }
        // the first half warms up: compiled code, pools of threads and of the C library
        assertThat(count(parts.getLast(), 5) - count(parts.get(4), 5))
                .as(said)
                .isLessThan(GROWTH_KIB);
    }

    private static long count(MatchResult part, int group) {
        return Long.parseLong(part.group(group));
    }
}
