package dev.weft.catalog.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.ComingName;
import dev.weft.protocol.feed.FeedCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private static final LoraFacts FACTS = new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 1);

    @Test
    void goesOutInPiecesThatAreOneEventTogether() {
        for (int count : List.of(0, 1, 2, 1000)) {
            List<CatalogEntry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                entries.add(
                        new CatalogEntry(
                                AdapterId.of("adapter-" + i),
                                new AdapterDigest("%064x".formatted(i)),
                                FACTS,
                                "HF:o/zwölf@c0ffee",
                                Instant.EPOCH));
            }
            Snapshot snapshot =
                    new Snapshot(
                            new FeedPlace(7, 3),
                            List.of(),
                            entries.stream().map(FeedCodec::encodeEntry).toList(),
                            Set.of(new ComingName(AdapterId.of("coming"), 3)));
            List<byte[]> pieces = new ArrayList<>();
            snapshot.pieces().forEachRemaining(pieces::add);

            assertThat(pieces).hasSize(count < 1000 ? 1 : 6);
            StringBuilder text = new StringBuilder();
            pieces.forEach(piece -> text.append(new String(piece, UTF_8)));
            String head = "id:7-3\nevent:snapshot\ndata:";
            assertThat(text.toString()).startsWith(head).endsWith("]}\n\n");
            String data = text.substring(head.length());
            assertThat(data.strip()).doesNotContain("\n");
            assertThat(FeedCodec.decode("snapshot", data))
                    .isEqualTo(
                            new CatalogEvent.Snapshot(
                                    7,
                                    List.of(),
                                    entries,
                                    Set.of(new ComingName(AdapterId.of("coming"), 3))));
        }
    }
}
