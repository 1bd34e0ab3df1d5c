/**
 * The chart for Helm: what it renders, held against the settings, the image and a real API server.
 */
@NullMarked
package dev.weft.system.chart;

import org.jspecify.annotations.NullMarked;
