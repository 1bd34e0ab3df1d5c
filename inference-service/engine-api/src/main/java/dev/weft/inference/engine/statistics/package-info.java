/**
 * What an engine counts and measures, as snapshots that do not change. Of what goes into them only
 * histograms are written, by the thread that measures; any thread reads.
 */
@NullMarked
package dev.weft.inference.engine.statistics;

import org.jspecify.annotations.NullMarked;
