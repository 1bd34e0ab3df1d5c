/**
 * The parts of a load: a request's model, the lengths of its prompt and its answer, and its body.
 * Everything is drawn from one seed and the number of the request, so the same options send the
 * same requests whatever the timing. Types are immutable and safe for any thread.
 */
@NullMarked
package dev.weft.standalone.bench.load;

import org.jspecify.annotations.NullMarked;
