package dev.weft.inference.relay.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.weight.LoraAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full in the middle of an adapter's file. A process of its own may write files of
 * some kilobytes, so that a write fails as on a full disk, whoever runs the test.
 */
class FullDiskTest {
    private static final int KILOBYTES = 4;

    @TempDir private Path folder;

    @Test
    @Timeout(400)
    void nothingIsLeftHalfDone() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                List.of(
                        "bash",
                        "-c",
                        "ulimit -f " + KILOBYTES + " && exec \"$@\"",
                        "bash",
                        java,
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullDiskTest.class.getName(),
                        folder.resolve("shared").toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).contains("failed: ", "left: [.weft-worker]");
        assertThat(process.waitFor()).isZero();
    }

    /** The process: writes an adapter, and says what became of it and what is there. */
    public static void main(String... arguments) throws IOException {
        Path shared = Path.of(arguments[0]);
        if (!(LoraFolder.checkAlone(SharedFolderTest.SAMPLE)
                instanceof LoraCheck.Accepted(LoraAdapter adapter, var _))) {
            throw new AssertionError("the sample is refused");
        }
        try (adapter;
                SharedFolder to =
                        SharedFolder.open(new SharedFolder.Mount(shared, shared, "model."))) {
            System.out.println("written: " + to.write(new RelayName(adapter.digest()), adapter));
        } catch (IOException e) {
            System.out.println("failed: " + e);
        }
        try (Stream<Path> files = Files.list(shared)) {
            System.out.println("left: " + files.map(Path::getFileName).toList());
        }
    }
}
