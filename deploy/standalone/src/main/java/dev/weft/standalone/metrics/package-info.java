/** Metrics of services as commands read them: Prometheus' text format. */
@NullMarked
package dev.weft.standalone.metrics;

import org.jspecify.annotations.NullMarked;
