/**
 * Finds workers that DNS knows. Each source looks its names up in a loop and with a resolver of its
 * own: Java's resolver tells no time to live and knows no SRV records.
 */
@NullMarked
package dev.weft.gateway.discovery.dns;

import org.jspecify.annotations.NullMarked;
