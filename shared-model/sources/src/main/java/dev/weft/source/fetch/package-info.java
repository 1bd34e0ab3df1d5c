/**
 * One fetch: which files are wanted, what it found, why it failed, whom it tells of its progress,
 * and how often and how long it is tried. Who asks for repositories and every place that they come
 * from share it. A fetch belongs to one thread.
 */
@NullMarked
package dev.weft.source.fetch;

import org.jspecify.annotations.NullMarked;
