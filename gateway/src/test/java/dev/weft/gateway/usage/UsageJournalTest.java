package dev.weft.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCodec;
import dev.weft.service.DataFolder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageJournalTest {
    @TempDir private Path data;

    @Test
    void whatIsDamagedSpoilsItsOwnLineAlone() throws Exception {
        UsageBatch first = new UsageBatch("a", 1, List.of());
        UsageBatch last = new UsageBatch("a", 2, List.of());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(UsageCodec.encode(first));
        bytes.writeBytes(new byte[] {'\n', '{', (byte) 0xff, (byte) 0xc3, '\n'});
        bytes.writeBytes("{\"instance\":\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(UsageCodec.encode(last));
        Files.write(data.resolve("usage.jsonl"), bytes.toByteArray());

        try (UsageJournal journal = UsageJournal.open(new DataFolder(data))) {
            assertThat(journal.read()).containsExactly(first, last);
        }
    }
}
