package dev.weft.gateway.discovery.dns;

import java.time.Duration;
import java.util.List;

/**
 * The answer of DNS to a question for records of one type.
 *
 * @param found the records; empty if there is no such name, or it has none of that type
 * @param ttl how long the answer holds
 */
record DnsAnswer<T>(List<T> found, Duration ttl) {
    DnsAnswer {
        found = List.copyOf(found);
    }
}
