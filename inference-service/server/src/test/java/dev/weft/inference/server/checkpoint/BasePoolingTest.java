package dev.weft.inference.server.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BasePoolingTest {
    @TempDir private Path folder;

    @Test
    void aFolderWithoutFilesSaysNothing() throws IOException {
        BasePooling base = BasePooling.read(folder);
        assertThat(base.pooling()).isNull();
        assertThat(base.whyNot()).contains("no modules.json");
        assertThat(base.prefixes()).isFalse();
        assertThat(base.padding()).isEmpty();
    }

    /** The base still makes text. */
    @Test
    void aPoolingThatIsNotServedIsToldToThoseWhoAsk() throws IOException {
        Files.writeString(folder.resolve("modules.json"), "[{\"type\":\"x.Transformer\"}]");
        BasePooling base = BasePooling.read(folder);
        assertThat(base.pooling()).isNull();
        assertThat(base.whyNot()).startsWith("modules.json: type is [Transformer]");
    }

    @Test
    void readsWhatConfigSaysOfVectors() throws IOException {
        config("{\"is_matryoshka\":true,\"pad_token_id\":null}");
        assertThat(BasePooling.read(folder).prefixes()).isTrue();
        assertThat(BasePooling.read(folder).lengths()).isEmpty();
        config("{\"matryoshka_dimensions\":[64,128],\"pad_token_id\":3}");
        assertThat(BasePooling.read(folder).lengths()).containsExactlyInAnyOrder(64, 128);
        assertThat(BasePooling.read(folder).padding()).hasValue(3);
        config("{\"matryoshka_dimensions\":[0]}");
        assertThatThrownBy(() -> BasePooling.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("matryoshka_dimensions is [0]");
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
    }
}
