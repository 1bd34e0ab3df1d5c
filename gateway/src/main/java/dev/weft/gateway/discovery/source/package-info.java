/**
 * Defines a source of workers, what it tells its listener, and which found addresses may be
 * workers'.
 */
@NullMarked
package dev.weft.gateway.discovery.source;

import org.jspecify.annotations.NullMarked;
