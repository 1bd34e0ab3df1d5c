/**
 * One streamed request over HTTP, measured by the clock of this process. The client shares its
 * machine with the server it measures, so bytes are scanned in the buffer in which they arrive, and
 * no JSON tree is built for a token. Callers block; the threads of the HTTP client handle the
 * bytes.
 */
@NullMarked
package dev.weft.standalone.bench.stream;

import org.jspecify.annotations.NullMarked;
