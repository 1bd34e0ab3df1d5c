/**
 * Workers that DNS knows. Names are looked up in a loop of each source, with a resolver of its own,
 * since the runtime's tells no time to live and knows no SRV records.
 */
@NullMarked
package dev.weft.gateway.discovery.dns;

import org.jspecify.annotations.NullMarked;
