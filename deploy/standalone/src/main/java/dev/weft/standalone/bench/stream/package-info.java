/**
 * One streamed request over HTTP, measured by the clock of this process. The client shares its
 * machine with the server it measures, so bytes are looked at where they arrive and no JSON tree is
 * built for a token. Callers block; what arrives is handled by the threads of the HTTP client.
 */
@NullMarked
package dev.weft.standalone.bench.stream;

import org.jspecify.annotations.NullMarked;
