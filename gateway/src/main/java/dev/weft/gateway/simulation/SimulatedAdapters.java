package dev.weft.gateway.simulation;

import dev.weft.gateway.routing.name.Target;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.ServedVersion;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** The adapters of a fleet, by their numbers from 0. Any thread. */
final class SimulatedAdapters {
    private static final LoraFacts FACTS = new LoraFacts(16, 16, false, new TreeSet<>(), "BF16", 1);

    private final Target.Adapter[] targets;
    private final Map<AdapterDigest, Integer> numbers;

    SimulatedAdapters(int count) {
        targets = new Target.Adapter[count];
        numbers = HashMap.newHashMap(count);
        for (int adapter = 0; adapter < count; adapter++) {
            targets[adapter] = target(new AdapterDigest("%064x".formatted(mix(adapter))));
            numbers.put(digest(adapter), adapter);
        }
    }

    private static Target.Adapter target(AdapterDigest digest) {
        String name = "a" + digest.abbreviated();
        return new Target.Adapter(
                name,
                new ServedVersion(AdapterId.of(name), 1, digest, FACTS, "simulated", Instant.EPOCH),
                GatewayView.BASE);
    }

    int count() {
        return targets.length;
    }

    /** The target of a request for an adapter. */
    Target.Adapter target(int adapter) {
        return targets[adapter];
    }

    AdapterDigest digest(int adapter) {
        return targets[adapter].version().digest();
    }

    int number(AdapterDigest digest) {
        return Objects.requireNonNull(numbers.get(digest));
    }

    /** The finaliser of MurmurHash3. */
    static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
