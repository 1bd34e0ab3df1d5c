/**
 * What a load is made of: which model a request goes to, how long its prompt and its answer are,
 * and the body that says so. Everything is drawn from one seed and the number of the request, so
 * that the same options send the same requests whatever the timing. Immutable; safe for any thread.
 */
@NullMarked
package dev.weft.standalone.bench.load;

import org.jspecify.annotations.NullMarked;
