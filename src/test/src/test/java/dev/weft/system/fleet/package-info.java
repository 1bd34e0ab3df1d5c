/**
 * What system tests start and ask: catalog, worker and gateway in this JVM or in processes of their
 * own, the bundled sample, the official client and plain HTTP.
 */
@NullMarked
package dev.weft.system.fleet;

import org.jspecify.annotations.NullMarked;
