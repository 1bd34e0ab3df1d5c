package dev.weft.catalog.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.Requester;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.residency.HeldAdapter;
import dev.weft.protocol.residency.Tier;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerBodyTest {
    private static List<HeldBody> held(boolean seesAll, boolean named) {
        KnownWorker worker =
                new KnownWorker(
                        "w-1",
                        "http://127.0.0.1:8082",
                        "base",
                        4,
                        List.of(
                                new HeldAdapter(
                                        AdapterDigest.parse("sha256:" + "a".repeat(64)),
                                        Tier.SLOT,
                                        null,
                                        null,
                                        false)),
                        Instant.EPOCH,
                        true);
        return WorkerBody.of(worker, new Requester(new Actor("vera"), "acme", seesAll, named))
                .held();
    }

    @Test
    void othersContentsAreNotForATenant() {
        assertThat(held(false, false)).isEmpty();
        assertThat(held(false, true)).isEmpty();
        assertThat(held(true, false)).hasSize(1);
        assertThat(held(true, true)).hasSize(1);
    }
}
