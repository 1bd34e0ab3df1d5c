/** What a source of workers is, what it tells, and which of what it finds may be a worker. */
@NullMarked
package dev.weft.gateway.discovery.source;

import org.jspecify.annotations.NullMarked;
