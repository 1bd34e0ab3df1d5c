/** Figures of runs, as a table and as JSON. All percentiles are exact, over stored samples. */
@NullMarked
package dev.weft.standalone.bench.report;

import org.jspecify.annotations.NullMarked;
