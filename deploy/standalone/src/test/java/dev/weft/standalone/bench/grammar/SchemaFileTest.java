package dev.weft.standalone.bench.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

final class SchemaFileTest {
    /** A reader that itself fails on JSON, as grammars did, is not the file's fault. */
    @Test
    void whatFailsOnALineThatIsJsonIsNotSaidOfTheFile(@TempDir Path folder) throws IOException {
        Path data = Files.writeString(folder.resolve("data.jsonl"), "{\"schema\":{}}\n");
        SchemaFile file = new SchemaFile(data, false);
        assertThatExceptionOfType(JacksonException.class)
                .isThrownBy(() ->
                        file.walk(
                                SchemaFile.Half.EVEN,
                                _ -> JsonMapper.shared().readTree("{\"").isObject()));
    }

    @Test
    void schemasHaveDecimalsAsTheyAreWritten(@TempDir Path folder) throws Exception {
        Path data =
                Files.writeString(
                        folder.resolve("data.jsonl"),
                        "{\"schema\":{\"maximum\":12345678901234567.5}}\n");
        List<String> schemas = new ArrayList<>();
        new SchemaFile(data, false)
                .walk(SchemaFile.Half.EVEN, each -> schemas.add(each.schema().toString()));
        assertThat(schemas).containsExactly("{\"maximum\":12345678901234567.5}");
    }
}
