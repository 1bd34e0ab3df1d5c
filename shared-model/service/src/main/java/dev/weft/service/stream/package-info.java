/**
 * What gateways and workers do with streams of Reactor. The package keeps no state and has no
 * threads.
 */
@NullMarked
package dev.weft.service.stream;

import org.jspecify.annotations.NullMarked;
