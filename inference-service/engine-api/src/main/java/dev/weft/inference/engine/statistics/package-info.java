/**
 * What an engine counts and measures, as immutable snapshots. Only histograms are written, by the
 * thread that measures; any thread reads.
 */
@NullMarked
package dev.weft.inference.engine.statistics;

import org.jspecify.annotations.NullMarked;
