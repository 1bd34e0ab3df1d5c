package dev.weft.gateway.discovery.dns;

import java.time.Duration;
import java.util.List;

/**
 * What DNS said of a name.
 *
 * @param found what it has; empty if there is no such name, or nothing of that type
 * @param ttl how long that holds
 */
record DnsAnswer<T>(List<T> found, Duration ttl) {
    DnsAnswer {
        found = List.copyOf(found);
    }
}
