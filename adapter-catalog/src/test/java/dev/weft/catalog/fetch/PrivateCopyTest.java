package dev.weft.catalog.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateCopyTest {
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String POOLING = "1_Pooling/config.json";

    @TempDir private Path folder;
    private Path from;
    private Path target;

    @BeforeEach
    void writeAdapter() throws IOException {
        from = Files.createDirectories(folder.resolve("adapters/sql"));
        target = folder.resolve("job");
        Files.createDirectory(from.resolve("1_Pooling"));
        for (String name : List.of(CONFIG, WEIGHTS, POOLING, "chat_template.jinja", "README.md")) {
            Files.write(from.resolve(name), new byte[100]);
        }
    }

    private List<String> take(long mostOfOne, long mostOfAll) throws Exception {
        FileSelection limits =
                new FileSelection("test", _ -> true, _ -> false, mostOfOne, mostOfAll);
        return new PrivateCopy(new FileRoots(folder, List.of(folder), List.of(), List.of()), limits)
                .take(from, target);
    }

    /** The folder of a job outlives a restart, and the source may have changed meanwhile. */
    @Test
    void theCopyHoldsWhatTheFolderHoldsNow() throws Exception {
        assertThat(take(100, 400)).contains("README.md", "chat_template.jinja");
        assertThat(target.resolve("chat_template.jinja")).exists();
        assertThat(target.resolve("README.md")).doesNotExist();
        Files.createDirectory(target.resolve("canonical"));
        Files.delete(from.resolve("chat_template.jinja"));
        Files.delete(from.resolve(POOLING));
        Files.write(from.resolve(CONFIG), new byte[50]);

        take(100, 400);

        assertThat(target).isDirectoryNotContaining("glob:**/chat_template.jinja");
        assertThat(target.resolve(POOLING)).doesNotExist();
        assertThat(target.resolve(CONFIG)).hasSize(50);
        assertThat(target.resolve(WEIGHTS)).hasSize(100);
        assertThat(target.resolve("canonical")).as("another step's").exists();
    }

    /** What stands in the way of a copy is not the owner's. */
    @Test
    void aCopyThatCannotBeWrittenIsTheDisksFault() throws Exception {
        Path inTheWay = Files.createDirectories(target.resolve(CONFIG).resolve("in-the-way"));
        assertThatThrownBy(() -> take(100, 400)).isInstanceOf(DiskException.class);
        Files.delete(inTheWay);
        Files.delete(target.resolve(CONFIG));

        take(100, 400);
        assertThat(target.resolve(WEIGHTS)).hasSize(100);

        target = Files.createFile(folder.resolve("no-folder"));
        assertThatThrownBy(() -> take(100, 400)).isInstanceOf(DiskException.class);
    }

    @Test
    void whatCannotBeReadAnyMoreIsItsOwnersFault() throws Exception {
        Path away = Files.move(from, folder.resolve("away"));

        SourceException e = catchThrowableOfType(SourceException.class, () -> take(100, 400));

        assertThat(e.fault()).isEqualTo(SourceFault.UNREADABLE);
        assertThat(e).hasMessageContaining("NoSuchFileException");
        Files.move(away, from);
    }

    @Test
    void filesThatAreTooLargeAreRefusedBeforeAnyIsCopied() throws Exception {
        Files.write(from.resolve(POOLING), new byte[101]);
        assertThatThrownBy(() -> take(100, 401))
                .hasMessageContaining("file " + POOLING + " has 101 bytes, allowed are 100");
        SourceException e = catchThrowableOfType(SourceException.class, () -> take(101, 400));
        assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        assertThat(e).hasMessageContaining("has 101 bytes, allowed are 100");
        assertThat(target).isEmptyDirectory();

        take(101, 401);

        assertThat(target.resolve(POOLING)).hasSize(101);
    }
}
