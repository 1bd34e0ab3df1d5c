/**
 * One fetch: the wanted files, its result, its failure, the listener of its progress, and the
 * limits of its attempts. The callers and every kind of source share this package. A fetch belongs
 * to one thread.
 */
@NullMarked
package dev.weft.source.fetch;

import org.jspecify.annotations.NullMarked;
